from . import import_origin
from . import purchase_requisition
from . import chorus_commitment
from . import reconciliation
