from . import need_closing
from . import option_verdict
