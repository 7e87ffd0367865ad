"""beta.gouv.fr: the State's digital products (JSON of its API, version 2).

Its content is under CC BY-NC-SA: an administration may import it for its own use; the
addon ships none of it.
"""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError
from .base import register
from .catalogue import Catalogue, get_fields, get_items

_lt = LazyTranslate(__name__)

# Phases of a product, in the words of publiccode.yml: our reading.
PHASES = {
    "investigation": "concept",
    "alpha": "development",
    "construction": "beta",
    "acceleration": "stable",
    "success": "stable",
    "transfer": "stable",
    "opere": "stable",
    "national_impact": "stable",
    "alumni": "obsolete",
    "abandon": "obsolete",
    "abandoned": "obsolete",
    "abandonnee": "obsolete",
}


@register
class BetaGouv(Catalogue):
    code = "beta_gouv"
    label = _lt("beta.gouv.fr: products of the State (JSON)")
    source = "beta.gouv.fr, API startups"
    path = "mutualised"
    markers = ('"type":"startup"', '"type": "startup"', "/api/v2.6/startup")
    file_names = ("startups",)

    def _get_items(self, document):
        found = get_fields(document)
        items = found.get("data") if found else document
        if not isinstance(items, list) or not items:
            raise SourceError(
                _lt(
                    "At line 1, column 1, “data” with at least one product was "
                    "expected: this file is no list of beta.gouv.fr. Choose another "
                    "source."
                )
            )
        incubators = self._get_incubators(found)
        for position, item in enumerate(items, 1):
            place = _lt("Product %(position)s", position=position)
            if isinstance(item, dict):
                item = {**item, "_incubators": incubators}
            yield place, item

    def _get_incubators(self, document):
        """{identifier: title} of the incubators the file gives beside its products."""
        return {
            values.get_text("", get_fields(other).get("id")): get_fields(
                get_fields(other).get("attributes")
            ).get("title")
            for other in get_items(document.get("included"))
        }

    def _get_solution(self, item, notes):
        found = get_fields(item.get("attributes"))
        status, phase = self._get_status(found)
        if phase and not status:
            notes.append(_lt("Its phase is unknown here: %(phase)s.", phase=phase))
        return {
            "key": item.get("id"),
            "name": found.get("name") or found.get("title"),
            "need": found.get("pitch") or found.get("mission"),
            "keywords": get_items(found.get("thematiques")),
            "url": found.get("link") or found.get("repository"),
            "development_status": status,
            "used_by": ", ".join(self._get_texts(found.get("usertypes"))),
            "contact": found.get("contact"),
            "operator": self._get_incubator(item),
        }

    def _get_texts(self, value):
        texts = (values.get_text("", text) for text in get_items(value))
        return [text for text in texts if text]

    def _get_incubator(self, item):
        related = get_fields(get_fields(item.get("relationships")).get("incubator"))
        number = values.get_text("", get_fields(related.get("data")).get("id"))
        return item["_incubators"].get(number) or ""

    def _get_status(self, found):
        """(status, phase) of the last phase begun."""
        phases = [p for p in get_items(found.get("phases")) if isinstance(p, dict)]
        # Sorting is stable: phases without a date keep the order of the source.
        phases.sort(key=lambda phase: values.get_text("", phase.get("start")))
        name = values.get_text("", phases[-1].get("name")).lower() if phases else ""
        return PHASES.get(name, ""), name[:60]
