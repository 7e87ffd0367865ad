"""A grid as a workbook, and back, without Odoo: four sheets of plain cells."""

from typing import NamedTuple

from ..base.workbook import FORMULA, Limits, Reader, WorkbookError, Writer

LIMITS = Limits(packed=5_000_000, unpacked=50_000_000, columns=100)

# Rows that are only formatted are not content.
MAX_ROWS = 5_000

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
        "bidder_help",
        "buyer_only",
        "asked_from",
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
    "bidder_help": 60,
    "object_link": 40,
    "per_link_reason": 50,
    "source": 60,
}

_NARROW = 16

# Added since the first workbooks left: those come back without them.
_OPTIONAL_SHEETS = {"grid"}

_OPTIONAL = {
    "asked_from",
    "per_link",
    "per_link_reason",
    "required_level",
    "is_price",
    "example_weight",
    "label_doubtful",
    "bidder_help",
    "buyer_only",
    *SHEETS["grid"],
}


class Row(NamedTuple):
    number: int
    values: dict


def write(rows_by_sheet):
    """Bytes of an XLSX workbook. `rows_by_sheet`: {sheet: [tuple of its columns]}."""
    writer = Writer()
    for name, columns in SHEETS.items():
        sheet = writer.add(name, [_WIDTHS.get(column, _NARROW) for column in columns])
        sheet.freeze_panes = "A2"
        writer.write_row(sheet, 1, columns, bold=True)
        for number, row in enumerate(rows_by_sheet[name], start=2):
            values = [None if value is False else value for value in row]
            writer.write_row(sheet, number, values)
    return writer.get_content()


def read(content):
    """{sheet: [Row]} of a workbook; raises WorkbookError with the place."""
    reader = Reader(content, LIMITS)
    return {name: list(_read_sheet(reader, name)) for name in SHEETS}


def _read_sheet(reader, name):
    if name not in reader.names and name in _OPTIONAL_SHEETS:
        return
    rows = reader.get_values(name)
    _number, cells = next(rows, (1, ()))
    header = [str(cell or "").strip() for cell in cells]
    if missing := set(SHEETS[name]) - set(header) - _OPTIONAL:
        raise WorkbookError("no_column", name, 1, ", ".join(sorted(missing)))
    yield from _read_rows(name, header, rows)


def _read_rows(name, header, rows):
    """Rows that hold something, each with every column."""
    kept = 0
    for number, cells in rows:
        filled = any(cell not in (None, "") for cell in cells)
        kept += filled
        if kept > MAX_ROWS:
            raise WorkbookError("too_large", name, number)
        if filled:
            typed = zip(header, map(_as_typed, cells), strict=False)
            yield Row(number, dict.fromkeys(header) | dict(typed))


def _as_typed(value):
    """A text without the mark that kept it from being a formula, in older workbooks."""
    if isinstance(value, str) and value[:1] == "'" and value[1:2] in FORMULA:
        return value[1:]
    return value
