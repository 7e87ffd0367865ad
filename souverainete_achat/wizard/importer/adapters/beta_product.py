"""A product of beta.gouv.fr, as its API, its table and its pages write it."""

from odoo.tools import LazyTranslate

from .. import values
from .catalogue import get_first, get_items

_lt = LazyTranslate(__name__)

# Phases of a product, past and present, in the words of publiccode.yml: our reading.
PHASES = {
    "discovery": "concept",
    "investigation": "concept",
    "alpha": "development",
    "construction": "beta",
    "beta": "beta",
    "acceleration": "stable",
    "consolidation": "stable",
    "success": "stable",
    "transfer": "stable",
    "transfert": "stable",
    "opere": "stable",
    "live": "stable",
    "national_impact": "stable",
    "alumni": "obsolete",
    "death": "obsolete",
    "retirement": "obsolete",
    "abandon": "obsolete",
    "abandoned": "obsolete",
    "abandonnee": "obsolete",
}
_FOLDED = {values.fold(phase): status for phase, status in PHASES.items()}


def get_product(found, notes):
    """{field: raw value} of a product, but what identifies it and who runs it."""
    phase = get_phase(found)
    status = _FOLDED.get(values.fold(phase), "")
    if phase and not status:
        notes.append(_lt("Its phase is unknown here: %(phase)s.", phase=phase))
    return {
        "name": get_first(found, "name", "title"),
        "need": get_first(found, "pitch", "mission"),
        "keywords": get_items(found.get("thematiques")),
        "url": _get_address(found),
        "development_status": status,
        "used_by": ", ".join(_get_texts(found.get("usertypes"))),
        "contact": found.get("contact"),
    }


def get_phase(found):
    """Name of the last phase begun; before there were phases, the status."""
    phases = [p for p in get_items(found.get("phases")) if isinstance(p, dict)]
    # Sorting is stable: phases without a date keep the order of the source.
    phases.sort(key=lambda phase: values.get_text("", phase.get("start"))[:10])
    last = phases[-1].get("name") if phases else found.get("status")
    return values.get_text("", last)[:60]


def _get_address(found):
    given = (values.get_text("", found.get(name)) for name in ("link", "repository"))
    return next((text for text in given if text.lower() not in values.UNKNOWN), "")


def _get_texts(value):
    texts = (values.get_text("", text) for text in get_items(value))
    return [text for text in texts if text]
