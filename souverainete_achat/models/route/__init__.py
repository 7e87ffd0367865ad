from . import requisition
from . import requisition_findings
from . import option
from . import order
