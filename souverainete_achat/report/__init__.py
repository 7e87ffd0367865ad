from . import project
from . import gate
