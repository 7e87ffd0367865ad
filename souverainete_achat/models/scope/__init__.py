from . import scoped
from . import requisition
from . import order
