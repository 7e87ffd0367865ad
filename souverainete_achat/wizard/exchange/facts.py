"""One reader of facts, whatever shape a source gives them in.

A fact has had several names: `acheteur.id` is a key of an object inside another, a flat
key, or a column `acheteur_id`. Capitals, accents, dots and underscores make no
difference. What says nothing (“NC”, “Sans objet”…) is passed over for the next name.
"""

import re

from ...models.base.text import fold
from . import values

_DEPTH = 4
_HOLDER = re.compile(
    r"titulaires?([0-9]*)(?:titulaire)?(id|typeidentifiant|denominationsociale|nom)"
    r"([0-9]*)"
)
# Several holders in one cell of a table.
_SEVERAL = re.compile(r"\s*[;|]\s*")


class Facts:
    """The facts of one record, and which of its fields nobody read."""

    def __init__(self, item):
        self._flat, self._tops, self._used = {}, {}, set()
        for name, value in item.items():
            # Marked so, what the adapter itself adds.
            if not name.startswith("_"):
                self._index(name, fold(name), value, _DEPTH)

    def _index(self, top, key, value, depth):
        if isinstance(value, dict) and depth:
            for name, inner in value.items():
                folded = fold(values.get_text("", name))
                self._index(top, key + folded, inner, depth - 1)
        if not _says(self._flat.get(key)):
            self._flat[key] = value
        self._tops.setdefault(key, top)

    def get(self, *names):
        """What the first of these names that says something says, or None."""
        for name in names:
            key = fold(name)
            if key in self._flat:
                self._used.add(self._tops[key])
                if _says(self._flat[key]):
                    return self._flat[key]
        return None

    def get_holders(self):
        """[{id, typeIdentifiant, denominationSociale}], from a list or from columns."""
        listed = self.get("titulaires", "titulaire")
        if isinstance(listed, list | dict):
            found = [h for h in unwrap(listed, "titulaire") if isinstance(h, dict)]
            return [_read_holder(Facts(holder)) for holder in found]
        rows = {}
        for key, value in self._flat.items():
            if match := _HOLDER.fullmatch(key):
                self._used.add(self._tops[key])
                rank, name = match[1] or match[3], match[2]
                for place, part in enumerate(_split(value)):
                    holder = rows.setdefault((rank, place), {})
                    holder.setdefault(name, part)
        return [_read_holder(Facts(holder)) for holder in rows.values()]

    @property
    def unread(self):
        """Names, as the source writes them, of the fields that nobody read."""
        tops = dict.fromkeys(self._tops.values())
        return [
            name
            for name in tops
            if name not in self._used
            and any(self._tops[k] == name and _says(v) for k, v in self._flat.items())
        ]


def _read_holder(facts):
    return {
        "id": facts.get("id"),
        "typeIdentifiant": facts.get("typeIdentifiant"),
        "denominationSociale": facts.get("denominationSociale", "nom"),
    }


def _split(value):
    text = values.get_text("", value)
    return _SEVERAL.split(text) if text else []


def _says(value):
    if value is None or value == [] or value == {}:
        return False
    return not (isinstance(value, str) and values.is_unknown(value))


def listed(content):
    """XML turned to JSON writes one element alone, without its list."""
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def unwrap(content, name):
    """Items of [{name: item}], [item] or {name: [item]}: all three are published."""
    for entry in listed(content):
        if isinstance(entry, dict) and name in entry:
            yield from listed(entry[name])
        else:
            yield entry
