"""DECP: essential data of public procurement, contracts signed: the JSON and XML of
2.0.x, the flat JSON published before, the tables of data.gouv.fr."""

import hashlib
import re
from datetime import date

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.tools import LazyTranslate

from ....models.base.identity import is_siren, is_siret, is_vat
from ....models.exchange.essential_format import FACTS, normalise
from .. import values
from ..facts import Facts, listed, unwrap
from ..source import SourceError, get_kind, read, to_plain
from ..table import read_table
from .base import Adapter, register

_lt = LazyTranslate(__name__)

CONCESSION = "contrat-concession"
CONTRACT = "marche"
SIRET = "SIRET"

# All the names that a fact has had, from 2016 to today, here and in tables.
_TITLE = ("objet", "objetMarche", "objet du marché")
_CPV = ("codeCPV", "cpv", "codeCPV.code")
_NOTIFIED = ("dateNotification", "dateNotificationMarche")
_PUBLISHED = ("datePublicationDonnees", "datePublication")
_BUYER = ("acheteur.id", "idAcheteur", "acheteur.siret", "siretAcheteur", "acheteur")
_BUYER_NAME = ("acheteur.nom", "nomAcheteur", "acheteur.denomination", "acheteurNom")
_AMOUNT = ("montant", "montantHT")
_MONTHS = ("dureeMois", "duree", "dureeMarche")
_AMENDED = (
    "dateNotificationModification",
    "dateSignatureModification",
    "dateNotification",
    "dateSignature",
    "datePublicationDonneesModification",
    "datePublicationDonnees",
)
_LONGEST_HEAD = 10_000
# The first format: a year, a number of the buyer, two digits for the revision.
_REVISED = re.compile(r"((?:19|20)[0-9]{2}\S{3,10})([0-9]{2})")


