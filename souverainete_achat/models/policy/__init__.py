from . import policy
from . import lineage
from . import cpv_prefix
from . import threshold
from . import delay
from . import rule
from . import applicability
