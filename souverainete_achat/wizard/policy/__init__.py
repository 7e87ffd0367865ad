from . import applicability_overview
