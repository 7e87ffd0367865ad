"""Lists of qualified services: what the register takes of them, or not."""

import io
from datetime import date

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.souverainete_achat.wizard.exchange.adapters import guess

from ..common import ADDON
from ..exchange.common_import import ImportCase

HEADS = "Société;N° SIREN;Nom du service;Type;Qualification;N° de décision;Du;Au;Statut"


def sheet(*rows):
    return "\n".join([HEADS, *rows])


OUTSCALE = (
    "Outscale;527 594 493;IaaS Cloud on Demand;IaaS;SecNumCloud 3.2;2118;"
    "30/11/2023;30/11/2026;Qualifié"
)


@tagged("post_install", "-at_install")
class TestRegisterImport(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls.env["souverainete.qualification"]
        cls.outscale = cls.env.ref(f"{ADDON}.qualification_outscale_iaas")

    def _run(self, content, name="qualifications.csv", user=None):
        return self._import(content, user, filename=name)

    def _line(self, wizard, number=0):
        return wizard.line_ids.sorted("sequence")[number]

    def test_recognised_by_its_name(self):
        wizard = self._wizard(sheet(OUTSCALE), filename="Liste_qualifications_2026.csv")
        self.assertEqual(wizard.adapter, "qualification_sheet")

    def test_the_template_is_recognised_whatever_its_name(self):
        for name in ("qualifications.csv", "qualifications.xlsx"):
            with file_open(f"{ADDON}/static/templates/{name}", "rb") as template:
                content = template.read()
            self.assertEqual(guess(content, name), "qualification_sheet", name)
            if name.endswith(".csv"):
                self.assertEqual(guess(content, "anssi.csv"), "qualification_sheet")

    def test_a_preview_writes_nothing(self):
        count = self.register.search_count([])
        wizard = self._preview(
            sheet(OUTSCALE, "Nouveau;;Nuage;PaaS;SecNumCloud;1;01/01/2026;31/12/2028;"),
            filename="qualifications.csv",
        )
        self.assertEqual(self._line(wizard, 1).status, "created")
        self.assertEqual(self.register.search_count([]), count)
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Nouveau")]))

    def test_the_same_decision_is_completed_and_then_unchanged(self):
        first = self._line(self._run(sheet(OUTSCALE)))
        self.assertEqual((first.status, first.res_id), ("updated", self.outscale.id))
        self.assertEqual(self.outscale.version, "3.2")
        self.assertEqual(self.outscale.date_end, date(2026, 11, 30))
        self.outscale.invalidate_recordset(["entry_ids"])
        self.assertIn("qualifications.csv", self.outscale.entry_ids[0].reason)
        self.assertEqual(self._line(self._run(sheet(OUTSCALE))).status, "unchanged")

    def test_a_later_decision_is_a_renewal(self):
        wizard = self._run(
            sheet(
                "OUTSCALE;;iaas cloud on demand;IaaS;SecNumCloud v3.2;4000;"
                "1er décembre 2026;30 novembre 2029;qualifiée"
            )
        )
        line = self._line(wizard)
        self.assertEqual(line.status, "created")
        renewal = self.register.browse(line.res_id)
        self.assertEqual(renewal.replaces_id, self.outscale)
        self.assertEqual(renewal.partner_id, self.outscale.partner_id)
        self.assertEqual(renewal.date_end, date(2029, 11, 30))
        self.assertEqual(renewal.certainty, "unverified")
        self.assertEqual(renewal.recorded_by_id, self.officer)
        self.assertTrue(
            self.outscale._get_current(date(2027, 1, 1))._is_valid_on(date(2027, 1, 1))
        )

    def test_what_the_list_does_not_hold_is_only_reported(self):
        before = self.register.search([]).mapped(lambda q: (q.state, q.write_date))
        wizard = self._run(sheet(OUTSCALE.replace(" 3.2", "")))
        told = wizard.line_ids.filtered(lambda r: r.status == "skipped")
        names = " ".join(told.mapped("title"))
        self.assertIn("Hosted Private Cloud", names)
        self.assertNotIn("Outscale", names)
        self.assertIn("not in the list", told[0].message)
        after = self.register.search([]).mapped(lambda q: (q.state, q.write_date))
        self.assertEqual(before, after)

    def test_merged_types_and_several_ways_to_write(self):
        row = (
            "Thales Cloud Sécurisé (S3NS);;Autre nuage;PaaS/CaaS et IaaS;SecNumCloud;"
            "77;2026-01-02;02.01.2029;valide"
        )
        record = self.register.browse(self._line(self._run(sheet(row))).res_id)
        self.assertEqual(
            record.service_type_ids.mapped("name"), ["PaaS", "CaaS", "IaaS"]
        )
        self.assertEqual(record.date_start, date(2026, 1, 2))
        self.assertEqual(record.partner_id, self.env.ref(f"{ADDON}.partner_s3ns"))

    def test_refused_with_the_line_and_the_reason(self):
        rows = {
            "A;;S1;IaaS;SecNumCloud;1;30/13/2026;;": "30/13/2026",
            "A;;S2;IaaS;SecNumCloud;2;01/02/26;;": "four digits",
            "A;;S3;Cloud;SecNumCloud;3;;;": "SaaS, PaaS",
            "A;;S4;IaaS;HDS;4;;;": "only SecNumCloud",
            "A;123;S5;IaaS;SecNumCloud;5;;;": "nine digits",
            "A;;S6;IaaS;SecNumCloud;6;;;en cours": "en cours",
            "A;;S7;IaaS;SecNumCloud;7;;;suspendue": "suspension",
            "A;;S8;IaaS;SecNumCloud;8;02/01/2026;01/01/2026;": "before it starts",
            ";;S9;IaaS;SecNumCloud;9;;;": "missing",
        }
        count = self.register.search_count([])
        wizard = self._run(sheet(*rows))
        for number, reason in enumerate(rows.values()):
            line = self._line(wizard, number)
            with self.subTest(reason):
                self.assertEqual(line.status, "refused")
                self.assertIn(reason, line.message)
                self.assertIn(str(number + 2), line.line)
        self.assertEqual(self.register.search_count([]), count)

    def test_unknown_stays_unknown(self):
        row = "Inconnue SAS;;Service neuf;NC;SecNumCloud;;;;en cours d'examen"
        record = self.register.browse(self._line(self._run(sheet(row))).res_id)
        self.assertEqual(record.state, "examination")
        self.assertFalse(record.date_end or record.service_type_ids or record.version)

    def test_providers_by_siren_then_by_name(self):
        ovh = self.env.ref(f"{ADDON}.partner_ovh")
        row = "OVHcloud;424761419;X;IaaS;SecNumCloud;1;;;"
        found = self.register.browse(self._line(self._run(sheet(row))).res_id)
        self.assertEqual(found.partner_id, ovh)
        self.env["res.partner"].create(
            [{"name": "Double", "is_company": True} for _n in range(2)]
        )
        for row, reason in (
            ("Double;;X;IaaS;SecNumCloud;1;;;", "Several contacts"),
            ("OVH;111111118;X;IaaS;SecNumCloud;1;;;", "another SIREN"),
        ):
            line = self._line(self._run(sheet(row)))
            self.assertEqual(line.status, "refused")
            self.assertIn(reason, line.message)

    def test_one_new_provider_for_its_two_services(self):
        rows = [f"Neuve;;S{n};IaaS;SecNumCloud;{n};;;" for n in (1, 2)]
        self._run(sheet(*rows))
        created = self.env["res.partner"].search([("name", "=", "Neuve")])
        self.assertEqual(len(created), 1)
        self._run(sheet(*rows))
        self.assertEqual(
            self.env["res.partner"].search([("name", "=", "Neuve")]), created
        )

    def test_a_withdrawal_is_not_undone_by_a_list(self):
        self.outscale.action_withdraw()
        line = self._line(self._run(sheet(OUTSCALE)))
        self.assertEqual(self.outscale.state, "withdrawn")
        self.assertIn("withdrawal is kept", line.message)

    def test_a_renewal_without_a_date_is_not_pending(self):
        row = OUTSCALE.replace("Qualifié", "Renouvellement en cours")
        line = self._line(self._run(sheet(row)))
        self.assertIn("not since when", line.message)
        self.assertFalse(self.outscale.renewal_pending_since)

    def _new_record(self, **vals):
        return self.register.create(
            {"partner_id": self.outscale.partner_id.id, "service": "Neuf", **vals}
        )

    def test_a_list_that_gives_no_state_changes_none(self):
        record = self._new_record(state="examination")
        line = self._line(self._run(sheet("Outscale;;Neuf;IaaS;SecNumCloud;;;;")))
        self.assertEqual((line.status, line.res_id), ("updated", record.id))
        self.assertEqual(record.state, "examination")

    def test_a_new_record_without_state_says_so(self):
        line = self._line(self._run(sheet("Outscale;;Neuf;IaaS;SecNumCloud;9;;;")))
        self.assertIn("gives no state", line.message)
        self.assertEqual(self.register.browse(line.res_id).state, "granted")

    def test_what_a_list_changes_is_no_longer_a_primary_text(self):
        record = self._new_record(decision="9", certainty="primary")
        row = "Outscale;;Neuf;;SecNumCloud;9;{};;qualifiée"
        self._run(sheet("Outscale;;Neuf;;SecNumCloud 3.2;9;;;qualifiée"))
        self.assertEqual((record.version, record.certainty), ("3.2", "primary"))
        self._run(sheet(row.format("01/01/2026")))
        self.assertEqual(record.certainty, "unverified")

    def test_successive_decisions_of_one_list_renew_one_another(self):
        rows = (
            "Neuve;;Nuage;IaaS;SecNumCloud;200;01/01/2026;31/12/2028;qualifiée",
            "Neuve;;Nuage;IaaS;SecNumCloud;100;01/01/2023;31/12/2025;qualifiée",
            "Neuve;;Autre;IaaS;SecNumCloud;300;01/01/2027;31/12/2029;qualifiée",
        )
        wizard = self._run(sheet(*rows))
        later, first, other = (
            self.register.browse(self._line(wizard, number).res_id)
            for number in range(3)
        )
        self.assertEqual(later.replaces_id, first)
        self.assertFalse(first.replaces_id or other.replaces_id)
        self.assertIn("Renewal of decision 100", self._line(wizard).message)

    def test_the_surest_match_wins(self):
        self._new_record(state="examination")
        dated = {"date_start": "2023-01-01", "date_end": "2025-12-31"}
        known = self._new_record(decision="100", **dated)
        for row in (
            "Outscale;;Neuf;IaaS;SecNumCloud;100;;;qualifiée",
            "Outscale;;Neuf;IaaS;SecNumCloud;;01/01/2023;31/12/2025;qualifiée",
        ):
            self.assertEqual(self._line(self._run(sheet(row))).res_id, known.id)

    def test_a_line_that_may_be_several_records_names_them(self):
        self._new_record(state="examination")
        self._new_record(decision="100")
        line = self._line(self._run(sheet("Outscale;;Neuf;IaaS;SecNumCloud;;;;")))
        self.assertEqual(line.status, "refused")
        self.assertIn("Under examination", line.message)
        self.assertIn("100", line.message)

    def test_workbook_with_real_dates(self):
        book = Workbook()
        book.active.append(HEADS.split(";"))
        cells = OUTSCALE.split(";")
        book.active.append(
            [*cells[:6], date(2023, 11, 30), date(2026, 11, 30), "qualifiée"]
        )
        content = io.BytesIO()
        book.save(content)
        line = self._line(self._run(content.getvalue(), "qualifications.xlsx"))
        self.assertEqual(line.res_id, self.outscale.id)
        self.assertEqual(self.outscale.date_end, date(2026, 11, 30))

    def test_templates(self):
        for kind in ("csv", "xlsx"):
            path = f"{ADDON}/static/templates/qualifications.{kind}"
            with (
                file_open(path, "rb") as template,
                self.assertRaisesRegex(UserError, "Fournisseur"),
            ):
                self._run(template.read(), f"qualifications.{kind}")
        with file_open(f"{ADDON}/static/templates/qualifications.csv", "rb") as file:
            filled = file.read() + (
                b"Neuve;;Nuage;SaaS;SecNumCloud;3.2;12;01/01/2026;31/12/2028;"
            )
        self.assertEqual(self._line(self._run(filled)).status, "created")

    def test_who_may(self):
        for user in (self.buyer, self.dae, self.ambassador):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._run(sheet(OUTSCALE), user=user)
        done = self._run(sheet(OUTSCALE), user=self.referent)
        self.assertEqual(self._line(done).status, "updated")
