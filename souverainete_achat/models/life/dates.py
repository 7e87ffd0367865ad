"""Calendar months: month ends and leap days as a contract counts them.

Days past the calendar's own bounds stay on its first or last day: a date mistyped by
centuries is shown, and stops neither a form nor the daily job.
"""

from datetime import date

from dateutil.relativedelta import relativedelta


def move(day, period):
    """`day` plus a relativedelta."""
    try:
        return day + period
    except (ValueError, OverflowError):
        return date.min if day.year < 5000 and _is_back(period) else date.max


def _is_back(period):
    return (period.years, period.months, period.days) < (0, 0, 0)


def add_months(day, months):
    """The same day `months` later (or earlier), or the last of a shorter month."""
    return move(day, relativedelta(months=months))


def add_days(day, days):
    return move(day, relativedelta(days=days))


def get_end(start, months):
    """Last day of a period of `months` that starts on `start`."""
    return add_days(add_months(start, months), -1)


def shift_end(end, months, start=None):
    """Last day of a period made `months` longer (or shorter) than one ending on `end`.

    Counted from the day after, so that what ends with a month always does: 28 February
    2027 plus a year is 29 February 2028. Where the period is a whole number of months
    from `start`, counted from there: a month that was too short leaves no trace.
    """
    after = add_days(end, 1)
    if start and start < after:
        gap = relativedelta(after, start)
        whole = gap.years * 12 + gap.months
        for number in (whole, whole + 1):
            if add_months(start, number) == after:
                return get_end(start, number + months)
    return get_end(after, months)
