from . import steps
from . import guided
from . import purchase_requisition
from . import purchase_order
from . import reconciliation
from . import card
