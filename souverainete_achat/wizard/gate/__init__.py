from . import link_file
from . import take_over
