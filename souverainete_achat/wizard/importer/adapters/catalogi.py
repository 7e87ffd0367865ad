"""SILL since 2022: what its application, Catalogi, publishes (JSON)."""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError
from .base import register
from .catalogue import Catalogue, get_fields, get_items, get_localised

_lt = LazyTranslate(__name__)

_NAMES = ("name", "softwareName")


@register
class Catalogi(Catalogue):
    code = "catalogi"
    label = _lt("SILL: recommended free software (Catalogi, JSON)")
    source = "SILL, code.gouv.fr (Catalogi)"
    markers = (
        "userAndReferentCountByOrganization",
        "similarSoftwares",
        "applicationCategories",
    )
    file_names = ("catalogi", "sill")

    def _get_items(self, document):
        if isinstance(document, dict):
            document = document.get("softwares") or document.get("data")
        if not isinstance(document, list) or not document:
            raise SourceError(
                _lt(
                    "At line 1, column 1, a list of software was expected: this file "
                    "is no export of Catalogi. Choose another source."
                )
            )
        for position, item in enumerate(document, 1):
            yield _lt("Software %(position)s", position=position), item

    def _get_identity(self, item):
        return get_localised(self._get_name(item))[:100]

    def _get_name(self, item):
        return next((item[name] for name in _NAMES if item.get(name)), None)

    def _get_solution(self, item, notes):
        name = get_localised(self._get_name(item))
        prerogatives = get_fields(item.get("prerogatives"))
        attributes = get_fields(item.get("customAttributes"))
        public = self._is_true(prerogatives, attributes, "isFromFrenchPublicService")
        if item.get("isLibreSoftware") is False:
            notes.append(_lt("The source says that it is not free software."))
        return {
            "key": item.get("id") or item.get("softwareId") or name,
            "name": name,
            "path": "mutualised" if public else "off_the_shelf",
            "need": get_localised(
                item.get("description") or item.get("softwareDescription")
            )
            or get_localised(item.get("function")),
            "keywords": [
                *get_items(item.get("keywords")),
                *get_items(item.get("applicationCategories") or item.get("categories")),
            ],
            "similar_to": self._get_similar(item),
            "url": self._get_url(item),
            "licence": item.get("license"),
            "used_by": self._get_users(item),
            "contract_vehicle": self._get_support(prerogatives, attributes),
            "wikidata": self._get_qid(item),
            "withdrawn": bool(item.get("dereferencing")),
        }

    def _is_true(self, prerogatives, attributes, name):
        """Some versions write a plural, some write it among custom attributes."""
        return any(
            get_fields(fields).get(key) is True
            for fields in (prerogatives, attributes)
            for key in (name, f"{name}s")
        )

    def _get_support(self, prerogatives, attributes):
        if self._is_true(prerogatives, attributes, "isPresentInSupportContract"):
            return "Marché interministériel de support aux logiciels libres"
        return ""

    def _get_similar(self, item):
        names = ("name", "softwareName", "label", "wikidataLabel")
        similar = []
        for other in get_items(item.get("similarSoftwares")):
            found = get_fields(other)
            raw = next((found[name] for name in names if found.get(name)), None)
            similar.append(get_localised(raw) or values.get_text("", other))
        return similar

    def _get_url(self, item):
        names = ("url", "officialWebsiteUrl", "codeRepositoryUrl")
        return next((item[name] for name in names if item.get(name)), None)

    def _get_users(self, item):
        """Administrations that declare users, then those that run an instance."""
        users = list(get_fields(item.get("userAndReferentCountByOrganization")))
        users += [
            get_fields(instance).get("organization")
            for instance in get_items(item.get("instances"))
        ]
        texts = (values.get_text("", user) for user in users)
        return ", ".join(dict.fromkeys(text for text in texts if text))

    def _get_qid(self, item):
        for identifier in get_items(item.get("identifiers")):
            url = values.get_text("", get_fields(identifier).get("url"))
            if "wikidata.org" in url:
                return url
        return item.get("wikidataId") or item.get("externalId")
