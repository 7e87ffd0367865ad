from . import ir_attachment
from . import deadline
from . import purchase_requisition
from . import trajectory
from . import amendment
from . import amendment_line
from . import review
from . import threshold
