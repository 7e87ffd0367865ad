from . import searched
from . import solution
from . import solution_duplicate
from . import solution_word
from . import synonym
from . import catalogue_search
from . import purchase_requisition
from . import purchase_order
