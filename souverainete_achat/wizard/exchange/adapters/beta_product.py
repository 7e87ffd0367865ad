"""A product of beta.gouv.fr, as its API, its table and its pages write it."""

import re

from odoo.tools import LazyTranslate

from ....models.base.text import fold
from .. import values
from .catalogue import get_first, get_items
from .solution_words import is_ended

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
    "transfere": "stable",
    "pérennisation": "stable",
    "opere": "stable",
    "live": "stable",
    "national_impact": "stable",
    "alumni": "obsolete",
    "death": "obsolete",
    "retirement": "obsolete",
}
_FOLDED = {fold(phase): status for phase, status in PHASES.items()}
_DAY = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


def get_product(found, notes):
    """{field: raw value} of a product, but what identifies it and who runs it."""
    phase = get_phase(found)
    ended = "obsolete" if is_ended(phase) else ""
    status = _FOLDED.get(fold(phase), ended)
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
    today = values.get_today().isoformat()
    # Sorting is stable: phases of one day keep the order of the source.
    phases = sorted(_get_dated_phases(found), key=lambda dated: dated[0])
    begun = [phase for start, phase in phases if start <= today]
    last = begun[-1].get("name") if begun else found.get("status")
    return values.get_text("", last)[:60]


def _get_dated_phases(found):
    """[(start, phase)]: one without a date follows the one written before it."""
    dated, start = [], ""
    for phase in get_items(found.get("phases")):
        if isinstance(phase, dict):
            match = _DAY.match(values.get_text("", phase.get("start")))
            start = match[0] if match else start
            dated.append((start, phase))
    return dated


def _get_address(found):
    given = (values.get_text("", found.get(name)) for name in ("link", "repository"))
    return next((text for text in given if not values.is_unknown(text)), "")


def _get_texts(value):
    texts = (values.get_text("", text) for text in get_items(value))
    return [text for text in texts if text]
