"""The catalogue an administration keeps in a table (CSV or XLSX, with a template)."""

import re
from pathlib import PurePath

from odoo.tools import LazyTranslate

from ....models.base.text import fold
from .. import values
from ..source import SourceError
from ..table import read_table, rename
from .base import register
from .catalogue import Catalogue
from .solution_words import get_path, get_status

_lt = LazyTranslate(__name__)

# Headings of the template, and other ways to write them. Capitals, accents and
# punctuation make no difference.
HEADINGS = {
    "name": ("Nom", "name", "logiciel", "solution", "produit"),
    "need": (
        "Besoin",
        "need",
        "fonction",
        "description",
        "description courte",
        "besoin couvert",
    ),
    "keywords": ("Mots-clés", "keywords", "mots clefs"),
    "similar_to": ("Produits similaires", "similar to", "similaire à"),
    "path": ("Étape", "path", "step"),
    "operator": ("Exploitant", "operator", "opérateur"),
    "url": ("Adresse web", "url", "site", "lien", "lien vers le service"),
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
# What is added to the name of a file copied again: a number, a day.
_AGAIN = re.compile(
    r"\s*\([0-9]{1,3}\)$"
    r"|[\s_.-]+(19|20)[0-9]{2}([-_.]?[0-9]{2}){0,2}$"
    r"|[\s_.-]+[0-9]{2}[-_.][0-9]{2}[-_.](19|20)[0-9]{2}$"
)


def _fold(text):
    return fold(values.get_text("", text))


_FIELDS = {_fold(t): field for field, titles in HEADINGS.items() for t in titles}


@register
class SolutionSheet(Catalogue):
    code = "solution_sheet"
    label = _lt("Catalogue of an administration (CSV or XLSX)")
    path = "mutualised"
    kinds = ("text", "workbook")
    file_names = (".csv", ".xlsx", ".tsv")

    def parse(self, data, filename):
        own = self._get_default_source(values.get_text("", filename))
        rows = read_table(data, self._has_columns)
        return [(line, {**rename(row, _FIELDS), "_source": own}) for line, row in rows]

    def _has_columns(self, headings):
        return "name" in rename(dict.fromkeys(headings), _FIELDS)

    def _get_default_source(self, filename):
        """The name of the file, the same whenever it is copied: its entries are
        recognised by it."""
        path = PurePath(filename)
        stem = path.stem
        while (shorter := _AGAIN.sub("", stem)) and shorter != stem:
            stem = shorter
        return f"{stem}{path.suffix}"[:150] or "CSV"

    def _get_items(self, document):
        if not document or "name" not in document[0][1]:
            raise SourceError(
                _lt(
                    "At line 1, a column “Nom” was expected: download the template "
                    "and fill it in, or choose another source."
                )
            )
        for line, row in document:
            yield _lt("Line %(line)s", line=line), row

    def _get_identity(self, item):
        return values.get_text("", item.get("name"))[:100]

    def _get_solution(self, item, notes):
        return {
            **item,
            "key": item.get("key") or item.get("name"),
            "source": item.get("source") or item["_source"],
            "path": self._get_path(item, notes),
            "development_status": self._get_status(item, notes),
        }

    def _get_path(self, item, notes):
        text = values.get_text("", item.get("path"))
        path = get_path(text)
        if text and not path:
            notes.append(
                _lt(
                    "Its step “%(step)s” is none of the template's: read as "
                    "mutualised. If it can be bought as it is, write “Sur étagère”.",
                    step=text[:60],
                )
            )
        return path or self.path

    def _get_status(self, item, notes):
        text = values.get_text("", item.get("development_status"))
        status = get_status(text)
        if text and not status:
            notes.append(_lt("Its status is left empty: it is none of the template's."))
        return status or ""
