from . import scoped
from . import scoped_agreement
from . import requisition
from . import requisition_value
from . import order
