"""publiccode.yml: what a public software says of itself, in its own repository."""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError, decode
from ..yaml_reader import read_yaml
from .base import register
from .catalogue import Catalogue, get_fields, get_items

_lt = LazyTranslate(__name__)

_STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@register
class PublicCode(Catalogue):
    code = "publiccode"
    label = _lt("publiccode.yml: a public software")
    source = "publiccode.yml"
    path = "mutualised"
    markers = ("publiccodeYmlVersion",)
    file_names = ("publiccode", ".yml", ".yaml")
    title_field = "name"

    def parse(self, data, filename):
        return read_yaml(decode(data))

    def _get_items(self, document):
        if not isinstance(document, dict) or "publiccodeYmlVersion" not in document:
            raise SourceError(
                _lt(
                    "At line 1, publiccodeYmlVersion was expected: this file is no "
                    "publiccode.yml. Choose another source."
                )
            )
        yield _lt("Software 1"), document

    def _get_identity(self, item):
        return values.get_text("", item.get("url"))[:100]

    def _get_solution(self, item, notes):
        described = self._get_description(item)
        status = values.get_text("", item.get("developmentStatus")).lower()
        return {
            "key": item.get("url") or item.get("name"),
            "name": item.get("name"),
            "need": self._get_need(described),
            "keywords": [
                described.get("genericName"),
                *get_items(item.get("categories")),
            ],
            "url": item.get("landingURL") or item.get("url"),
            "licence": get_fields(item.get("legal")).get("license"),
            "development_status": status if status in _STATUSES else "",
            "used_by": ", ".join(
                text
                for value in get_items(item.get("usedBy"))
                if (text := values.get_text("", value))
            ),
            "contact": self._get_contact(item),
            "operator": get_fields(item.get("legal")).get("mainCopyrightOwner"),
        }

    def _get_description(self, item):
        """French first, then English, then whatever language it is described in."""
        given = get_fields(item.get("description"))
        ordered = [given.get("fr"), given.get("en"), *given.values()]
        return next((text for text in ordered if isinstance(text, dict) and text), {})

    def _get_need(self, described):
        texts = [described.get("shortDescription"), described.get("longDescription")]
        for feature in get_items(described.get("features")):
            # A colon in an unquoted text makes it a key and a value.
            pairs = feature.items() if isinstance(feature, dict) else ()
            texts += [f"{key}: {value}" for key, value in pairs] or [feature]
        return " ".join(text for t in texts if (text := values.get_text("", t)))

    def _get_contact(self, item):
        contacts = get_items(get_fields(item.get("maintenance")).get("contacts"))
        first = get_fields(contacts[0]) if contacts else {}
        parts = (first.get("name"), first.get("affiliation"), first.get("email"))
        return ", ".join(text for p in parts if (text := values.get_text("", p)))
