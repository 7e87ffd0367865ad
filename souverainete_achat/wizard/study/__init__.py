from . import need_closing
from . import option_verdict
from . import comparison
from . import grid_exchange
from . import simulation
from . import simulation_line
from . import grid_move
