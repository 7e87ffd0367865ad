"""SILL since 2022: what its application, Catalogi, publishes (JSON).

Four shapes, from the first interface to the public API: fields were renamed, and moved
from the software to the data that other registers give of it.
"""

from odoo.tools import LazyTranslate

from .base import register
from .catalogue import (
    JsonCatalogue,
    get_fields,
    get_first,
    get_items,
    get_localised,
)

_lt = LazyTranslate(__name__)

_NAMES = ("name", "softwareName", "n")
_DESCRIPTIONS = ("description", "softwareDescription", "function", "f")
_IDS = ("id", "softwareId", "sill_id")
_ADDRESSES = ("url", "officialWebsiteUrl", "websiteUrl", "website")
_REPOSITORIES = ("codeRepositoryUrl", "sourceUrl", "repository")
_SIMILAR_NAMES = ("name", "softwareName", "label", "wikidataLabel")


@register
class Catalogi(JsonCatalogue):
    code = "catalogi"
    label = _lt("SILL: recommended free software (Catalogi, JSON)")
    source = "SILL, code.gouv.fr (Catalogi)"
    markers = (
        "userAndReferentCountByOrganization",
        "similarSoftwares",
        "similarExternalSoftwares",
        "softwareExternalData",
        "applicationCategories",
        "softwareDescription",
        "isFromFrenchPublicService",
        "isPresentInSupportContract",
    )
    file_names = ("catalogi", "sill")

    def _get_place(self, position):
        return _lt("Software %(position)s", position=position)

    def _get_identity(self, item):
        return get_localised(get_first(item, *_NAMES))[:100]

    def _get_solution(self, item, notes):
        name = get_localised(get_first(item, *_NAMES))
        outside = self._get_outside(item)
        public = self._is_true(item, "isFromFrenchPublicService", "fr")
        if item.get("isLibreSoftware") is False:
            notes.append(_lt("The source says that it is not free software."))
        return {
            "key": self._get_key(item, name),
            "name": name,
            "path": "mutualised" if public else "off_the_shelf",
            "need": self._get_need(item, outside),
            "keywords": [
                *get_items(item.get("keywords")),
                *get_items(get_first(item, "applicationCategories", "categories")),
            ],
            "similar_to": self._get_similar(item),
            "url": self._get_url(item, outside),
            "licence": get_first(item, "license", "l"),
            "used_by": self._get_users(item),
            "contract_vehicle": self._get_support(item),
            "wikidata": self._get_qid(item, outside),
            "withdrawn": self._is_withdrawn(item),
        }

    def _get_key(self, item, name):
        given = get_first(item, *_IDS)
        return name if given is None else given

    def _get_outside(self, item):
        """What other registers say of it, the surest first."""
        listed = get_fields(item.get("comptoirDuLibreSoftware"))
        return [
            get_fields(item.get("softwareExternalData")),
            get_fields(item.get("wikidataSoftware")),
            get_fields(listed.get("external_resources")),
        ]

    def _get_need(self, item, outside):
        given = [get_first(item, name) for name in _DESCRIPTIONS]
        given += [get_first(other, "description") for other in outside]
        return next((text for g in given if (text := get_localised(g))), "")

    def _is_true(self, item, *names):
        """Some versions write a plural, some write it among other attributes."""
        places = (
            item,
            get_fields(item.get("prerogatives")),
            get_fields(item.get("customAttributes")),
        )
        return any(
            place.get(key) is True
            for place in places
            for name in names
            for key in (name, f"{name}s")
        )

    def _is_withdrawn(self, item):
        status = get_fields(item.get("status")).get("name") or "published"
        return bool(item.get("dereferencing")) or status != "published"

    def _get_support(self, item):
        if self._is_true(item, "isPresentInSupportContract", "s"):
            return "Marché interministériel de support aux logiciels libres"
        return ""

    def _get_similar(self, item):
        given = get_first(item, "similarSoftwares", "similarExternalSoftwares")
        return [
            get_localised(get_first(get_fields(other), *_SIMILAR_NAMES))
            or get_localised(other if isinstance(other, str) else None)
            for other in get_items(given)
        ]

    def _get_url(self, item, outside):
        given = [get_first(place, *_ADDRESSES) for place in (item, *outside)]
        given += [get_first(place, *_REPOSITORIES) for place in (item, *outside)]
        return next((url for url in given if url), None)

    def _get_users(self, item):
        """Administrations that declare users, then those that run an instance."""
        users = list(get_fields(item.get("userAndReferentCountByOrganization")))
        users += [
            get_fields(instance).get("organization")
            for instance in get_items(item.get("instances"))
        ]
        texts = (get_localised(user) for user in users)
        # Where the person declared none, the source writes “other”.
        kept = dict.fromkeys(text for text in texts if text not in ("", "other"))
        return ", ".join(kept)

    def _get_qid(self, item, outside):
        for identifier in get_items(item.get("identifiers")):
            url = get_localised(get_fields(identifier).get("url"))
            if "wikidata.org" in url:
                return url
        places = (item, *outside)
        given = [place.get("wikidataId") for place in places]
        given += [get_fields(place.get("wikidata")).get("id") for place in places]
        # Registers other than Wikidata write here identifiers of their own.
        given += [place.get("externalId") for place in places]
        return next((qid for g in given if (qid := self._get_wikidata(g))), "")
