from . import company
from . import requisition
from . import order
from . import order_record
from . import order_extension
