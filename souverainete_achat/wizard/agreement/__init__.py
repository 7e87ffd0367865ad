from . import create_alternative
