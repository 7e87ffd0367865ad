from . import comparison
from . import grid_exchange
from . import simulation
from . import simulation_line
