"""beta.gouv.fr: the State's digital products (its API in JSON, or its table in CSV).

Its content is under CC BY-NC-SA: an administration may import it for its own use; the
addon ships none of it.
"""

from odoo.tools import LazyTranslate

from .. import values
from ..source import get_kind
from ..table import read_table
from .base import register
from .beta_product import get_product
from .catalogue import (
    JsonCatalogue,
    get_fields,
    get_first,
    get_items,
    get_localised,
)

_lt = LazyTranslate(__name__)


@register
class BetaGouv(JsonCatalogue):
    code = "beta_gouv"
    label = _lt("beta.gouv.fr: products of the State (API, JSON or CSV)")
    source = "beta.gouv.fr, API startups"
    path = "mutualised"
    kinds = ("json", "text")
    markers = (
        '"type":"startup"',
        "content_url_encoded_markdown",
        "/api/v2.6/startup",
        "id;name;mission;start;status;incubator",
    )
    file_names = ("startups",)

    def _read(self, data):
        if get_kind(data) == "text":
            return list(read_table(data)), {}
        return super()._read(data)

    def _get_place(self, position):
        return _lt("Product %(position)s", position=position)

    def _get_items(self, document):
        records, around = document
        incubators = self._get_incubators(get_fields(around))
        for place, item in super()._get_items((records, around)):
            if isinstance(item, dict):
                item["_incubators"] = incubators
            yield place, item

    def _get_incubators(self, document):
        """{identifier: title} of the incubators the file gives beside its products.

        Beside them, an identifier is written with the path of its page.
        """
        return {
            self._get_slug(get_fields(other).get("id")): get_localised(
                get_fields(get_fields(other).get("attributes")).get("title")
            )
            for other in get_items(document.get("included"))
        }

    def _get_slug(self, value):
        return values.get_text("", value).rstrip("/").rsplit("/", 1)[-1]

    def _get_solution(self, item, notes):
        """Version 3 of the API gives the fields of a product without “attributes”."""
        found = get_fields(item.get("attributes")) or item
        return {
            **get_product(found, notes),
            "key": self._get_slug(get_first(item, "id", "slug") or found.get("slug")),
            "operator": self._get_incubator(item),
        }

    def _get_incubator(self, item):
        related = get_fields(get_fields(item.get("relationships")).get("incubator"))
        slug = self._get_slug(get_fields(related.get("data")).get("id"))
        named = self._get_slug(item.get("incubator"))
        return item["_incubators"].get(slug or named) or named
