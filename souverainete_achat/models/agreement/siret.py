"""SIRET numbers: 14 digits and a key."""

# La Poste numbered its offices before the key: their digits add up to a multiple of 5.
_LA_POSTE = "356000000"


def normalise(text):
    """The number as it is kept: without the spaces people type."""
    return "".join((text or "").split())


def is_siret(number):
    """Whether `number` has 14 digits and the right key."""
    if len(number) != 14 or not (number.isascii() and number.isdigit()):
        return False
    if number.startswith(_LA_POSTE) and sum(map(int, number)) % 5 == 0:
        return True
    return _luhn(number) % 10 == 0


def _luhn(number):
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    return sum(map(int, number[::-2])) + sum(n - 9 if n > 9 else n for n in doubled)
