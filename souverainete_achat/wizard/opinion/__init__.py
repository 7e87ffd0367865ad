from . import opinion_step
