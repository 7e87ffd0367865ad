"""One eForms notice (European notices of public procurement, UBL 2.3): where its facts
stand. No Odoo. Elements are found by local names: prefixes differ by publisher."""

from lxml import etree

EURO = "EUR"
_MONTHS = {"MONTH": 1, "YEAR": 12}


class Notice:
    """A notice, its organisations and its lots."""

    def __init__(self, root):
        self.root = root
        self.kind = etree.QName(root).localname
        companies = find_all(root, "Organizations/Organization/Company")
        self._companies = {find_text(c, "PartyIdentification/ID"): c for c in companies}
        self.lots = find_all(root, "ProcurementProjectLot")
        self.project = find(root, "ProcurementProject")

    def get(self, path):
        return find_text(self.root, path)

    def get_own(self, name):
        """What the notice says of itself, not what something inside it says."""
        return (self.root.findtext(f"{{*}}{name}") or "").strip()

    def get_buyer(self):
        """(number, name) of the first buyer."""
        return self._get_company(
            self.get("ContractingParty/Party/PartyIdentification/ID")
        )

    def _get_company(self, identifier):
        company = self._companies.get(identifier)
        if company is None:
            return "", ""
        number = find_text(company, "PartyLegalEntity/CompanyID")
        return number, find_text(company, "PartyName/Name")

    def get_lot(self, identifier):
        lots = (lot for lot in self.lots if find_text(lot, "ID") == identifier)
        return next(lots, self.root)

    # === RESULT === #

    def get_results(self):
        """{lot: [contract]} of what was signed, in the order of the notice."""
        tenders = self._index("LotTender")
        by_lot = {}
        for contract in find_all(self.root, "NoticeResult/SettledContract"):
            for reference in find_all(contract, "LotTender/ID"):
                tender = tenders.get(get_text(reference))
                if tender is not None:
                    lot = find_text(tender, "TenderLot/ID")
                    by_lot.setdefault(lot, []).append((contract, tender))
        return by_lot

    def get_holders(self, tender):
        """[(number, name)] of those who hold what this tender won."""
        parties = self._index("TenderingParty")
        party = parties.get(find_text(tender, "TenderingParty/ID"))
        if party is None:
            return []
        members = find_all(party, "Tenderer/ID")
        return [self._get_company(get_text(member)) for member in members]

    def get_maximum(self, lot):
        """The maximum of the framework, as the result of this lot gives it."""
        for result in find_all(self.root, "NoticeResult/LotResult"):
            if find_text(result, "TenderLot/ID") == lot:
                return find(result, "FrameworkAgreementValues/MaximumValueAmount")
        return None

    def _index(self, name):
        found = find_all(self.root, f"NoticeResult/{name}")
        return {find_text(element, "ID"): element for element in found}

    # === CRITERIA === #

    def get_criteria(self):
        """[(name, weight)] of the award criteria, each once, in their order."""
        criteria = {}
        for element in find_all(self.root, "SubordinateAwardingCriterion"):
            name = find_text(element, "Name") or find_text(
                element, "AwardingCriterionTypeCode"
            )
            weights = (
                find_text(parameter, "ParameterNumeric")
                for parameter in find_all(element, "AwardCriterionParameter")
                if find_text(parameter, "ParameterCode").startswith("per-")
            )
            criteria.setdefault(name, next(weights, ""))
        return list(criteria.items())


def find_all(element, path):
    """Elements at the end of a path of local names, its first at any depth."""
    if element is None:
        return []
    first, *others = path.split("/")
    steps = "".join(f"/*[local-name()='{name}']" for name in others)
    return element.xpath(f".//*[local-name()='{first}']{steps}")


def find(element, path):
    return next(iter(find_all(element, path)), None)


def find_text(element, path):
    """The text there, or an empty one."""
    return get_text(find(element, path))


def get_text(element):
    return (element.text or "").strip() if element is not None else ""


def get_euros(element):
    """(text, currency) of an amount; no text where it is not in euros."""
    if element is None:
        return "", ""
    currency = element.get("currencyID", EURO)
    return (get_text(element) if currency == EURO else ""), currency


def get_months(project):
    """(months, last day) of a planned period: as many as it says, whole months only."""
    period = find(project, "PlannedPeriod")
    measure = find(period, "DurationMeasure")
    unit = measure.get("unitCode", "") if measure is not None else ""
    text, factor = get_text(measure), _MONTHS.get(unit)
    months = int(text) * factor if factor and text.isdigit() else None
    return months, find_text(period, "EndDate")
