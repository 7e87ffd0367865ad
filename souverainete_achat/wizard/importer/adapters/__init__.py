"""One small file a source. An adapter reads a document and yields its records;
it knows nothing of the database."""

from . import approch
from . import decp
from .base import ADAPTERS, guess
