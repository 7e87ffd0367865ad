from . import import_origin
from . import purchase_requisition
from . import chorus_commitment
from . import reconciliation
from . import essential_word
from . import essential_data
from . import amendment
