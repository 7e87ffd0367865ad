from . import journal
from . import purchase_requisition
from . import journal_seal
from . import journal_seal_line
from . import journal_elimination
from . import retention
from . import ir_attachment
from . import res_company
