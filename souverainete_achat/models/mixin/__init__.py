from . import guarded
from . import declaration
