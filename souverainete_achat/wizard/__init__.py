from . import gate
from . import importer
