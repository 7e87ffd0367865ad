"""Who a company is: its SIREN, else its VAT number, else its name and country.

A SIRET is one establishment of a SIREN: a head office that moves, a duplicate that is
merged or a name that changes leave the company what it is. The id of a record says
nothing: its name and its numbers can be written over.
"""

from .siret import is_siren, normalise
from .text import fold

_SIREN, _SIRET = 9, 14


def identify(name, country, registry, vat):
    """JSON-able identity; `country`: ISO code. Numbers are kept as they are typed."""
    vat = normalise(vat).upper()
    return {
        "siren": get_siren(registry, country) or _get_siren_of_vat(vat),
        "vat": vat,
        "name": fold(name or ""),
        "country": country or "",
    }


def get_siren(number, country=""):
    """The SIREN that a SIREN or a SIRET says; empty where it is neither. Elsewhere
    than in France, a number of that length is one where its key is right."""
    number = normalise(number)
    if not number.isdecimal() or len(number) not in (_SIREN, _SIRET):
        return ""
    own = number[:_SIREN]
    return own if country in ("FR", "", False) or is_siren(own) else ""


def _get_siren_of_vat(vat):
    """French: two characters of key, then the SIREN."""
    number = vat[4:]
    french = vat.startswith("FR") and len(number) == _SIREN and number.isdecimal()
    return number if french else ""


def is_same(known, now):
    """Whether `now` is who `known` was: by the strongest number that was known of it,
    else by its name, in a country that does not contradict it; nobody stays nobody."""
    if not known or not now:
        return not known and not now
    for number in ("siren", "vat"):
        if known.get(number):
            return known[number] == now.get(number)
    countries = {known.get("country"), now.get("country")} - {"", None}
    named = bool(known.get("name")) and known["name"] == now.get("name")
    return named and len(countries) < 2


def get_strangers(known, now):
    """Those of `now` who are none of `known`."""
    return [one for one in now if not any(is_same(each, one) for each in known)]
