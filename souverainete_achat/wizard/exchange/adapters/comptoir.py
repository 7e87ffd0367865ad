"""Comptoir du Libre: free software that administrations use (ADULLACT, JSON)."""

from odoo.tools import LazyTranslate

from .base import register
from .catalogue import JsonCatalogue, get_fields, get_first, get_items, get_localised

_lt = LazyTranslate(__name__)


@register
class Comptoir(JsonCatalogue):
    code = "comptoir"
    label = _lt("Comptoir du Libre: free software of administrations (JSON)")
    source = "Comptoir du Libre"
    markers = ('"number_of_software"',)
    file_names = ("comptoir",)
    title_field = "name"

    def _get_place(self, position):
        return _lt("Software %(position)s", position=position)

    def _get_solution(self, item, notes):
        outside = get_fields(item.get("external_resources"))
        return {
            "key": item.get("id"),
            "name": get_localised(get_first(item, "name", "softwarename")),
            "need": get_localised(item.get("description")),
            "keywords": get_items(item.get("tags")),
            "url": get_first(outside, "website", "repository")
            or get_first(item, "url_website", "url_repository", "url"),
            "licence": get_first(item, "licence", "license"),
            "used_by": ", ".join(self._get_names(item.get("users"))),
            "contract_vehicle": self._get_providers(item),
            "wikidata": get_first(get_fields(outside.get("wikidata")), "id", "url"),
        }

    def _get_names(self, given):
        names = (get_localised(get_fields(one).get("name")) for one in get_items(given))
        return [name for name in names if name]

    def _get_providers(self, item):
        names = ", ".join(self._get_names(item.get("providers")))
        return f"Prestataires déclarés : {names}" if names else ""
