from . import policy
from . import gate
from . import journal
from . import doctrine
from . import sovereignty
from . import hosting
from . import opinion
