from . import journal
from . import correspondence
from . import grid_rows
from . import grid_move
