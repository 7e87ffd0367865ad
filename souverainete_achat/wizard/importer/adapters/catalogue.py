"""What the catalogues of solutions share: the fields of a solution, checked."""

import re

from odoo.tools import LazyTranslate

from .. import values
from .base import Adapter

_lt = LazyTranslate(__name__)

MAX_NAME = 200
MAX_TEXT = 4000
MAX_LINE = 1000
_QID = re.compile(r"(?:^|/)(Q[1-9][0-9]{0,11})$")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{3,500}", re.IGNORECASE)


class Catalogue(Adapter):
    """A source of solutions. `_get_solution` reads one; the rest is checked here."""

    target = "solution"
    groups = (
        "souverainete_achat.group_manager",
        "souverainete_achat.group_ambassador",
    )
    # Written on each solution: where it comes from.
    source = ""
    path = "off_the_shelf"

    def _get_solution(self, item, notes):
        """{field: raw value} of one solution, with its `key`."""
        raise NotImplementedError

    def _fill(self, record, item):
        found = self._get_solution(item, record.notes)
        name = values.get_text("name", found.get("name"), required=True)
        if len(name) > MAX_NAME:
            raise values.Refused(
                _lt("Its name is longer than %(most)s characters.", most=MAX_NAME)
            )
        record.title = name
        record.key = values.get_key("id", found.get("key"))
        wikidata = self._get_wikidata(found.get("wikidata"))
        record.values = {
            "name": name,
            "path": found.get("path") or self.path,
            "source": self._get_source(found),
            "need": self._cut(record, found.get("need"), MAX_TEXT) or name,
            "keywords": self._get_list(record, found.get("keywords")),
            "similar_to": self._get_list(record, found.get("similar_to")),
            "url": self._get_address(record, found.get("url")),
            "licence": self._cut(record, found.get("licence")),
            "development_status": found.get("development_status") or "",
            "used_by": self._cut(record, found.get("used_by"), MAX_TEXT),
            "contact": self._cut(record, found.get("contact")),
            "contract_vehicle": self._cut(record, found.get("contract_vehicle")),
            "wikidata": wikidata,
            "operator": values.get_text("", found.get("operator"))[:MAX_NAME],
            "withdrawn": bool(found.get("withdrawn")),
        }

    def _get_source(self, found):
        return values.get_text("", found.get("source"))[:MAX_NAME] or self.source

    def _cut(self, record, value, most=MAX_LINE):
        text = values.get_text("", value)
        if len(text) > most:
            record.notes.append(
                _lt("A text longer than %(most)s characters is cut.", most=most)
            )
        return text[:most]

    def _get_list(self, record, value):
        items = value if isinstance(value, list) else [value]
        texts = (values.get_text("", item).replace(";", ",") for item in items)
        return self._cut(record, ", ".join(dict.fromkeys(t for t in texts if t)))

    def _get_address(self, record, value):
        text = values.get_text("", value)
        if text and not _ADDRESS.fullmatch(text):
            record.notes.append(_lt("Its address is left out: it is no web address."))
            return ""
        return text

    def _get_wikidata(self, value):
        match = _QID.search(values.get_text("", value).upper()[-60:])
        return match[1] if match else ""


def get_items(value):
    """The items of a list, or none: any other shape says nothing."""
    return value if isinstance(value, list) else []


def get_fields(value):
    return value if isinstance(value, dict) else {}


def get_localised(value):
    """Text given once, or by language: French first, then English, then any."""
    if not isinstance(value, dict):
        return values.get_text("", value)
    given = [value.get("fr"), value.get("en"), *value.values()]
    return next((text for v in given if (text := values.get_text("", v))), "")
