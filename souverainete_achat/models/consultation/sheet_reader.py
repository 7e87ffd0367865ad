"""A returned answer sheet, as plain data. Whoever sent it is not trusted. No Odoo."""

import warnings
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from . import sheet_format as form
from .sheet_format import SheetError

# An archive may unpack to far more than it weighs.
MAX_BYTES = 5_000_000
MAX_UNPACKED = 5_000_000
MAX_ROWS = 2_000
# A sheet may claim to be as wide as sheets can be.
_LAST_COLUMN = column_index_from_string(form.KEY)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Answer(NamedTuple):
    """One row: `level`, `text` and `proof` as the bidder wrote them.

    `faults` are the SheetError of its cells that hold no text.
    """

    row: int
    key: str
    code: str
    level: str
    text: str
    proof: str
    faults: tuple = ()


class Sheet(NamedTuple):
    mark: dict
    bidder: dict
    answers: list


def read(content):
    """The Sheet in these bytes; raises SheetError with the place, and nothing else."""
    _check_container(content)
    try:
        # What is odd in a workbook is no business of the server's log.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read_book(load_workbook(BytesIO(content), read_only=True))
    except SheetError:
        raise
    # A broken or hostile workbook makes its parser raise nearly anything.
    except Exception as error:
        raise SheetError("unreadable") from error


def _check_container(content):
    if len(content) > MAX_BYTES:
        raise SheetError("too_large")
    if content.startswith(_OLD_EXCEL):
        raise SheetError("old_excel")
    try:
        with ZipFile(BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except Exception as error:
        raise SheetError("unreadable") from error
    if unpacked > MAX_UNPACKED:
        raise SheetError("too_large")


def _read_book(book):
    for name in (form.MARK, form.BIDDER, form.ANSWERS):
        if name not in book.sheetnames:
            raise SheetError("no_sheet", name)
    return Sheet(
        _read_column(book[form.MARK], form.MARK, form.MARK_ROWS, "A"),
        _read_column(book[form.BIDDER], form.BIDDER, form.BIDDER_ROWS, "B"),
        list(_read_answers(book[form.ANSWERS])),
    )


def _read_column(sheet, name, rows, column):
    """{name: text} of the cells of one column."""
    cells = {}
    last = max(rows.values())
    cells_by_row = sheet.iter_rows(max_row=last, max_col=_LAST_COLUMN)
    for number, row in enumerate(cells_by_row, start=1):
        cells[number] = _get_text(name, row, number, column)
    return {key: cells.get(number, "") for key, number in rows.items()}


def _read_answers(sheet):
    rows = sheet.iter_rows(
        min_row=form.FIRST_ROW, max_row=MAX_ROWS + 1, max_col=_LAST_COLUMN
    )
    for number, row in enumerate(rows, start=form.FIRST_ROW):
        if number > MAX_ROWS:
            raise SheetError("too_large", form.ANSWERS)
        answer = _read_answer(row, number)
        if any(answer[1:]):
            yield answer


def _read_answer(row, number):
    """Every cell that cannot be read is kept as a fault: all are told at once."""
    texts, faults = [], []
    for column in (form.KEY, form.CODE, form.LEVEL, form.TEXT, form.PROOF):
        try:
            texts.append(_get_text(form.ANSWERS, row, number, column))
        except SheetError as fault:
            texts.append("")
            faults.append(fault)
    return Answer(number, *texts, tuple(faults))


def _get_text(sheet, row, number, column):
    """What a cell says, as a text. A formula says nothing that can be relied on."""
    index = column_index_from_string(column) - 1
    if index >= len(row):
        return ""
    cell = row[index]
    if cell.data_type == "f":
        raise SheetError("formula", sheet, f"{column}{number}", str(cell.value)[:80])
    if cell.data_type == "e":
        raise SheetError("error", sheet, f"{column}{number}", str(cell.value)[:80])
    return _as_text(cell.value)


def _as_text(value):
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
