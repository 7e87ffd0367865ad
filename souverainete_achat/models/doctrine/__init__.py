from . import solution
from . import catalogue_search
from . import option
from . import option_verdict
from . import requisition
from . import requisition_outcome
from . import requisition_findings
from . import order
