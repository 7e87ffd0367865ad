"""publiccode.yml: what a public software says of itself, in its own repository."""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError, decode
from ..yaml_reader import read_documents
from .base import register
from .catalogue import (
    Catalogue,
    get_by_language,
    get_fields,
    get_first,
    get_items,
    get_localised,
)

_lt = LazyTranslate(__name__)

# Its first version called itself otherwise.
_VERSIONS = ("publiccodeYmlVersion", "publiccode-yaml-version")
_STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


@register
class PublicCode(Catalogue):
    code = "publiccode"
    label = _lt("publiccode.yml: a public software")
    source = "publiccode.yml"
    path = "mutualised"
    kinds = ("text",)
    markers = _VERSIONS
    file_names = ("publiccode", ".yml", ".yaml")
    title_field = "name"
    # One file gives one software.
    whole = False

    def parse(self, data, filename):
        return read_documents(decode(data))

    def _get_items(self, document):
        if not document or not get_first(get_fields(document[0][1]), *_VERSIONS):
            raise SourceError(
                _lt(
                    "At line 1, publiccodeYmlVersion was expected: this file is no "
                    "publiccode.yml. Choose another source."
                )
            )
        for position, (line, item) in enumerate(document, 1):
            place = _lt(
                "Software %(position)s (line %(line)s)", position=position, line=line
            )
            yield place, item

    def _get_identity(self, item):
        return values.get_text("", item.get("url"))[:100]

    def _get_solution(self, item, notes):
        described = self._get_description(item)
        status = values.get_text("", item.get("developmentStatus")).lower()
        return {
            "key": item.get("url") or item.get("name"),
            "name": get_localised(item.get("name")) or described.get("localisedName"),
            "need": self._get_need(described),
            "keywords": [
                described.get("genericName"),
                *get_items(item.get("categories")),
            ],
            "url": item.get("landingURL") or item.get("url"),
            "licence": get_fields(item.get("legal")).get("license"),
            "development_status": status if status in _STATUSES else "",
            "used_by": ", ".join(self._get_names(item.get("usedBy"))),
            "contact": self._get_contact(item),
            "contract_vehicle": self._get_contractors(item),
            "operator": self._get_operator(item),
        }

    def _get_description(self, item):
        """French first, then English, then whatever language it is described in."""
        given = get_by_language(get_fields(item.get("description")))
        return next((text for text in given if isinstance(text, dict) and text), {})

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
        return self._join(first, "name", "affiliation", "email")

    def _get_contractors(self, item):
        """Who maintains it under contract, and until when."""
        given = get_items(get_fields(item.get("maintenance")).get("contractors"))
        texts = (self._join(get_fields(one), "name", "until") for one in given)
        return "; ".join(text for text in texts if text)

    def _get_operator(self, item):
        """Version 0.5 names the organisation; before, who holds the rights."""
        legal = get_fields(item.get("legal"))
        return get_first(get_fields(item.get("organisation")), "name") or get_first(
            legal, "repoOwner", "mainCopyrightOwner"
        )

    def _join(self, fields, *names):
        texts = (values.get_text("", fields.get(name)) for name in names)
        return ", ".join(text for text in texts if text)

    def _get_names(self, value):
        texts = (values.get_text("", name) for name in get_items(value) or [value])
        return [text for text in texts if text]
