"""A grid as a workbook, and back, without Odoo: four sheets of plain cells."""

from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

# An archive may unpack to far more than it weighs.
MAX_BYTES = 5_000_000
MAX_UNPACKED = 50_000_000
MAX_ROWS = 5_000
# Rows that are only formatted are not content, up to the most a spreadsheet has.
MAX_NUMBER = 1_048_576

# First letters that make a spreadsheet run a text.
_FORMULA = tuple("=+-@")

SHEETS = {
    "objectives": (
        "code",
        "name",
        "weight",
        "nominal_points",
        "required_level",
        "is_price",
        "example_weight",
    ),
    "criteria": (
        "objective",
        "code",
        "name",
        "axis",
        "operator_attribute",
        "award_use",
        "object_link",
        "help",
        "per_link",
        "per_link_reason",
        "label_doubtful",
    ),
    "ladder": ("objective", "criterion", "level", "points", "name"),
    "grid": (
        "version",
        "source",
        "source_url",
        "licence",
        "attribution",
        "date_start",
        "validity_months",
        "blank_rule",
    ),
}

# Columns that hold sentences, in characters; the others are narrow.
_WIDTHS = {
    "name": 60,
    "help": 60,
    "object_link": 40,
    "per_link_reason": 50,
    "source": 60,
}
_NARROW = 16

# Added since the first workbooks left: those come back without them.
_OPTIONAL_SHEETS = {"grid"}
_OPTIONAL = {
    "per_link",
    "per_link_reason",
    "required_level",
    "is_price",
    "example_weight",
    "label_doubtful",
    *SHEETS["grid"],
}


class WorkbookError(Exception):
    """What cannot be read, and where: `sheet` and `row` are empty for the whole."""

    def __init__(self, reason, sheet="", row=0, value=""):
        super().__init__(reason)
        self.reason, self.sheet, self.row, self.value = reason, sheet, row, value


class Row(NamedTuple):
    number: int
    values: dict


def write(rows_by_sheet):
    """Bytes of an XLSX workbook. `rows_by_sheet`: {sheet: [tuple of its columns]}."""
    book = Workbook()
    book.remove(book.active)
    for name, columns in SHEETS.items():
        sheet = book.create_sheet(name)
        sheet.append(columns)
        for row in rows_by_sheet[name]:
            sheet.append([_as_text(value) for value in row])
        _lay_out(sheet, columns)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _lay_out(sheet, columns):
    """Readable as it opens: headings that stay, sentences that wrap."""
    sheet.freeze_panes = "A2"
    for number, name in enumerate(columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, _NARROW)
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for cell in sheet[1]:
        cell.font = Font(bold=True)


def read(content):
    """{sheet: [Row]} of a workbook; raises WorkbookError with the place."""
    _check_size(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        # Sheets are only parsed as they are read: a damaged one fails here.
        return {name: list(_read_sheet(book, name)) for name in SHEETS}
    except WorkbookError:
        raise
    except Exception as error:
        raise WorkbookError("unreadable") from error


def _check_size(content):
    if len(content) > MAX_BYTES:
        raise WorkbookError("too_large")
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except BadZipFile as error:
        raise WorkbookError("unreadable") from error
    if unpacked > MAX_UNPACKED:
        raise WorkbookError("too_large")


def _read_sheet(book, name):
    if name not in book.sheetnames:
        if name in _OPTIONAL_SHEETS:
            return
        raise WorkbookError("no_sheet", name)
    # The size a workbook announces may be wrong: rows beyond it would be lost.
    book[name].reset_dimensions()
    rows = book[name].iter_rows(values_only=True)
    header = [str(cell or "").strip() for cell in next(rows, ())]
    if missing := set(SHEETS[name]) - set(header) - _OPTIONAL:
        raise WorkbookError("no_column", name, 1, ", ".join(sorted(missing)))
    yield from _read_rows(name, header, rows)


def _read_rows(name, header, rows):
    """Rows that hold something, each with every column."""
    kept = 0
    for number, cells in enumerate(rows, start=2):
        filled = any(cell not in (None, "") for cell in cells)
        kept += filled
        if kept > MAX_ROWS or number > MAX_NUMBER:
            raise WorkbookError("too_large", name, number)
        if filled:
            typed = zip(header, map(_as_typed, cells), strict=False)
            yield Row(number, dict.fromkeys(header) | dict(typed))


def _as_text(value):
    """A text that a spreadsheet would run as a formula stays a text."""
    if isinstance(value, str) and value[:1] in _FORMULA:
        return f"'{value}"
    return None if value is False else value


def _as_typed(value):
    """A text without the mark that kept it from being a formula."""
    if isinstance(value, str) and value[:1] == "'" and value[1:2] in _FORMULA:
        return value[1:]
    return value
