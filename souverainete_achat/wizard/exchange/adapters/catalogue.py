"""What the catalogues of solutions share: the fields of a solution, checked."""

import html
import re

from odoo.tools import LazyTranslate

from .. import values
from ..json_records import read_records
from ..source import SourceError
from .base import Adapter

_lt = LazyTranslate(__name__)

MAX_NAME = 200
MAX_TEXT = 4000
MAX_LINE = 1000
_QID = re.compile(r"(?:^|/)(Q[1-9][0-9]{0,11})$")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{3,500}", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


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
    # Whether one file gives all of its source: what it leaves out is then reported.
    whole = True

    def _get_solution(self, item, notes):
        """{field: raw value} of one solution, with its `key`."""
        raise NotImplementedError

    def _fill(self, record, item):
        found = self._get_solution(item, record.notes)
        if isinstance(item, Asked):
            record.unread = item.unread
        name = values.get_text("name", get_plain(found.get("name")), required=True)
        if len(name) > MAX_NAME:
            raise values.Refused(
                _lt("Its name is longer than %(most)s characters.", most=MAX_NAME)
            )
        record.title = name
        record.key = values.get_key("id", get_number(found.get("key")))
        wikidata = self._get_wikidata(found.get("wikidata"))
        record.values = {
            "name": name,
            "path": found.get("path") or self.path,
            "source": self._get_source(found),
            "need": self._cut(record, found.get("need"), MAX_TEXT),
            "keywords": self._get_list(record, found.get("keywords")),
            "similar_to": self._get_others(record, name, found.get("similar_to")),
            "url": self._get_address(record, found.get("url")),
            "licence": self._cut(record, found.get("licence")),
            "development_status": found.get("development_status") or "",
            "used_by": self._cut(record, found.get("used_by"), MAX_TEXT),
            "contact": self._cut(record, found.get("contact")),
            "contract_vehicle": self._cut(record, found.get("contract_vehicle")),
            "wikidata": wikidata,
            "operator": get_plain(found.get("operator"))[:MAX_NAME],
            "withdrawn": bool(found.get("withdrawn")),
        }

    def _get_source(self, found):
        return values.get_text("", found.get("source"))[:MAX_NAME] or self.source

    def _cut(self, record, value, most=MAX_LINE):
        text = get_plain(value)
        if values.is_unknown(text):
            return ""
        if len(text) > most:
            record.notes.append(
                _lt("A text longer than %(most)s characters is cut.", most=most)
            )
        return text[:most]

    def _get_list(self, record, value):
        items = value if isinstance(value, list) else [value]
        texts = (get_plain(item).replace(";", ",") for item in items)
        return self._cut(record, ", ".join(dict.fromkeys(t for t in texts if t)))

    def _get_others(self, record, name, value):
        """Software like it, but itself, which some sources list too."""
        own = values.fold(name)
        items = value if isinstance(value, list) else get_plain(value).split(",")
        others = [item for item in items if values.fold(get_plain(item)) != own]
        return self._get_list(record, others)

    def _get_address(self, record, value):
        text = get_plain(value)
        if values.is_unknown(text):
            return ""
        if not _ADDRESS.fullmatch(text):
            record.notes.append(_lt("Its address is left out: it is no web address."))
            return ""
        return text

    def _get_wikidata(self, value):
        match = _QID.search(values.get_text("", value).upper()[-60:])
        return match[1] if match else ""


class JsonCatalogue(Catalogue):
    """A catalogue in JSON: a list wherever it is, or one record a line."""

    kinds = ("json",)

    def _get_place(self, position):
        """What a record is called, with its rank in the source."""
        raise NotImplementedError

    def _read(self, data):
        """([(line, record)], what surrounds them)."""
        return read_records(data)

    def parse(self, data, filename):
        records, document = self._read(data)
        if not records:
            raise SourceError(
                _lt(
                    "At line 1, column 1, a list of software was expected: this file "
                    "holds none. Choose another source."
                )
            )
        return records, document

    def _get_items(self, document):
        records, _around = document
        for position, (line, item) in enumerate(records, 1):
            place = self._get_place(position)
            if line:
                place = _lt("%(place)s (line %(line)s)", place=place, line=line)
            yield place, Asked(item) if isinstance(item, dict) else item


class Asked(dict):
    """A record that remembers which of its fields were asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._asked = set()

    def get(self, name, default=None):
        self._asked.add(name)
        return super().get(name, default)

    @property
    def unread(self):
        """Names of the fields that say something and that nobody asked for."""
        ours = (name for name in self if not str(name).startswith("_"))
        return [
            values.get_text("", name)
            for name in ours
            if name not in self._asked and self[name] not in (None, "", [], {})
        ]


def get_items(value):
    """The items of a list, or none: any other shape says nothing."""
    return value if isinstance(value, list) else []


def get_fields(value):
    return value if isinstance(value, dict) else {}


def get_first(item, *names):
    """The first of these fields that says something: 0 does."""
    given = (item.get(name) for name in names)
    return next((value for value in given if value not in (None, "", [], {})), None)


def get_number(value):
    """An identifier written 12.0 by one export is 12 in the next."""
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole else value


def get_localised(value):
    """Text given once, or by language: French first, then English, then any."""
    if not isinstance(value, dict):
        return values.get_text("", value)
    texts = (values.get_text("", text) for text in get_by_language(value))
    return next((text for text in texts if text), "")


def get_by_language(given):
    """What is given by language, French first, then English: “fr”, “fr-FR”, “FR”."""
    first = {"fr": 0, "en": 1}
    ordered = sorted(given, key=lambda key: first.get(str(key).lower()[:2], 2))
    return [given[key] for key in ordered]


def get_plain(value):
    """Text as people read it: no tag of HTML, its entities as characters."""
    text = values.get_text("", value)
    if "<" in text or "&" in text:
        text = values.get_text("", html.unescape(_TAG.sub(" ", text)))
    return text
