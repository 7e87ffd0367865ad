"""eForms: European notices. What is planned or put out to competition is a need; what
was awarded is a contract, and a change of contract is an amendment to prepare."""

from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo.tools import LazyTranslate

from ....models.base.identity import is_siren, is_siret, is_vat
from .. import values
from ..source import SourceError
from .base import Adapter, register
from .eforms_notice import Notice, find, find_all, find_text, get_euros, get_months

_lt = LazyTranslate(__name__)

_PLANS = ("PriorInformationNotice", "ContractNotice")
_RESULT = "ContractAwardNotice"
# Beginnings of the reasons a notice of modification gives, and the case here. What is
# prepared is a draft: who signs it checks the case.
_GROUNDS = {
    "add-": "additional",
    "mod-cir": "unforeseen",
    "mod-min": "small",
    "mod-nonsub": "insubstantial",
    "mod-rep": "holder",
    "mod-rev": "provided",
}


class Eforms(Adapter):
    """What both kinds of notice share."""

    kinds = ("xml",)
    title_field = "title"
    # Names of the root elements it reads.
    roots = ()

    def is_recognised(self, data, head):
        return any(f"xsd:{root}-2" in head for root in self.roots)

    def _get_notice(self, document):
        if not etree.iselement(document):
            raise self._get_shape_error()
        notice = Notice(document)
        if notice.kind not in self.roots:
            raise self._get_shape_error()
        return notice

    def _get_shape_error(self):
        return SourceError(
            _lt(
                "At line 1, %(roots)s was expected: this file is no such notice. "
                "Choose another source.",
                roots=", ".join(self.roots),
            )
        )

    def _get_identity(self, item):
        return values.get_text("", item.get("identity"))[:100]

    def _get_procedure(self, notice):
        """What the notices of one procedure share."""
        return notice.get_own("ContractFolderID") or notice.get_own("ID")

    def _get_cpv(self, *projects):
        path = "MainCommodityClassification/ItemClassificationCode"
        found = (find_text(project, path) for project in projects)
        return values.get_cpv("ItemClassificationCode", next(filter(None, found), ""))

    def _get_amount(self, record, element):
        text, currency = get_euros(element)
        if element is not None and not text:
            record.notes.append(
                _lt("An amount in %(currency)s is not read.", currency=currency)
            )
        return values.get_amount("amount", text)


@register
class EformsPlan(Eforms):
    code = "eforms_plan"
    label = _lt("eForms: notices of planning and competition (XML)")
    target = "need"
    groups = ("purchase.group_purchase_user",)
    roots = _PLANS

    def _get_items(self, document):
        notice = self._get_notice(document)
        title = find_text(notice.project, "Name")
        place = _lt("Line %(line)s", line=notice.root.sourceline)
        identity = self._get_procedure(notice)
        yield place, {"title": title, "identity": identity, "notice": notice}

    def _fill(self, record, item):
        notice = item["notice"]
        record.key = values.get_key("ContractFolderID", item["identity"])
        record.title = values.get_text("Name", item["title"], required=True)[:250]
        # The whole procedure speaks first; its lots where it says nothing.
        projects = [notice.project, *notice.lots]
        cpv, _restored = self._get_cpv(*projects)
        months = [get_months(project)[0] for project in projects]
        record.values = {
            "title": record.title,
            "description": find_text(notice.project, "Description"),
            "criteria": notice.get_criteria(),
            "keywords": "",
            "approch": False,
            "amount": self._get_estimate(record, notice),
            "months": max(filter(None, months), default=None),
            "publication": self._get_publication(notice),
            "offers": values.find_date(
                notice.get("TenderSubmissionDeadlinePeriod/EndDate")
            ),
            "cpv": cpv,
            "place": "",
            "closed": False,
        }
        if record.values["amount"] is None:
            record.notes.append(_lt("The estimated amount is unknown."))

    def _get_publication(self, notice):
        """The day a planned notice announces, else the day it was issued."""
        announced = values.find_date(notice.get_own("PlannedDate"))
        return announced or values.find_date(notice.get_own("IssueDate"))

    def _get_estimate(self, record, notice):
        """€ excl. tax of the procedure, or of its lots where all of them say it."""
        path = "RequestedTenderTotal/EstimatedOverallContractAmount"
        own = find(notice.project, path)
        if own is not None:
            return self._get_amount(record, own)
        found = [self._get_amount(record, find(lot, path)) for lot in notice.lots]
        return sum(found) if found and None not in found else None


