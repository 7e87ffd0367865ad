from . import take_over
from . import take_over_line
from . import take_over_documents
from . import take_over_zip
from . import take_over_plan
from . import take_over_run
