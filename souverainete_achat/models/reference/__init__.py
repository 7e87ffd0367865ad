from . import referenced
from . import requisition
from . import order
