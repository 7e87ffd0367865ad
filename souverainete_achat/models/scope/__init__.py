from . import scoped
from . import requisition
from . import requisition_value
from . import order
