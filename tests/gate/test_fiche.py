from lxml import html

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase


@tagged("post_install", "-at_install")
class TestFiche(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(
            reference="Video meetings",
            ref_approch="AP-2026-1",
            need_effect="Hold four thousand meetings a week",
            sovereignty_statement="Immunity was decisive.",
        )
        cls.file.sudo().analyst_ids = cls.buyer
        cls.studied = cls._new_option(name="Visio", path="mutualised")
        cls.offer = cls._new_option(
            name="Bid of Alpha",
            kind="offer",
            verdict="retained",
            reason="Cheapest of all",
            partner_id=cls.other_vendor.id,
        )

    @classmethod
    def _new_option(cls, **vals):
        vals = {"requisition_id": cls.file.id, "path": "off_the_shelf", **vals}
        return cls.env["souverainete.option"].with_user(cls.buyer).create(vals)

    def _print(self, file=None, user=None):
        """The words of the sheet, as one text."""
        report = self.env["ir.actions.report"].with_user(user or self.buyer)
        file = file or self.file
        body, _type = report._render_qweb_html(f"{ADDON}.fiche", file.ids)
        return " ".join(html.fromstring(body).text_content().split())

    def _award(self):
        self.file.sudo()._write_server(
            {
                "gate_passed_on": fields.Datetime.now(),
                "gate_state": "confirmed",
                "state": "confirmed",
            }
        )

    def test_says_what_the_file_is(self):
        text = self._print()
        for words in (
            self.file.name,
            self.company.name,
            "AP-2026-1",
            "four thousand meetings",
            "Immunity was decisive.",
            "Visio",
            "Compliance: Incomplete",
        ):
            self.assertIn(words, text)

    def test_compliant_above_missing_points_says_how_many(self):
        missing = len(self.file.sudo()._findings())
        self.patch(
            self.env.registry["purchase.requisition"],
            "_get_compliance",
            lambda _file, _findings: "compliant",
        )
        self.assertIn(f"Compliant, {missing} reservations", self._print())

    def test_what_was_read_of_a_rule_is_said_once(self):
        fiche = self.env[f"report.{ADDON}.fiche"]
        rule = self.env["souverainete.rule"]
        policy = rule.new({"basis": "ministry", "certainty": "policy"})
        self.assertEqual(fiche._get_asked_by(policy), "Policy of the ministry or body")
        press = rule.new({"basis": "circular", "certainty": "press"})
        self.assertEqual(
            fiche._get_asked_by(press),
            "Circular (according to the specialised press; text not read)",
        )

    def test_number_to_quote_follows_the_journal(self):
        for _ in range(2):
            self.file._journal("scope", {})
            text = self._print()
            self.assertIn(f"{self.file.name}/{self.file.journal_seq}", text)
            self.assertIn(self.file.journal_head, text)

    def test_missing_points_say_who_asks_and_how_surely(self):
        text = self._print()
        (finding, *_others) = self.file._findings("launch")
        labels = finding.rule._fields["basis"]._description_selection(self.env)
        self.assertIn(finding.message, text)
        self.assertIn(dict(labels)[finding.rule.basis], text)

    def test_offers_are_not_printed_before_award(self):
        for user in (self.buyer, self.officer, self.dae):
            text = self._print(user=user)
            self.assertIn("confidential until award", text)
            for secret in ("Bid of Alpha", "Cheapest of all", "Autre Éditeur"):
                self.assertNotIn(secret, text)

    def test_vendor_being_chosen_is_not_printed_before_award(self):
        self.assertNotIn(self.vendor.name, self._print())

    def test_offers_and_holder_are_printed_after_award(self):
        self._award()
        text = self._print()
        for words in ("Bid of Alpha", "Cheapest of all", self.vendor.name):
            self.assertIn(words, text)
        self.assertNotIn("confidential until award", text)

    def test_after_award_it_lacks_what_the_gate_says(self):
        """The study's direction gave way to the offer: nothing is asked of it."""
        self.studied.write({"verdict": "retained", "reason": "Meets the effect"})
        self._award()
        sheet = self.env[f"report.{ADDON}.fiche"]._prepare_sheet(self.file.sudo())
        self.assertEqual(sheet["findings"], self.file.sudo()._findings())

    def test_purchase_out_of_scope_says_so(self):
        self.assertIn("not digital", self._print(self._new_file(self.chair)))

    def test_sheet_of_another_ministry_is_refused(self):
        elsewhere = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            "purchase.group_purchase_user",
            company_id=elsewhere.id,
            company_ids=[elsewhere.id],
        )
        with self.assertRaises(AccessError):
            self._print(user=stranger)

    def test_two_sheets_at_once(self):
        other = self._new_file(reference="Second need")
        text = self._print(self.file | other)
        self.assertIn("Video meetings", text)
        self.assertIn("Second need", text)
