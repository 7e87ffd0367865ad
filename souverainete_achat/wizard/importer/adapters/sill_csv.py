"""SILL 2018-2021: free software recommended to the State (CSV of DISIC/sill)."""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError
from ..table import read_table
from .base import register
from .catalogue import Catalogue

_lt = LazyTranslate(__name__)

_COLUMNS = {"ID", "nom", "fonction", "statut"}


@register
class SillCsv(Catalogue):
    code = "sill_csv"
    label = _lt("SILL: recommended free software (CSV, until 2021)")
    source = "SILL, DISIC/sill (CSV)"
    markers = ("comptoir-du-libre,licence", "contexte-usage")
    file_names = ("sill-20",)
    title_field = "nom"

    def parse(self, data, filename):
        return list(read_table(data))

    def _get_items(self, document):
        if not document or not _COLUMNS <= set(document[0][1]):
            raise SourceError(
                _lt(
                    "At line 1, the columns ID, nom, fonction and statut were "
                    "expected: this file is no SILL. Choose another source."
                )
            )
        names = {row.get("ID"): row.get("nom") for _line, row in document}
        for line, row in document:
            yield _lt("Line %(line)s", line=line), {**row, "_names": names}

    def _get_identity(self, item):
        return values.get_text("", item.get("ID"))[:100]

    def _check_numbers(self, item):
        """All is text."""

    def _get_solution(self, item, notes):
        public = item.get("public") == "Oui"
        return {
            "key": item.get("ID"),
            "name": item.get("nom"),
            "path": "mutualised" if public else "off_the_shelf",
            "need": self._get_need(item),
            "keywords": [item.get("composant"), item.get("secteur")],
            "similar_to": self._get_similar(item),
            "licence": item.get("licence"),
            "wikidata": item.get("wikidata"),
            "url": item.get("label"),
            "contract_vehicle": self._get_support(item),
            "withdrawn": item.get("statut") == "FR",
        }

    def _get_need(self, item):
        texts = (item.get("fonction"), item.get("contexte-usage"))
        return ". ".join(dict.fromkeys(text for text in texts if text))

    def _get_similar(self, item):
        """The source gives the numbers of other lines."""
        numbers = (item.get("similaire-a") or "").split(";")
        return [item["_names"].get(number.strip()) for number in numbers]

    def _get_support(self, item):
        if item.get("support") == "Oui":
            return "Marché interministériel de support aux logiciels libres"
        return ""
