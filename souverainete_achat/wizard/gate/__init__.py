from . import launch
from . import rectification
from . import option_verdict