@register
class Decp(Adapter):
    code = "decp"
    label = _lt("DECP: contracts already signed (JSON, XML or CSV)")
    target = "agreement"
    groups = ("souverainete_achat.group_officer",)
    kinds = ("json", "xml", "text", "workbook")
    markers = ("codeCPV", "dateNotification", "autoriteConcedante", "<marches")
    file_names = ("decp", "marche.xml", "marches.xml", "marches.json")
    title_field = "objet"

    # === DOCUMENT === #

    def parse(self, data, filename):
        is_table = get_kind(data) == "workbook" or self._is_table(data)
        return list(read_table(data)) if is_table else read(data)

    def _is_table(self, data):
        """Whether the first line of a text names the facts of a contract."""
        if get_kind(data) != "text":
            return False
        first = data.lstrip(b"\xef\xbb\xbf\r\n").split(b"\n", 1)[0][:_LONGEST_HEAD]
        names = re.split(r"[;,\t|]", first.decode("utf-8", "replace"))
        return self._is_contract([name.strip('"\r ') for name in names])

    def _is_contract(self, item):
        """Whether these are the names of a contract's facts."""
        names = item if isinstance(item, dict | list) else ()
        facts = Facts({name: "x" for name in names if isinstance(name, str)})
        return bool(facts.get(*_TITLE) and facts.get(*_CPV))

    def _get_items(self, document):
        if etree.iselement(document):
            return self._get_xml_items(document)
        if isinstance(document, list) and document and isinstance(document[0], tuple):
            return self._get_rows(document)
        return self._get_json_items(document)

    def get_streamed(self, stream):
        """(place, raw item) of each contract of a file too long for memory."""
        for place, kind, item, buyer in stream:
            yield place, self._with_kind(item, kind or CONTRACT, buyer)

    def _get_rows(self, rows):
        for line, row in rows:
            yield _lt("Line %(line)s", line=line), self._with_kind(row, CONTRACT)

    def _get_xml_items(self, root):
        if etree.QName(root).localname != "marches" or not len(root):
            raise self._get_shape_error()
        for element in root:
            kind = etree.QName(element).localname
            place = _lt("Line %(line)s", line=element.sourceline)
            item = to_plain(element)
            raw = normalise(item) if isinstance(item, dict) else {}
            yield place, self._with_kind(item, kind, raw=raw)

    def _get_json_items(self, document):
        if isinstance(document, list) and document and self._is_contract(document[0]):
            document = {"marches": document}
        content = document.get("marches") if isinstance(document, dict) else None
        regulatory = isinstance(content, dict)
        if isinstance(content, list):
            content = {CONTRACT: content}
        if not isinstance(content, dict) or not ({CONTRACT, CONCESSION} & set(content)):
            raise self._get_shape_error()
        position = 0
        for kind in (CONTRACT, CONCESSION):
            for item in listed(content.get(kind)):
                position += 1
                place = _lt("Record %(position)s", position=position)
                buyer = document.get("acheteur")
                raw = item if regulatory else {}
                yield place, self._with_kind(item, kind, buyer, raw)
        if not position:
            raise self._get_shape_error()

    def _get_shape_error(self):
        return SourceError(
            _lt(
                "At line 1, column 1, “marches” with at least one contract was "
                "expected: this file is no DECP. Choose another source."
            )
        )

    def _with_kind(self, item, kind, buyer=None, raw=None):
        """The item with what only its surroundings say: its kind, the file's buyer, and
        itself where the format of the file can be checked."""
        if not isinstance(item, dict):
            return item
        said = (values.get_text("", item.get(name)) for name in ("_type", "type"))
        if any("concession" in text.lower() for text in said):
            kind = CONCESSION
        return {
            **item,
            "_type": kind,
            "_buyer": buyer,
            "_first": "_type" in item,
            "_raw": raw if raw and kind == CONTRACT else {},
        }

    # === ONE CONTRACT === #

    def _fill(self, record, item):
        if item["_type"] != CONTRACT:
            record.skipped = self._get_skip_reason(item["_type"])
            return
        facts = Facts(item)
        buyer = self._get_number(facts, *_BUYER) or self._get_number(
            Facts({"acheteur": item["_buyer"]}), *_BUYER
        )
        record.title = values.get_text("objet", facts.get(*_TITLE), required=True)
        cpv, restored = values.get_cpv("codeCPV", facts.get(*_CPV))
        if not cpv:
            raise values.Refused(_lt("%(field)s is missing.", field="codeCPV"))
        nature = values.fold(values.get_text("", facts.get("nature")))
        record.values = {
            "title": record.title,
            "buyer": buyer,
            "buyer_name": values.get_text("", facts.get(*_BUYER_NAME))
            or self._get_surrounding_name(item["_buyer"]),
            "cpv": cpv,
            "date": self._get_signature(facts),
            "amount": values.get_amount("montant", facts.get(*_AMOUNT)),
            "months": values.get_months("dureeMois", facts.get(*_MONTHS)),
            "framework": values.get_text("", facts.get("idAccordCadre")),
            "call_off": "marchesubsequent" in nature,
            "published": values.find_date(facts.get(*_PUBLISHED)),
        }
        self._fill_identity(record, facts, item["_first"])
        holders = self._get_holders(facts.get_holders(), record)
        record.values["holders"] = holders
        # What rows of one agreement share is what was signed, before amendments.
        record.values["signed_amount"] = record.values["amount"]
        if restored:
            record.notes.append(
                _lt("The leading zero of the CPV code was restored: %(cpv)s.", cpv=cpv)
            )
        self._amend(record, facts)
        # What is published in the regulatory format is kept whole.
        kept = FACTS if item["_raw"] else ()
        record.unread = [name for name in facts.unread if name not in kept]

    def _get_skip_reason(self, kind):
        if kind == CONCESSION:
            return _lt("A concession is not a purchase contract: it is not taken over.")
        return _lt("“%(kind)s” is no contract of a buyer.", kind=kind)

    def _get_signature(self, facts):
        day = values.get_date("dateNotification", facts.get(*_NOTIFIED))
        if not day:
            raise values.Refused(_lt("%(field)s is missing.", field="dateNotification"))
        if day > values.get_today():
            raise values.Refused(
                _lt(
                    "It is notified on %(date)s, which is to come: it is not signed. "
                    "Correct the date in the source.",
                    date=str(day),
                )
            )
        return day

    def _get_number(self, facts, *names):
        """A SIRET or a SIREN, its lost leading zero restored; empty when unknown."""
        found = facts.get(*names)
        number = "" if isinstance(found, dict) else values.get_digits(found)
        return "" if values.is_placeholder(number) else values.restore_zero(number)

    def _get_surrounding_name(self, buyer):
        return values.get_text("", Facts({"acheteur": buyer}).get(*_BUYER_NAME))

    def _fill_identity(self, record, facts, is_first_format):
        """Its key: what the source identifies it by, without the number of revision;
        an identifier that stands for none is replaced by what was signed."""
        found = record.values
        given = values.get_key("id", facts.get("id", "idMarche", "identifiantMarche"))
        whole = values.get_text("", facts.get("uid")) or f"{found['buyer']}{given}"
        found["reference"], found["whole"], found["revision"] = given, "", 0
        if values.is_placeholder(values.get_digits(given)):
            found["reference"] = ""
            record.key = f"{found['buyer']}|{self._get_digest(found)}"
            record.notes.append(
                _lt("Its identifier, %(id)s, stands for none.", id=given)
            )
            return
        match = _REVISED.fullmatch(given) if is_first_format else None
        found["whole"] = values.get_key("uid", whole)
        if match and whole.endswith(given):
            found["revision"] = int(match[2])
            whole = whole[:-2] + "00"
        record.key = values.get_key("uid", whole)

    def _get_digest(self, found):
        signed = (found["title"].lower(), str(found["date"]), found["amount"])
        return hashlib.sha256(repr(signed).encode()).hexdigest()[:16]

    def _get_holders(self, given, record):
        """[type, identifier, name] of each holder; an unreadable one is reported."""
        holders = []
        for holder in given:
            kind = values.get_text("", holder["typeIdentifiant"]).upper() or SIRET
            number = values.get_digits(holder["id"])
            if kind == "SIREN":
                kind = SIRET
            if kind == SIRET:
                number = values.restore_zero(number)
            if values.is_placeholder(number) or (
                kind == SIRET and not values.is_siret(number)
            ):
                record.notes.append(
                    _lt("A holder is left out: its identifier cannot be read.")
                )
                continue
            if not self._has_key(kind, number):
                record.notes.append(
                    _lt(
                        "The number of a holder, %(number)s, has not the right key: "
                        "check it.",
                        number=number,
                    )
                )
            name = values.get_text("", holder["denominationSociale"])
            holders.append([kind, number, name])
        return holders

    def _has_key(self, kind, number):
        """Whether the key of this number is right, where a country gives it one."""
        if kind == SIRET:
            return is_siret(number) or is_siren(number)
        return is_vat(number) if kind in ("TVA", "UE") else True

    # === AMENDMENTS === #

    def _amend(self, record, facts):
        """Amendments published with the contract: the last word of each field holds,
        but where it cannot be true with what was said before."""
        found, signed = record.values, dict(record.values)
        for day, change in self._get_modifications(facts):
            amount = values.get_amount("modification.montant", change.get(*_AMOUNT))
            months = values.get_months("modification.dureeMois", change.get(*_MONTHS))
            holders = self._get_holders(change.get_holders(), record)
            if doubt := self._get_doubt(found, day, months):
                record.notes.append(doubt)
                continue
            found["amount"] = amount or found["amount"]
            found["months"] = months or found["months"]
            found["holders"] = holders or found["holders"]
            found["amended"] = day
        changed = {name for name in signed if found[name] != signed[name]}
        if changed:
            record.notes.append(
                _lt(
                    "Amendments were published: the last amount, duration and holders "
                    "they give are kept."
                )
            )

    def _get_doubt(self, found, day, months):
        """What an amendment says that cannot be, or nothing: what was said before it
        is then kept."""
        if not day:
            return None
        if day < found["date"]:
            return _lt(
                "An amendment of %(date)s is older than the contract: it is not kept.",
                date=str(day),
            )
        if months and found["date"] + relativedelta(months=months) < day:
            return _lt(
                "An amendment of %(date)s would end the contract before that day "
                "(%(months)s months in all): what was said before is kept. Check it.",
                date=str(day),
                months=months,
            )
        return None

    def _get_modifications(self, facts):
        """[(day, amendment)], oldest first; those without a date come before."""
        given = unwrap(facts.get("modifications", "modification"), "modification")
        changes = [Facts(change) for change in given if isinstance(change, dict)]
        dated = [
            (
                values.get_date("dateNotificationModification", c.get(*_AMENDED)),
                c,
            )
            for c in changes
        ]
        return sorted(dated, key=lambda change: change[0] or date.min)

    # === SEVERAL PUBLICATIONS === #

    def get_records(self, document):
        records = list(super().get_records(document))
        self.settle(records)
        return records

    def settle(self, records):
        """[(the latest publication, all of them)] of each contract that these records
        publish; the others are marked with what became of them."""
        by_key, settled = {}, []
        for record in records:
            if record.key and not (record.skipped or record.refused):
                by_key.setdefault(record.key, []).append(record)
        for published in by_key.values():
            for rank, same in enumerate(self._split_contracts(published)):
                settled.append((self._keep_latest(same, rank), same))
        return settled

    def _split_contracts(self, records):
        """One identifier may stand on several contracts, told apart by their object
        and their day: none is lost for it."""
        contracts, known = [], {}
        for record in records:
            marks = [
                (name, values.fold(str(record.values[name])))
                for name in ("title", "date")
            ]
            found = next((known[mark] for mark in marks if mark in known), None)
            if found is None:
                contracts.append(found := [])
            found.append(record)
            for mark in marks:
                known.setdefault(mark, found)
        return contracts

    def _keep_latest(self, records, rank):
        """Of what was published of one contract the latest counts, in whatever order
        it comes; rows of one publication each give a holder. Returns the latest."""
        latest = max(records, key=self._get_rank)
        if rank:
            own = self._get_digest(latest.values)
            latest.key = f"{latest.key[: values.MAX_KEY - 20]}|{own}"
        for record in records:
            if record is latest or self._get_facts(record) == self._get_facts(latest):
                record.key = latest.key
            elif self._get_rank(record) == self._get_rank(latest):
                self._add_holders(latest, record)
            else:
                record.skipped = _lt(
                    "An earlier publication of this contract: the latest counts, "
                    "%(place)s.",
                    place=latest.place,
                )
        return latest

    def _get_rank(self, record):
        found = record.values
        return (
            found["published"] or date.min,
            found.get("amended") or date.min,
            found["revision"],
        )

    def _get_facts(self, record):
        return {
            n: v for n, v in record.values.items() if n not in ("reference", "whole")
        }

    def _add_holders(self, latest, record):
        known = [holder[1] for holder in latest.values["holders"]]
        latest.values["holders"] += [
            holder for holder in record.values["holders"] if holder[1] not in known
        ]
        record.skipped = _lt(
            "Another row of the same publication: its holders are added, %(place)s.",
            place=latest.place,
        )
