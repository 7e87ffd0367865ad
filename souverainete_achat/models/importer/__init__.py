from . import import_origin
from . import scope_word
from . import requisition
