"""SILL 2018-2021: free software recommended to the State (CSV of DISIC/sill)."""

from itertools import islice

from odoo.tools import LazyTranslate

from ....models.base.text import fold
from .. import values
from ..source import SourceError, get_kind
from ..table import read_table, rename
from .base import register
from .catalogue import Catalogue

_lt = LazyTranslate(__name__)

_COLUMNS = {"nom", "fonction", "statut"}
# What of a file is read to recognise it.
_HEAD = 65536
# The SILL's statuses are letters (R, O, FR); other tables write words.
_LONGEST_STATUS = 2
# Columns that changed name between years. Capitals and dashes changed too.
_RENAMED = {
    "logiciel": "nom",
    "fonctionnalité": "fonction",
    "identifiant": "id",
    "casusage": "contexteusage",
    "casdusage": "contexteusage",
    "motsclés": "motsclefs",
}
_READ = (
    "id",
    "nom",
    "fonction",
    "statut",
    "public",
    "support",
    "similairea",
    "wikidata",
    "licence",
    "secteur",
    "composant",
    "contexteusage",
    "label",
    "motsclefs",
)
_FIELDS = {name: name for name in _READ} | {
    fold(old): new for old, new in _RENAMED.items()
}


@register
class SillCsv(Catalogue):
    code = "sill_csv"
    label = _lt("SILL: recommended free software (CSV, 2018 to 2021)")
    source = "SILL, DISIC/sill (CSV)"
    kinds = ("text", "workbook")
    markers = ("comptoir-du-libre", "contexte-usage", "similaire-a")
    file_names = ("sill",)
    title_field = "nom"

    def is_recognised(self, data, head):
        return super().is_recognised(data, head) or (
            get_kind(data) == "text" and self._is_sill(data[:_HEAD])
        )

    def _is_sill(self, data):
        try:
            table = islice(read_table(data), 20)
            rows = [rename(row, _FIELDS) for _line, row in table]
        except SourceError:
            return False
        if not rows or not _COLUMNS <= set(rows[0]):
            return False
        statuses = {row.get("statut") or "" for row in rows} - {""}
        return bool(statuses) and all(len(s) <= _LONGEST_STATUS for s in statuses)

    def parse(self, data, filename):
        return [(line, rename(row, _FIELDS)) for line, row in read_table(data)]

    def _get_items(self, document):
        if not document or not _COLUMNS <= set(document[0][1]):
            raise SourceError(
                _lt(
                    "At line 1, the columns nom, fonction and statut were expected: "
                    "this file is no SILL. Choose another source."
                )
            )
        names = {row.get("id"): row.get("nom") for _line, row in document}
        for line, row in document:
            yield _lt("Line %(line)s", line=line), {**row, "_names": names}

    def _get_identity(self, item):
        """Nothing: its number is read by no one, the line and the name are."""
        return ""

    def _get_solution(self, item, notes):
        public = self._is_yes(item.get("public"))
        return {
            "key": item.get("id") or item.get("nom"),
            "name": item.get("nom"),
            "path": "mutualised" if public else "off_the_shelf",
            "need": self._get_need(item),
            "keywords": [
                item.get(name) for name in ("composant", "secteur", "motsclefs")
            ],
            "similar_to": self._get_similar(item),
            "licence": item.get("licence"),
            "wikidata": item.get("wikidata"),
            "url": item.get("label"),
            "contract_vehicle": self._get_support(item),
            "withdrawn": item.get("statut") == "FR",
        }

    def _is_yes(self, value):
        return fold(values.get_text("", value)) in ("oui", "o", "yes", "true")

    def _get_need(self, item):
        texts = (item.get("fonction"), item.get("contexteusage"))
        return ". ".join(dict.fromkeys(text for text in texts if text))

    def _get_similar(self, item):
        """The source gives the numbers of other lines."""
        numbers = (item.get("similairea") or "").split(";")
        return [item["_names"].get(number.strip()) for number in numbers]

    def _get_support(self, item):
        if self._is_yes(item.get("support")):
            return "Marché interministériel de support aux logiciels libres"
        return ""
