from . import doctrine
from . import gate
from . import importer
from . import opinion
from . import order
from . import prior
from . import policy
from . import sovereignty
