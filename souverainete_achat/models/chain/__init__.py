from . import answer
from . import option
from . import option_calculation
from . import component
