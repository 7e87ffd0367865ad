"""One value of a source, checked: `Refused` names the field, None means unknown."""

import math
import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from odoo.tools import LazyTranslate

from ...models.base.amount import LARGEST
from ...models.base.text import fold, to_storable

_lt = LazyTranslate(__name__)

MAX_MONTHS = 600
MAX_KEY = 200
# Divisions of the CPV 2008 that begin with a zero: the only ones a lost zero can hide.
ZERO_DIVISIONS = ("03", "09")
# What sources write where they know nothing, folded.
UNKNOWN = frozenset(
    {
        "",
        "nc",
        "na",
        "nan",
        "null",
        "none",
        "neant",
        "inconnu",
        "inconnue",
        "sansobjet",
        "noncommunique",
        "noncommuniquee",
        "nonrenseigne",
        "nonrenseignee",
        "nondisponible",
        "00000000",
    }
)

_PARIS = ZoneInfo("Europe/Paris")
_SPACES = re.compile("[\\s\u00a0\u2009\u202f]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}([.,][0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_CPV = re.compile(r"([0-9]{7,8})(-[0-9])?")


class Refused(Exception):
    """A value no record can be made of; the message names its field."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def get_text(field, value, required=False):
    """Text on one line, without what a database cannot store."""
    if value is None or isinstance(value, bool | list | dict):
        text = ""
    else:
        text = " ".join(to_storable(str(value)).split())
    if required and is_unknown(text):
        raise Refused(_lt("%(field)s is missing or is no text.", field=field))
    return text


def is_unknown(text):
    """Whether a text stands for nothing: “NC”, “Sans objet”, a dash…"""
    return fold(text) in UNKNOWN


def is_placeholder(number):
    """Whether a number was typed to fill a mandatory field: nothing, or zeros."""
    return not number.strip("0") or is_unknown(number)


def restore_zero(number):
    """A SIRET or a SIREN whose leading zero a spreadsheet took away."""
    digits = number.isascii() and number.isdigit()
    return (
        number.zfill(len(number) + 1) if digits and len(number) in (8, 13) else number
    )


def get_key(field, value):
    """An identifier, short enough to be looked up."""
    text = get_text(field, value, required=True)
    if len(text) > MAX_KEY:
        raise Refused(
            _lt(
                "%(field)s is longer than %(most)s characters: it is no identifier.",
                field=field,
                most=MAX_KEY,
            )
        )
    return text


def get_amount(field, value):
    """€ excluding tax, or None: 0 and 1 stand for an amount nobody wrote down."""
    number = _get_number(field, value)
    if number is None:
        return None
    if number < 0 or number > LARGEST:
        raise Refused(
            _lt(
                "%(field)s is %(value)s: an amount lies between 0 and one thousand "
                "billion euros. Correct it in the source.",
                field=field,
                value=_get_shown(value),
            )
        )
    return round(number, 2) if number > 1 else None


def get_months(field, value):
    """Whole months, or None when the source does not know."""
    number = _get_number(field, value)
    if number is None or number == 0:
        return None
    if number < 0 or number > MAX_MONTHS or number != int(number):
        raise Refused(
            _lt(
                "%(field)s is %(value)s: a duration is a whole number of months, "
                "at most %(most)s. Correct it in the source.",
                field=field,
                value=_get_shown(value),
                most=MAX_MONTHS,
            )
        )
    return int(number)


def _get_number(field, value):
    """A finite number; spaces between thousands and a decimal comma are accepted."""
    if isinstance(value, str):
        text = _SPACES.sub("", value).removesuffix("€")
        if is_unknown(text):
            return None
        value = float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else text
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        # Beyond what a float can hold, any bound is passed: its sign is enough.
        return float(max(min(value, 10**300), -(10**300)))
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise Refused(
        _lt(
            "%(field)s is “%(value)s”: not a number.",
            field=field,
            value=_get_shown(value),
        )
    )


def get_date(field, value):
    """A day, in Paris when the source gives a moment; None when it gives nothing."""
    text = get_text(field, value)
    if is_unknown(text):
        return None
    try:
        day = _get_day(text)
    except (ValueError, OverflowError):
        day = None
    if day is None or not 1990 <= day.year <= 2100:
        raise Refused(
            _lt(
                "%(field)s is “%(value)s”: a date is written year-month-day, as in "
                "2026-11-30.",
                field=field,
                value=_get_shown(value),
            )
        )
    return day


def find_date(value):
    """A day, or None for whatever is none: of dates that only sort."""
    try:
        return get_date("", value)
    except Refused:
        return None


def get_today():
    """The legal day, in Paris: sources announce what has not begun."""
    return datetime.now(_PARIS).date()


def _get_day(text):
    if match := _DAY.fullmatch(text):
        # XML dates may carry a time zone, which changes nothing to the day.
        return date.fromisoformat(match[1])
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment.astimezone(_PARIS) if moment.tzinfo else moment).date()


def get_cpv(field, value):
    """Eight digits and whether a lost leading zero was restored; None when absent."""
    text = _SPACES.sub("", get_text(field, value))
    if is_unknown(text):
        return None, False
    match = _CPV.fullmatch(text)
    code = match and match[1].zfill(8)
    lost = bool(match) and len(match[1]) == 7
    if not match or (lost and code[:2] not in ZERO_DIVISIONS) or code == "0" * 8:
        raise Refused(
            _lt(
                "%(field)s is “%(value)s”: a CPV code has eight digits, with or "
                "without its check digit, as in 72000000-5.",
                field=field,
                value=_get_shown(value),
            )
        )
    return code, lost


def get_digits(value):
    """A number without the spaces people put in it."""
    return _SPACES.sub("", get_text("id", value))[:MAX_KEY]


def is_siret(text):
    """Whether it has the digits of a SIRET, or of the SIREN that some write for it."""
    return len(text) in (9, 14) and text.isdigit() and text.isascii()


def _get_shown(value):
    text = get_text("", value) or type(value).__name__
    return text if len(text) <= 60 else text[:57] + "…"
