"""One small file a source. An adapter reads a document and yields its records;
it knows nothing of the database."""

from . import approch
from . import decp
from . import eforms
from . import publiccode
from . import sill_csv
from . import comptoir
from . import catalogi
from . import beta_gouv
from . import qualification_sheet
from . import beta_pages
from . import chorus_sheet
from . import solution_sheet
from .base import ADAPTERS, guess
