from . import doctrine
from . import importer
