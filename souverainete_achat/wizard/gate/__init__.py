from . import launch
from . import rectification
