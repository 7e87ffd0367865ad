"""SIREN, SIRET and VAT numbers: read without their spaces, their keys checked by
python-stdnum, which knows the exceptions. No Odoo."""

from stdnum.eu import vat
from stdnum.fr import siren, siret


def normalise(text):
    """The number as it is kept: without the spaces people type."""
    return "".join((text or "").split())


def is_siret(number):
    """Whether `number` is an establishment: 14 digits, the right keys."""
    return number.isascii() and number.isdigit() and siret.is_valid(number)


def is_siren(number):
    """Whether `number` is a company: nine digits, the right key."""
    return number.isascii() and number.isdigit() and siren.is_valid(number)


def is_vat(number):
    """Whether `number` may be a VAT number: of a member State it has the right key; of
    another country nobody here can tell."""
    member = number[:2].lower() in vat.MEMBER_STATES
    return vat.is_valid(number) if member else bool(number)


def get_vat(number):
    """French VAT number of a company, by its SIREN."""
    return f"FR{siren.to_tva(number)}".replace(" ", "")
