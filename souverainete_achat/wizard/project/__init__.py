from . import opinion_decision
from . import opinion_step
from . import opinion_step_line
