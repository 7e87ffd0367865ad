"""The table of an XLSX workbook: rows as lists of texts, nothing trusted."""

from odoo.tools import LazyTranslate

from ...models.base.workbook import Limits, Reader, WorkbookError, get_words
from .source import SourceError

_lt = LazyTranslate(__name__)

MAX_COLUMNS = 200
# Headings are looked for in so many first rows.
_HEAD = 50
# A workbook is a zip: a small file may hold far more than the server can read.
MAX_UNZIPPED = 100 * 1024 * 1024
_LIMITS = Limits(packed=MAX_UNZIPPED, unpacked=MAX_UNZIPPED, columns=MAX_COLUMNS)


def read_workbook(data, expects=None):
    """Yield (line, cells) of the sheet that has the headings expected."""
    try:
        reader = Reader(data, _LIMITS)
        for line, cells in reader.get_values(_get_sheet(reader, expects)):
            yield line, [get_words(cell) for cell in cells]
    except WorkbookError:
        raise SourceError(
            _lt(
                "The workbook cannot be read: it is damaged, too large or protected "
                "(line 1). Save it again as XLSX, or as CSV."
            )
        ) from None


def _get_sheet(reader, expects):
    """Of those shown, the first with these headings: a page to read may come before."""
    shown = reader.shown or reader.names
    fitting = (name for name in shown if expects and expects(_get_head(reader, name)))
    return next(fitting, shown[0])


def _get_head(reader, name):
    rows = reader.get_values(name, last=_HEAD)
    texts = ([get_words(cell) for cell in row] for _line, row in rows)
    return next((row for row in texts if any(row)), [])
