from . import import_origin
from . import purchase_requisition
