"""European notices: needs, contracts, and the amendments they announce."""

from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_import import OWN_SIRET, ImportCase

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "eforms"
XSD = "urn:oasis:names:specification:ubl:schema:xsd:"
HOLDER, OTHER = "73282932000074", "552100554"
PROCEDURE = "1b2c3d4e-0000-4000-8000-000000000001"


def cpv(code):
    return (
        "<MainCommodityClassification><ItemClassificationCode>"
        f"{code}</ItemClassificationCode></MainCommodityClassification>"
    )


def project(name, code="72000000", amount="", period=""):
    total = (
        "<RequestedTenderTotal><EstimatedOverallContractAmount currencyID='EUR'>"
        f"{amount}</EstimatedOverallContractAmount></RequestedTenderTotal>"
    )
    return (
        f"<ProcurementProject><ID>X</ID><Name>{name}</Name>"
        f"<Description>Texte de {name}</Description>{total if amount else ''}"
        f"{cpv(code)}<PlannedPeriod>{period}</PlannedPeriod></ProcurementProject>"
    )


def months(number, unit="MONTH"):
    return f"<DurationMeasure unitCode='{unit}'>{number}</DurationMeasure>"


def criterion(name, weight):
    return (
        "<SubordinateAwardingCriterion><AwardCriterionParameter>"
        "<ParameterCode>per-exa</ParameterCode>"
        f"<ParameterNumeric>{weight}</ParameterNumeric></AwardCriterionParameter>"
        f"<Name>{name}</Name></SubordinateAwardingCriterion>"
    )


def company(identifier, number, name):
    return (
        "<Organization><Company><PartyIdentification>"
        f"<ID>{identifier}</ID></PartyIdentification>"
        f"<PartyName><Name>{name}</Name></PartyName>"
        f"<PartyLegalEntity><CompanyID>{number}</CompanyID></PartyLegalEntity>"
        "</Company></Organization>"
    )


def notice(root, extension, content):
    return (
        f'<?xml version="1.0"?><{root} xmlns="{XSD}{root}-2"><UBLExtensions>'
        f"{extension}</UBLExtensions><ID>notice-1</ID>"
        f"<ContractFolderID>{PROCEDURE}</ContractFolderID>"
        "<IssueDate>2025-02-20+01:00</IssueDate>"
        "<ContractingParty><Party><PartyIdentification><ID>ORG-1</ID>"
        f"</PartyIdentification></Party></ContractingParty>{content}</{root}>"
    )


def competition(**vals):
    lot = "".join(criterion(*pair) for pair in (("Prix", 60), ("Qualité", 40)))
    return notice(
        "ContractNotice",
        "",
        project("Plateforme de visioconférence", amount="480000", **vals)
        + f"<ProcurementProjectLot><ID>LOT-1</ID>{lot}"
        + project("Lot unique", period=months(4, "YEAR"))
        + "</ProcurementProjectLot>",
    )


def result(amount=1200000, holders=((HOLDER, "Titulaire"),), change="", currency="EUR"):
    tenderers = "".join(
        f"<Tenderer><ID>ORG-{i}</ID></Tenderer>" for i, _h in enumerate(holders, 2)
    )
    organisations = company("ORG-1", OWN_SIRET, "Ministère") + "".join(
        company(f"ORG-{i}", *holder) for i, holder in enumerate(holders, 2)
    )
    extension = (
        f"{change}<NoticeResult><LotTender><ID>TEN-1</ID><LegalMonetaryTotal>"
        f"<PayableAmount currencyID='{currency}'>{amount}</PayableAmount>"
        "</LegalMonetaryTotal><TenderingParty><ID>TPA-1</ID></TenderingParty>"
        "<TenderLot><ID>LOT-1</ID></TenderLot></LotTender>"
        "<SettledContract><ID>CON-1</ID><IssueDate>2025-01-31</IssueDate>"
        "<ContractReference><ID>2025M001</ID></ContractReference>"
        "<LotTender><ID>TEN-1</ID></LotTender></SettledContract>"
        f"<TenderingParty><ID>TPA-1</ID>{tenderers}</TenderingParty></NoticeResult>"
        f"<Organizations>{organisations}</Organizations>"
    )
    lot = project("Infogérance", period=months(36))
    return notice(
        "ContractAwardNotice",
        extension,
        project("Tout")
        + f"<ProcurementProjectLot><ID>LOT-1</ID>{lot}</ProcurementProjectLot>",
    )


