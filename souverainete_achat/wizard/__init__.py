from . import doctrine
from . import gate
from . import importer
from . import opinion
from . import sovereignty
