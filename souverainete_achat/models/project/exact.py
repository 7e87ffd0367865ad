"""Sums of money without drift: exact numbers until the one rounding that is shown."""

from fractions import Fraction


def to_fraction(number):
    """The number as it is read: 0.1 is a tenth, whatever a float holds."""
    return Fraction(str(number))


def round_half_up(amount, currency):
    """To the cent, a half cent upwards: never below what is really reached."""
    step = to_fraction(currency.rounding)
    return (amount / step + Fraction(1, 2)) // 1 * step
