from . import option
