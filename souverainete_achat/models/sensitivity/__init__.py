from . import requisition
from . import requisition_findings
