"""DECP: essential data of public procurement, contracts signed (2.0.x JSON and XML,
and the flat JSON published before)."""

from datetime import date

from lxml import etree

from odoo.tools import LazyTranslate

from .. import values
from ..source import SourceError, to_plain
from .base import Adapter, register

_lt = LazyTranslate(__name__)

CONCESSION = "contrat-concession"
CONTRACT = "marche"
SIRET = "SIRET"


@register
class Decp(Adapter):
    code = "decp"
    label = _lt("DECP: contracts already signed (JSON or XML)")
    target = "agreement"
    groups = ("souverainete_achat.group_officer",)
    kinds = ("json", "xml")
    markers = ("codeCPV", "dateNotification", "autoriteConcedante", "<marches")
    file_names = ("decp", "marche")
    title_field = "objet"

    def _get_items(self, document):
        if etree.iselement(document):
            return self._get_xml_items(document)
        return self._get_json_items(document)

    def _get_xml_items(self, root):
        if etree.QName(root).localname != "marches" or not len(root):
            raise self._get_shape_error()
        for element in root:
            kind = etree.QName(element).localname
            place = _lt("Line %(line)s", line=element.sourceline)
            yield place, self._with_kind(to_plain(element), kind)

    def _get_json_items(self, document):
        content = document.get("marches") if isinstance(document, dict) else None
        if isinstance(content, list):
            content = {CONTRACT: content}
        if not isinstance(content, dict) or not ({CONTRACT, CONCESSION} & set(content)):
            raise self._get_shape_error()
        position = 0
        for kind in (CONTRACT, CONCESSION):
            for item in _listed(content.get(kind)):
                position += 1
                place = _lt("Record %(position)s", position=position)
                yield place, self._with_kind(item, kind, document.get("acheteur"))
        if not position:
            raise self._get_shape_error()

    def _get_shape_error(self):
        return SourceError(
            _lt(
                "At line 1, column 1, “marches” with at least one contract was "
                "expected: this file is no DECP. Choose another source."
            )
        )

    def _with_kind(self, item, kind, buyer=None):
        """The item with what only its surroundings say: its kind, the file's buyer."""
        if not isinstance(item, dict):
            return item
        if "concession" in values.get_text("_type", item.get("_type")).lower():
            kind = CONCESSION
        return {"acheteur": buyer, **item, "_type": kind}

    def _fill(self, record, item):
        if item["_type"] != CONTRACT:
            record.skipped = self._get_skip_reason(item["_type"])
            return
        identity = values.get_key("id", item.get("id"))
        buyer = self._get_buyer(item)
        record.key = values.get_key("uid", item.get("uid") or f"{buyer}{identity}")
        record.title = values.get_text("objet", item.get("objet"), required=True)
        cpv, restored = values.get_cpv("codeCPV", item.get("codeCPV"))
        if not cpv:
            raise values.Refused(_lt("%(field)s is missing.", field="codeCPV"))
        record.values = {
            "reference": identity,
            "title": record.title,
            "buyer": buyer,
            "cpv": cpv,
            "date": self._get_signature(item),
            "amount": values.get_amount("montant", item.get("montant")),
            "months": values.get_months("dureeMois", item.get("dureeMois")),
            "framework": values.get_text("", item.get("idAccordCadre")),
            "call_off": item.get("nature") == "Marché subséquent",
        }
        record.values["holders"] = self._get_holders(item.get("titulaires"), record)
        # What rows of one agreement share is what was signed, before amendments.
        record.values["signed_amount"] = record.values["amount"]
        if restored:
            record.notes.append(
                _lt("The leading zero of the CPV code was restored: %(cpv)s.", cpv=cpv)
            )
        self._amend(record, item)

    def _get_skip_reason(self, kind):
        if kind == CONCESSION:
            return _lt("A concession is not a purchase contract: it is not taken over.")
        return _lt("“%(kind)s” is no contract of a buyer.", kind=kind)

    def _get_signature(self, item):
        day = values.get_date("dateNotification", item.get("dateNotification"))
        if not day:
            raise values.Refused(_lt("%(field)s is missing.", field="dateNotification"))
        return day

    def _get_buyer(self, item):
        buyer = item.get("acheteur")
        return values.get_digits(buyer.get("id") if isinstance(buyer, dict) else buyer)

    def _get_holders(self, content, record):
        """[type, identifier, name] of each holder; an unreadable one is reported."""
        holders = []
        for holder in _unwrapped(content, "titulaire"):
            holder = holder if isinstance(holder, dict) else {}
            number = values.get_digits(holder.get("id"))
            kind = values.get_text("", holder.get("typeIdentifiant")).upper() or SIRET
            if not number or (kind == SIRET and not values.is_siret(number)):
                record.notes.append(
                    _lt("A holder is left out: its identifier cannot be read.")
                )
                continue
            name = values.get_text("", holder.get("denominationSociale"))
            holders.append([kind, number, name])
        return holders

    def _amend(self, record, item):
        """Amendments published with the contract: the last word of each field holds."""
        found, signed = record.values, dict(record.values)
        for change in self._get_modifications(item):
            amount = values.get_amount("modification.montant", change.get("montant"))
            months = values.get_months(
                "modification.dureeMois", change.get("dureeMois")
            )
            holders = self._get_holders(change.get("titulaires"), record)
            found["amount"] = amount or found["amount"]
            found["months"] = months or found["months"]
            found["holders"] = holders or found["holders"]
        if found != signed:
            record.notes.append(
                _lt(
                    "Amendments were published: the last amount, duration and holders "
                    "they give are kept."
                )
            )

    def _get_modifications(self, item):
        """Amendments, oldest first; those without a date come before the others."""
        name = "dateNotificationModification"
        changes = [
            change
            for change in _unwrapped(item.get("modifications"), "modification")
            if isinstance(change, dict)
        ]
        return sorted(
            changes, key=lambda c: values.get_date(name, c.get(name)) or date.min
        )


def _listed(content):
    """XML turned to JSON writes one element alone, without its list."""
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def _unwrapped(content, name):
    """Items of [{name: item}], [item] or {name: [item]}: all three are published."""
    for entry in _listed(content):
        if isinstance(entry, dict) and name in entry:
            yield from _listed(entry[name])
        else:
            yield entry
