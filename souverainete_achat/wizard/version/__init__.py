from . import grid_move
