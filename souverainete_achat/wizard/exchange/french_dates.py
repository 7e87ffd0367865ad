"""Dates as people write them in tables: 30/11/2026, 30 novembre 2026, 2026-11-30."""

import re
from datetime import date

from odoo.tools import LazyTranslate

from ...models.base.text import fold
from . import values

_lt = LazyTranslate(__name__)

_NUMERIC = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})")
_WRITTEN = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+)\.? ([0-9]{4})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv"),
            ("fevrier", "fev", "fevr"),
            ("mars",),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout",),
            ("septembre", "sept"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        1,
    )
    for name in names
}


def get_date(field, value):
    """A day, the day before the month; None when the cell says nothing."""
    text = values.get_text(field, value)
    try:
        if day := _read(text):
            value = day.isoformat()
    except ValueError:
        day = None
    if day is None and (_NUMERIC.fullmatch(text) or "/" in text):
        raise values.Refused(
            _lt(
                "%(field)s is “%(value)s”: a date is written day/month/year with four "
                "digits for the year, as in 30/11/2026.",
                field=field,
                value=text[:40],
            )
        )
    return values.get_date(field, value)


def _read(text):
    if match := _NUMERIC.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    plain = " ".join(fold(word) for word in text.split())
    if match := _WRITTEN.fullmatch(plain):
        month = _MONTHS.get(match[2])
        return date(int(match[3]), month, int(match[1])) if month else None
    return None
