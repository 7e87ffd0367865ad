from . import take_over_documents
from . import take_over
from . import take_over_line
