"""What is committed in Chorus and has no file here."""

import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..gate.reconciliation_common import ReconciliationCase

HEAD = "Engagement juridique;SIRET;Fournisseur;Groupe de marchandises;"
HEAD += "Libellé du groupe;Montant HT;Date\n"
KNOWN, STRANGER = "10000000100018", "20000000200017"


@tagged("post_install", "-at_install")
class TestReconciliationChorus(ReconciliationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor.write({"is_company": True, "company_registry": "100 000 001 00018"})

    def _wizard(self, data, user=None, filename="extraction.csv"):
        data = data if isinstance(data, bytes) else (HEAD + data).encode()
        wizard = self.env["souverainete.import"].with_user(user or self.officer)
        return wizard.create({"data": base64.b64encode(data), "filename": filename})

    def _import(self, data, **options):
        wizard = self._wizard(data, **options)
        wizard.action_import()
        return wizard

    def _commitments(self):
        return self.env["souverainete.chorus.commitment"].search([])

    def test_preview_writes_nothing(self):
        wizard = self._wizard(f"1500001;{KNOWN};Éditions;36.01;Logiciels;1000;\n")
        self.assertEqual(wizard.adapter, "chorus_sheet")
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.mapped("status"), ["created"])
        self.assertFalse(self._commitments())
        wizard.action_import()
        self.assertEqual(self._commitments().mapped("amount"), [1000])

    def test_lines_of_a_commitment_add_up_and_are_replaced(self):
        line = f"1500001;{KNOWN};Éditions;36.01;Logiciels;%s;30/11/2026\n"
        self._import(line % "1 000,50" + line % "2000")
        self.assertEqual(self._commitments().amount, 3000.5)
        again = self._import(line % "1 000,50" + line % "2000")
        self.assertEqual(again.line_ids.mapped("status"), ["unchanged"])
        more = self._import(line % "5000")
        self.assertEqual(more.line_ids.mapped("status"), ["updated"])
        self.assertEqual(self._commitments().amount, 5000)

    def test_workbook(self):
        book, stream = Workbook(), io.BytesIO()
        book.active.append(["N° EJ", "SIRET fournisseur", "GM", "Montant HT"])
        book.active.append(["1500001", KNOWN, "36.01", 1200.0])
        book.save(stream)
        wizard = self._wizard(stream.getvalue(), filename="chorus.xlsx")
        wizard.action_import()
        self.assertEqual(self._commitments().amount, 1200)

    def test_bad_lines_are_refused_and_the_others_pass(self):
        wizard = self._import(
            f"1500001;{KNOWN};A;36.01;Logiciels;1000;\n"
            "1500002;12;B;36.01;Logiciels;1000;\n"
            f"1500003;{KNOWN};C;36.01;Logiciels;beaucoup;\n"
            f";{KNOWN};D;36.01;Logiciels;1000;\n"
            f"1500005;{KNOWN};E;36.01;Logiciels;;\n"
        )
        statuses = wizard.line_ids.mapped("status")
        self.assertEqual(statuses, ["created", *["refused"] * 4])

    def test_columns_that_miss_are_named(self):
        wizard = self._wizard(b"EJ;Montant HT\n1;2\n", filename="chorus.csv")
        with self.assertRaisesRegex(UserError, "Groupe de marchandises"):
            wizard.action_preview()

    def test_officers_alone_import(self):
        with self.assertRaisesRegex(AccessError, "can be imported by"):
            self._import("", user=self.buyer)
        self._import(f"1500001;{KNOWN};A;36.01;Logiciels;1000;\n")
        with self.assertRaises(AccessError):
            self._commitments().with_user(self.officer).sudo().write({"amount": 1})

    # === FACTS === #

    def test_committed_to_a_digital_vendor_without_a_file(self):
        order = self._small_order(1000.0)
        line = f"1500001;{KNOWN};Éditions;36.01;Divers;%s;\n"
        self._import(line % "250000")
        fact = self._fact("chorus", self._commitments())
        self.assertEqual((fact.amount, fact.vendor_id), (250000, self.vendor))
        self.assertIn("1500001", fact.reference)
        self._answer(fact)
        self._import(line % "240000")
        self.assertFalse(self._fact("chorus"))
        self._import(line % "260000")
        self.assertEqual(self._fact("chorus"), fact)
        order.ref_chorus_ej = "1500001"
        self._look()
        self.assertEqual(fact.state, "gone")

    def test_committed_in_a_digital_group_without_a_file(self):
        self._import(
            f"1500001;{STRANGER};Inconnu;36.01;Logiciels bureautiques;9000;\n"
            f"1500002;{STRANGER};Inconnu;12.01;Mobilier;900000;\n"
        )
        facts = self._fact("chorus")
        self.assertEqual(facts.mapped("amount"), [9000])
        file = self._new_file()
        file.ref_chorus_ej = "1500001"
        self.assertFalse(self._fact("chorus"))

    def test_small_commitments_are_tolerated(self):
        self._import(f"1500001;{STRANGER};Inconnu;36.01;Logiciels;900;\n")
        self.assertFalse(self._fact("chorus"))