CHANGE = (
    "<ContractModification><Change><ChangeDescription>Extension du périmètre"
    "</ChangeDescription></Change><ChangeReason><ReasonCode>add-wss</ReasonCode>"
    "<ReasonDescription>Services devenus nécessaires</ReasonDescription>"
    "</ChangeReason></ContractModification>"
)


@tagged("post_install", "-at_install")
class TestEforms(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")

    def _import_notice(self, content, **options):
        return self._import(content, filename="notice.xml", **options)

    def _preview_notice(self, content):
        return self._preview(content, filename="notice.xml")

    def test_competition_is_a_need_with_its_criteria(self):
        wizard = self._import_notice(competition(), user=self.buyer)
        self.assertEqual(wizard.adapter, "eforms_plan")
        need = self._files(wizard)
        self.assertEqual(need.reference, "Plateforme de visioconférence")
        self.assertEqual(need.amount_estimated, 480000)
        self.assertEqual(need.duration_months, 48)
        self.assertEqual(need.cpv_code, "72000000")
        for words in ("Prix (60 %)", "Qualité (40 %)"):
            self.assertIn(words, need.description)
        self.assertFalse(need.ref_approch)
        again = self._import_notice(competition(), user=self.buyer)
        self.assertEqual(self._statuses(again), ["unchanged"])

    def test_result_is_a_contract_of_before(self):
        holders = ((HOLDER, "Titulaire"), (OTHER, "Cotraitant"))
        wizard = self._import_notice(result(holders=holders))
        self.assertEqual(wizard.adapter, "eforms_result")
        file = self._files(wizard)
        self.assertTrue(file.is_prior)
        self.assertEqual(file.reference, "Infogérance")
        self.assertEqual(file.ref_contract, "2025M001")
        self.assertEqual(file.amount_max, 1200000)
        self.assertEqual(str(file.date_start), "2025-01-31")
        self.assertEqual(file.duration_months, 36)
        self.assertEqual(
            set(file.holder_ids.mapped("name")), {"Titulaire", "Cotraitant"}
        )
        again = self._import_notice(result(holders=holders))
        self.assertEqual(self._statuses(again), ["unchanged"])

    def test_modification_prepares_an_amendment_once(self):
        file = self._files(self._import_notice(result()))
        wizard = self._import_notice(result(1500000, change=CHANGE))
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertEqual(file.amount_max, 1200000)
        amendment = file.amendment_ids
        self.assertEqual(amendment.state, "draft")
        self.assertEqual(amendment.amount, 300000)
        self.assertEqual(amendment.name, "Extension du périmètre")
        self.assertEqual(amendment.ground, "additional")
        self._import_notice(result(1500000, change=CHANGE))
        self.assertEqual(len(file.amendment_ids), 1)

    def test_another_currency_is_unknown_and_said(self):
        wizard = self._import_notice(result(currency="GBP"))
        self.assertFalse(self._files(wizard).amount_max_known)
        self.assertIn("An amount in GBP is not read", wizard.line_ids.message)

    def test_holder_without_a_number_is_said(self):
        (line,) = self._preview_notice(
            result(holders=(("not available", "PwC"),))
        ).line_ids
        self.assertIn("PwC is left out of the holders", line.message)

    def test_result_without_contract_is_refused_in_words(self):
        empty = notice("ContractAwardNotice", "", project("Tout"))
        with self.assertRaisesRegex(UserError, "nothing was awarded"):
            self._preview_notice(empty)

    def test_real_notices_are_read(self):
        if not SAMPLES.exists():
            self.skipTest("sample data folder ../shared/data not found")
        expected = {
            "pin-only_81_FRA.xml": ("eforms_plan", 1),
            "cn_24_FRA_comments.xml": ("eforms_plan", 1),
            "cn_24_minimal.xml": ("eforms_plan", 1),
            "cn_81_FRA.xml": ("eforms_plan", 1),
            "can_24_FRA_comments.xml": ("eforms_result", 2),
            "can_24_minimal.xml": ("eforms_result", 1),
            "can-modif_24_value.xml": ("eforms_result", 1),
        }
        for name, (adapter, count) in expected.items():
            with self.subTest(name):
                user = self.buyer if adapter == "eforms_plan" else self.officer
                content = (SAMPLES / name).read_bytes()
                wizard = self._wizard(content, user, filename=name)
                self.assertEqual(wizard.adapter, adapter)
                wizard.action_preview()
                self.assertEqual(len(wizard.line_ids), count)
                self.assertTrue(all(wizard.line_ids.mapped("title")))
