"""A returned answer sheet, as plain data. Whoever sent it is not trusted. No Odoo."""

from datetime import date, datetime
from typing import NamedTuple

from openpyxl.utils import column_index_from_string

from ..base.workbook import Limits, Reader, WorkbookError, get_words
from . import sheet_format as form

LIMITS = Limits(
    packed=5_000_000,
    unpacked=5_000_000,
    columns=column_index_from_string(form.KEY),
    last_row=2_000,
)


class Answer(NamedTuple):
    """One row: `level`, `text` and `proof` as the bidder wrote them.

    `faults` are the WorkbookError of its cells that hold no text.
    """

    row: int
    key: str
    number: str
    level: str
    text: str
    proof: str
    faults: tuple = ()


class Sheet(NamedTuple):
    mark: dict
    bidder: dict
    answers: list


def read(content):
    """The Sheet in these bytes; raises WorkbookError with the place."""
    reader = Reader(content, LIMITS, formulas=True)
    return Sheet(
        _read_column(reader, form.MARK, form.MARK_ROWS, "A"),
        _read_column(reader, form.BIDDER, form.BIDDER_ROWS, "B"),
        list(_read_answers(reader)),
    )


def _read_column(reader, name, rows, column):
    """{name: text} of the cells of one column."""
    cells = {
        number: _get_text(name, row, number, column)
        for number, row in reader.get_rows(name, last=max(rows.values()))
    }
    return {key: cells.get(number, "") for key, number in rows.items()}


def _read_answers(reader):
    for number, row in reader.get_rows(form.ANSWERS, first=form.FIRST_ROW):
        answer = _read_answer(row, number)
        if any(answer[1:]):
            yield answer


def _read_answer(row, number):
    """Every cell that cannot be read is kept as a fault: all are told at once."""
    texts, faults = [], []
    for column in (form.KEY, form.NUMBER, form.LEVEL, form.TEXT, form.PROOF):
        try:
            texts.append(_get_text(form.ANSWERS, row, number, column))
        except WorkbookError as fault:
            texts.append("")
            faults.append(fault)
    return Answer(number, *texts, tuple(faults))


def _get_text(sheet, row, number, column):
    """What a cell says, as a text. A formula says nothing that can be relied on."""
    index = column_index_from_string(column) - 1
    if index >= len(row):
        return ""
    cell = row[index]
    for kind, reason in (("f", "formula"), ("e", "error")):
        if cell.data_type == kind:
            raise WorkbookError(reason, sheet, number, str(cell.value)[:80], column)
    return _as_text(cell.value)


def _as_text(value):
    if isinstance(value, datetime | date):
        return value.isoformat()
    return get_words(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
