"""An extraction of the commitments of Chorus, in a table (CSV or XLSX)."""

import re

from odoo.tools import LazyTranslate

from .. import french_dates, values
from ..source import SourceError, get_kind
from ..table import decode_table, read_table
from .base import Adapter, register

_lt = LazyTranslate(__name__)

# Headings of the template, and other ways to write them. Capitals, accents, spaces and
# punctuation make no difference.
_HEADINGS = {
    "number": (
        "Engagement juridique",
        "EJ",
        "n° EJ",
        "numéro EJ",
        "n° engagement juridique",
        "numéro d'engagement juridique",
        "n° de l'EJ",
        "engagement",
    ),
    "siret": ("SIRET", "n° SIRET", "SIRET fournisseur", "SIREN", "SIRET du titulaire"),
    "vendor": ("Fournisseur", "titulaire", "nom du fournisseur", "tiers"),
    "group": (
        "Groupe de marchandises",
        "GM",
        "groupe marchandises",
        "code groupe de marchandises",
    ),
    "label": (
        "Libellé du groupe",
        "libellé groupe de marchandises",
        "libellé du groupe de marchandises",
        "libellé GM",
        "libellé",
    ),
    "amount": ("Montant HT", "montant engagé HT", "montant EJ HT", "engagé HT"),
    "date": ("Date", "date EJ", "date de l'EJ", "date d'engagement"),
}
# What of a file holds its first line, and what separates its cells.
_HEAD, _SEPARATORS = 4096, re.compile(r"[;,\t|]")
_NEEDED = {"number", "siret", "group", "amount"}


def _fold(text):
    return values.fold(values.get_text("", text))


_FIELDS = {_fold(t): field for field, titles in _HEADINGS.items() for t in titles}


@register
class ChorusSheet(Adapter):
    code = "chorus_sheet"
    label = _lt("Commitments of Chorus (CSV or XLSX)")
    target = "commitment"
    groups = ("souverainete_achat.group_officer",)
    kinds = ("text", "workbook")
    file_names = ("chorus",)
    title_field = "number"

    def is_recognised(self, data, head):
        """Whatever the names and the order of the columns, those it needs are there."""
        if get_kind(data) != "text":
            return False
        try:
            first = decode_table(data[:_HEAD]).lstrip().partition("\n")[0]
        except SourceError:
            return False
        return self._has_columns(_SEPARATORS.split(first))

    def parse(self, data, filename):
        return list(read_table(data, self._has_columns))

    def _has_columns(self, headings):
        return set(self._rename(dict.fromkeys(headings))) >= _NEEDED

    def _get_items(self, document):
        if not document or not self._has_columns(document[0][1]):
            raise SourceError(
                _lt(
                    "At line 1, the columns “Engagement juridique”, “SIRET”, “Groupe "
                    "de marchandises” and “Montant HT” were expected: name them so in "
                    "the extraction, or choose another source."
                )
            )
        for line, row in document:
            yield _lt("Line %(line)s", line=line), self._rename(row)

    def _rename(self, row):
        """The row by field; of two columns for one field, the first filled in."""
        renamed = {}
        for heading, cell in row.items():
            if field := _FIELDS.get(_fold(heading)):
                renamed[field] = renamed.get(field) or cell
        return renamed

    def _get_identity(self, item):
        return values.get_text("", item.get("number"))[:100]

    def _fill(self, record, item):
        number = values.get_key(_lt("Engagement juridique"), item.get("number"))
        siret = values.get_digits(item.get("siret"))
        if not (siret.isascii() and siret.isdigit() and len(siret) in (9, 14)):
            raise values.Refused(
                _lt("SIRET is “%(value)s”: it has 14 digits.", value=siret[:40])
            )
        amount = values.get_amount(_HEADINGS["amount"][0], item.get("amount"))
        if amount is None:
            raise values.Refused(_lt("It gives no amount without tax."))
        group = values.get_text("", item.get("group"))[: values.MAX_KEY]
        record.values = {
            "number": number,
            "siret": siret,
            "vendor_name": values.get_text("", item.get("vendor"))[: values.MAX_KEY],
            "goods_group": group,
            "goods_label": values.get_text("", item.get("label"))[: values.MAX_KEY],
            "amount": amount,
            "date": french_dates.get_date(_HEADINGS["date"][0], item.get("date")),
        }
        record.key = "|".join((number, siret, group))[: values.MAX_KEY]
        record.title = " – ".join(
            filter(None, (number, record.values["vendor_name"], group))
        )
