"""The table of an XLSX workbook: rows as lists of texts, nothing trusted."""

import io
import re
import zipfile

from openpyxl import load_workbook

from odoo.tools import LazyTranslate

from .source import SourceError

_lt = LazyTranslate(__name__)

MAX_COLUMNS = 200
# Headings are looked for in so many first rows.
_HEAD = 50
# A workbook is a zip: a small file may hold far more than the server can read.
MAX_UNZIPPED = 100 * 1024 * 1024
# A document type, whatever the encoding of the part that declares it.
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")


def read_workbook(data, expects=None):
    """Yield (line, cells) of the sheet that has the headings expected."""
    _check_archive(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = _get_sheet(book, expects).iter_rows(
            values_only=True, max_col=MAX_COLUMNS
        )
        for line, cells in enumerate(rows, 1):
            yield line, [_get_cell(cell) for cell in cells]
    except SourceError:
        raise
    except Exception:  # pylint: disable=broad-except
        # Whatever a damaged workbook makes the library raise.
        raise _get_workbook_error() from None


def _get_sheet(book, expects):
    """Of those shown, the first with these headings: a page to read may come before."""
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    shown = shown or book.worksheets
    for sheet in shown:
        # The size a workbook states may be wrong: some say one cell.
        sheet.reset_dimensions()
    fitting = (s for s in shown if expects and expects(_get_headings(s)))
    return next(fitting, shown[0])


def _get_headings(sheet):
    rows = sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS, max_row=_HEAD)
    texts = ([_get_cell(cell) for cell in row] for row in rows)
    return next((row for row in texts if any(row)), [])


def _get_cell(cell):
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _check_archive(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNZIPPED:
                raise _get_workbook_error()
            for info in archive.infolist():
                if not info.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(info) as part:
                    if _DOCTYPE.search(part.read(MAX_UNZIPPED)):
                        raise _get_workbook_error()
    except SourceError:
        raise
    except Exception:  # pylint: disable=broad-except
        raise _get_workbook_error() from None


def _get_workbook_error():
    return SourceError(
        _lt(
            "The workbook cannot be read: it is damaged, too large or protected (line "
            "1). Save it again as XLSX, or as CSV."
        )
    )
