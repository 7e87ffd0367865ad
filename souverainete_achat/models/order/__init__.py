from . import order_alternative
from . import order_merge
from . import order_compare
from . import order_line_compare
from . import option_standing
from . import option_orders
