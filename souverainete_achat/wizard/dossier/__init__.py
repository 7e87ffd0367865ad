from . import decide_alone
from . import link_file
from . import reconciliation_answer
