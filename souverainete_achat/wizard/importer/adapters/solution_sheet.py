"""The catalogue an administration keeps in a table (CSV or XLSX, with a template)."""

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError
from ..table import read_table
from .base import register
from .catalogue import Catalogue

_lt = LazyTranslate(__name__)

# Headings of the template, and other ways to write them. Capitals, accents and
# punctuation make no difference.
HEADINGS = {
    "name": ("Nom", "name", "logiciel", "solution", "produit"),
    "need": ("Besoin", "need", "fonction", "description", "besoin couvert"),
    "keywords": ("Mots-clés", "keywords", "mots clefs"),
    "similar_to": ("Produits similaires", "similar to", "similaire à"),
    "path": ("Étape", "path", "step"),
    "operator": ("Exploitant", "operator", "opérateur"),
    "url": ("Adresse web", "url", "site", "lien"),
    "licence": ("Licence", "license"),
    "development_status": (
        "État",
        "development status",
        "statut",
        "état développement",
    ),
    "used_by": ("Utilisé par", "used by", "utilisateurs"),
    "contact": ("Contact", "contact pour l'obtenir"),
    "contract_vehicle": ("Marché ou convention", "contract vehicle", "contrat"),
    "key": ("Référence", "id", "reference", "identifiant"),
    "source": ("Source", "origine"),
    "wikidata": ("Wikidata", "identifiant wikidata"),
}
_PATHS = {"surétagère": "off_the_shelf", "offtheshelf": "off_the_shelf"}
_STATUSES = {
    "concept": "concept",
    "endéveloppement": "development",
    "development": "development",
    "bêta": "beta",
    "beta": "beta",
    "stable": "stable",
    "enservice": "stable",
    "abandonné": "obsolete",
    "obsolete": "obsolete",
}


def _fold(text):
    return values.fold(values.get_text("", text))


_FIELDS = {_fold(t): field for field, titles in HEADINGS.items() for t in titles}
_FOLDED_PATHS = {_fold(text): path for text, path in _PATHS.items()}
_FOLDED_STATUSES = {_fold(text): status for text, status in _STATUSES.items()}


@register
class SolutionSheet(Catalogue):
    code = "solution_sheet"
    label = _lt("Catalogue of an administration (CSV or XLSX)")
    path = "mutualised"
    kinds = ("text", "workbook")
    file_names = (".csv", ".xlsx", ".tsv")

    def parse(self, data, filename):
        self_source = values.get_text("", filename)[:150] or "CSV"
        return [(line, {"_source": self_source, **r}) for line, r in read_table(data)]

    def _get_items(self, document):
        rows = [(line, self._rename(row)) for line, row in document]
        if not rows or "name" not in rows[0][1]:
            raise SourceError(
                _lt(
                    "At line 1, a column “Nom” was expected: download the template "
                    "and fill it in, or choose another source."
                )
            )
        for line, row in rows:
            yield _lt("Line %(line)s", line=line), row

    def _rename(self, row):
        """The row by field; of two columns for one field, the first filled in."""
        renamed = {"_source": row.get("_source")}
        for heading, cell in row.items():
            if field := _FIELDS.get(_fold(heading)):
                renamed[field] = renamed.get(field) or cell
        return renamed

    def _get_identity(self, item):
        return values.get_text("", item.get("name"))[:100]

    def _get_solution(self, item, notes):
        status = _fold(item.get("development_status"))
        if status and status not in _FOLDED_STATUSES:
            notes.append(_lt("Its status is left empty: it is none of the template's."))
        return {
            **item,
            "key": item.get("key") or item.get("name"),
            "source": item.get("source") or item["_source"],
            "path": _FOLDED_PATHS.get(_fold(item.get("path")), self.path),
            "development_status": _FOLDED_STATUSES.get(status, ""),
        }
