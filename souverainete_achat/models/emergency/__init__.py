from . import emergency
from . import emergency_steps
from . import emergency_regularise
from . import emergency_record
from . import emergency_evidence
from . import emergency_clock
from . import order
from . import requisition
