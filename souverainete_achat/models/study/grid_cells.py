"""Cells of a grid's workbook as values, without Odoo: what cannot be read is placed."""

from datetime import date, datetime
from math import inf, isfinite

from ..base import workbook

# What people type for yes and for no, in either language.
_YES = {"x", "1", "yes", "y", "true", "oui", "o", "vrai"}

_NO = {"", "0", "no", "n", "false", "non", "faux"}


def fail(sheet, row, column):
    raise workbook.WorkbookError(
        "wrong", sheet, row.number, get_words(row, column) or column
    )


def get_words(row, column):
    """The text of a cell, a number as people type it. Empty where nothing stands."""
    return workbook.get_words(row.values.get(column))


def get_text(sheet, row, column):
    """A text that has to be there."""
    return get_words(row, column) or fail(sheet, row, column)


def get_number(sheet, row, column, most=inf):
    """A number from 0 on, or None for an empty cell: unknown is not zero."""
    text = get_words(row, column)
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return fail(sheet, row, column)
    # "nan" and "inf" are numbers to Python, and would spoil every score.
    usable = isfinite(number) and 0 <= number <= most
    return number if usable else fail(sheet, row, column)


def get_count(sheet, row, column):
    """A whole number from 0 on, or None for an empty cell."""
    number = get_number(sheet, row, column)
    if number is None or number.is_integer():
        return number if number is None else int(number)
    return fail(sheet, row, column)


def get_choice(sheet, row, column, choices, default=""):
    value = get_words(row, column) or default
    return value if value in choices else fail(sheet, row, column)


def get_flag(sheet, row, column):
    """Yes or no. Any other word is refused: read as a yes, it might mean a no."""
    word = get_words(row, column).lower()
    return word in _YES if word in _YES | _NO else fail(sheet, row, column)


def get_day(sheet, row, column):
    """A day, as a spreadsheet or as ISO writes it, or None for an empty cell."""
    value = row.values.get(column)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or not get_words(row, column):
        return value or None
    try:
        return date.fromisoformat(get_words(row, column))
    except ValueError:
        return fail(sheet, row, column)


def mark(value):
    """A yes as `get_flag` reads it; a no is left empty."""
    return "x" if value else None
