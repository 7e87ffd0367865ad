"""Workbooks, read and written. No Odoo. Whoever sent one is not trusted: what it may
hold is bounded before it is read, and an error names its place."""

import re
import warnings
from contextlib import contextmanager
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

# First letters that make a spreadsheet run a text.
FORMULA = tuple("=+-@")

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

# A document type, whatever the encoding of the part that declares it.
_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")

_CHUNK, _OVERLAP = 1 << 20, 40

_WRAP = Alignment(wrap_text=True, vertical="top")


class WorkbookError(Exception):
    """What cannot be read, and where: `sheet`, `row` and `column` (a letter) are empty
    for the whole."""

    def __init__(self, reason, sheet="", row=0, value="", column=""):
        super().__init__(reason)
        self.reason, self.sheet, self.value = reason, sheet, value
        self.row, self.column = row, column

    @property
    def cell(self):
        return f"{self.column}{self.row}" if self.column else ""


class Limits(NamedTuple):
    """The most that is read. An archive may unpack to far more than it weighs, and a
    sheet may claim to be as large as sheets can be."""

    packed: int
    unpacked: int
    columns: int
    last_row: int = 1_048_576
    sheets: int = 20
    characters: int = 200_000
    # Marks "<" in all of its parts: a cell has four to six. Counted as they are
    # unpacked, before anything is built: they cost a thousand times their bytes.
    marks: int = 2_000_000


class Reader:
    """A workbook whose size was checked; its sheets are parsed as they are read."""

    def __init__(self, content, limits, formulas=False):
        """`formulas`: cells say that they hold one, rather than what it gave last."""
        self.limits = limits
        _check_container(content, limits)
        with _parsing():
            self._book = load_workbook(
                BytesIO(content), read_only=True, data_only=not formulas
            )
            self.names = self._book.sheetnames
            sheets = self._book.worksheets
        if len(self.names) > limits.sheets:
            raise WorkbookError("too_large")
        self.shown = [s.title for s in sheets if s.sheet_state == "visible"]

    def get_rows(self, name, first=1, last=None):
        """Yield (number, [cells]) of a sheet, as wide as the limits; past the last row
        that they allow, raise. With `last`, stop there."""
        if name not in self.names:
            raise WorkbookError("no_sheet", name)
        most = last or self.limits.last_row
        with _parsing():
            sheet = self._book[name]
            # The size a workbook states may be wrong: rows beyond it would be lost.
            sheet.reset_dimensions()
            rows = sheet.iter_rows(
                min_row=first, max_row=most + 1, max_col=self.limits.columns
            )
        for number in range(first, most + 2):
            with _parsing():
                row = next(rows, None)
            if row is None or number > most and last:
                return
            if number > most:
                raise WorkbookError("too_large", name, number)
            self._check_cells(name, number, row)
            yield number, row

    def get_values(self, name, first=1, last=None):
        """The same, with what the cells hold."""
        for number, row in self.get_rows(name, first, last):
            yield number, [cell.value for cell in row]

    def _check_cells(self, name, number, row):
        for index, cell in enumerate(row, start=1):
            value = cell.value
            if isinstance(value, str) and len(value) > self.limits.characters:
                column = get_column_letter(index)
                raise WorkbookError("too_large", name, number, column=column)


def _check_container(content, limits):
    if len(content) > limits.packed:
        raise WorkbookError("too_large")
    if content.startswith(_OLD_EXCEL):
        raise WorkbookError("old_excel")
    with _parsing(), ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > limits.unpacked:
            raise WorkbookError("too_large")
        marks = 0
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    marks += _count_marks(stream, limits.marks - marks)


def _count_marks(stream, most):
    """How many tags this part may hold; raises past `most`, or on a document type."""
    marks, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        marks += chunk.count(b"<")
        if marks > most:
            raise WorkbookError("too_large")
        # A declaration may lie across two chunks.
        if _DOCTYPE.search(tail + chunk):
            raise WorkbookError("unreadable")
        tail = chunk[-_OVERLAP:]
    return marks


@contextmanager
def _parsing():
    """A broken or hostile workbook makes its parser raise nearly anything; what is odd
    in it is no business of the server's log."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except WorkbookError:
        raise
    except Exception as error:
        raise WorkbookError("unreadable") from error


def get_words(value):
    """What a cell holds as people type it: no decimals on a whole number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


class Writer:
    """A workbook being written: texts stay texts, wrap and start at the top."""

    def __init__(self):
        self.book = Workbook()
        self.book.remove(self.book.active)

    def add(self, name, widths):
        """A new sheet, its first columns of these widths, in characters."""
        sheet = self.book.create_sheet(name)
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        return sheet

    def fill(self, sheet, place, value, bold=False):
        """The cell, once written. A text stays one, even where a spreadsheet would run
        it, and once somebody edits it there."""
        cell = sheet[place]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = value[:1] in FORMULA
        cell.alignment, cell.font = _WRAP, Font(bold=bold)
        return cell

    def write_row(self, sheet, number, values, bold=False):
        for column, value in enumerate(values, start=1):
            self.fill(sheet, f"{get_column_letter(column)}{number}", value, bold)

    def get_content(self):
        """Bytes of the workbook."""
        content = BytesIO()
        self.book.save(content)
        return content.getvalue()