@register
class EformsResult(Eforms):
    code = "eforms_result"
    label = _lt("eForms: notices of result and modification (XML)")
    target = "agreement"
    groups = ("souverainete_achat.group_officer",)
    roots = (_RESULT,)

    def _get_items(self, document):
        """One contract a lot: its holders are those of its winning tenders."""
        notice = self._get_notice(document)
        results = notice.get_results()
        if not results:
            raise SourceError(
                _lt("This notice gives no contract: nothing was awarded.")
            )
        for lot, signed in results.items():
            element = notice.get_lot(lot)
            title = find_text(find(element, "ProcurementProject"), "Name")
            place = _lt("Line %(line)s", line=signed[0][0].sourceline)
            yield (
                place,
                {
                    "title": title or find_text(notice.project, "Name"),
                    "identity": lot,
                    "notice": notice,
                    "lot": element,
                    "signed": signed,
                },
            )

    def _fill(self, record, item):
        notice, lot, signed = item["notice"], item["lot"], item["signed"]
        record.title = values.get_text("Name", item["title"], required=True)[:250]
        project = find(lot, "ProcurementProject")
        cpv, _restored = self._get_cpv(project, notice.project)
        if not cpv:
            raise values.Refused(_lt("%(field)s is missing.", field="CPV"))
        day = self._get_day(notice, signed)
        amount = self._get_value(record, item)
        numbers = [find_text(c, "ContractReference/ID") for c, _tender in signed]
        key = f"{self._get_procedure(notice)}|{item['identity']}"
        record.key = values.get_key("ContractFolderID", key)
        record.values = {
            "title": record.title,
            "buyer": values.get_digits(notice.get_buyer()[0]),
            "cpv": cpv,
            "date": day,
            "amount": amount,
            "signed_amount": amount,
            "months": self._get_duration(day, project),
            "framework": "",
            "call_off": False,
            "published": values.find_date(notice.get_own("IssueDate")),
            "reference": ", ".join(dict.fromkeys(filter(None, numbers))),
            "holders": self._get_holders(record, notice, signed),
            "change": self._get_change(notice),
        }

    def _get_day(self, notice, signed):
        """The day the first contract was concluded, or else awarded."""
        names = ("IssueDate", "AwardDate")
        texts = (find_text(c, name) for name in names for c, _tender in signed)
        day = next(filter(None, map(values.find_date, texts)), None)
        if not day:
            raise values.Refused(_lt("%(field)s is missing.", field="IssueDate"))
        return day

    def _get_value(self, record, item):
        """€ excl. tax: the maximum of the framework, else the sum of what was won."""
        maximum = item["notice"].get_maximum(item["identity"])
        if maximum is not None:
            return self._get_amount(record, maximum)
        path = "LegalMonetaryTotal/PayableAmount"
        won = [self._get_amount(record, find(t, path)) for _c, t in item["signed"]]
        return sum(won) if None not in won else None

    def _get_duration(self, day, project):
        months, end = get_months(project)
        last = values.find_date(end)
        if months or not last or last < day:
            return months
        gap = relativedelta(last + relativedelta(days=1), day)
        return gap.years * 12 + gap.months + bool(gap.days)

    def _get_holders(self, record, notice, signed):
        """[type, identifier, name] of each; one whose number cannot be read is said."""
        holders = []
        for _contract, tender in signed:
            for number, name in notice.get_holders(tender):
                digits = values.get_digits(number)
                kind = self._get_kind(digits)
                if kind:
                    holders.append([kind, digits, name])
                else:
                    record.notes.append(
                        _lt(
                            "%(name)s is left out of the holders: its number cannot "
                            "be read (%(number)s).",
                            name=name,
                            number=number or "-",
                        )
                    )
        return holders

    def _get_kind(self, number):
        if is_siret(number) or is_siren(number):
            return "SIRET"
        written = number[:2].isalpha() and any(map(str.isdigit, number))
        return "TVA" if written and is_vat(number) else ""

    def _get_change(self, notice):
        """What a notice of modification says of the amendment; nothing for a result."""
        changes = find_all(notice.root, "ContractModification")
        if not changes:
            return {}
        code = find_text(changes[0], "ReasonCode")
        grounds = (g for start, g in _GROUNDS.items() if code.startswith(start))
        return {
            "name": find_text(changes[0], "Change/ChangeDescription"),
            "ground": next(grounds, False),
            "reason": find_text(changes[0], "ReasonDescription"),
        }
