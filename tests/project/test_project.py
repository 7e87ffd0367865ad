"""What a project costs, and the threshold of the DINUM's opinion.

Texts: arrêté of 5 June 2020, art. 1 and 2.
"""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ADDON
from .test_opinion import OpinionCase


@tagged("post_install", "-at_install")
class TestCost(OpinionCase):
    """« égal ou supérieur à neuf millions d'euros toutes taxes comprises »."""

    def test_below_equal_above(self):
        for amount, expected in (
            (8_999_999.99, "no"),
            (9_000_000, "yes"),
            (9_000_000.01, "yes"),
        ):
            project = self._new_project(amount)
            self.assertEqual(project.opinion_required, expected, amount)

    def test_amount_without_tax_is_converted(self):
        for amount, expected in ((7_499_999.99, "no"), (7_500_000, "yes")):
            project = self._new_project(
                {"amount": amount, "tax_basis": "ht", "tax_rate": 20}
            )
            self.assertEqual(project.opinion_required, expected, amount)

    def test_reduced_rate_and_exemption(self):
        project = self._new_project(
            {"amount": 1_000_000, "tax_basis": "ht", "tax_rate": 5.5},
            {"amount": 1_000_000, "tax_basis": "ht", "tax_rate": 0},
        )
        self.assertEqual(project.dinum_cost, 2_055_000)

    def test_forgotten_rate_is_the_normal_one(self):
        project = self._new_project({"amount": 7_500_000, "tax_basis": "ht"})
        self.assertEqual(project.opinion_required, "yes")

    def test_staff_counts_without_vat(self):
        """« fonctionnement, investissement et personnel »."""
        project = self._new_project(
            {"amount": 8_000_000, "tax_basis": "ttc", "nature": "investment"},
            {"amount": 1_000_000, "tax_basis": "ht", "nature": "staff"},
        )
        self.assertEqual(project.dinum_cost, 9_000_000)
        self.assertEqual(project.opinion_required, "yes")

    def test_cents_add_up_exactly(self):
        self.assertEqual(self._new_project(*[900_000.10] * 10).dinum_cost, 9_000_001)

    def test_maintenance_counts_for_24_months(self):
        """« les vingt-quatre premiers mois de maintien »."""
        for month_from, month_to, counted in (
            (1, 24, 2_400_000),
            (24, 24, 2_400_000),
            (25, 25, 0),
            (25, 36, 0),
            (1, 36, 1_600_000),
            (23, 26, 1_200_000),
        ):
            project = self._new_project(
                {
                    "amount": 2_400_000,
                    "tax_basis": "ttc",
                    "phase": "mco",
                    "month_from": month_from,
                    "month_to": month_to,
                }
            )
            line = project.cost_line_ids
            self.assertEqual(line.amount_counted, counted, (month_from, month_to))
            self.assertEqual(line.amount_excluded, 2_400_000 - counted)
            self.assertEqual(project.dinum_cost, counted)

    def test_excluded_months_are_said(self):
        project = self._new_project(
            {
                "amount": 1_200_000,
                "tax_basis": "ttc",
                "phase": "mco",
                "month_from": 23,
                "month_to": 26,
            }
        )
        self.assertIn("2 of 4 months", project.cost_line_ids.explanation)
        excluded = self.company.currency_id.format(600_000)
        self.assertIn(excluded, project.cost_explanation)

    @mute_logger("odoo.sql_db")
    def test_maintenance_without_months_is_refused(self):
        with self.assertRaises(IntegrityError):
            self._new_project({"amount": 1, "phase": "mco", "month_to": 0})

    def test_unknown_is_not_zero(self):
        project = self._new_project(1_000_000, {"amount": 0})
        self.assertFalse(project.dinum_cost_known)
        self.assertEqual(project.dinum_cost_low, 1_000_000)
        self.assertEqual(project.opinion_required, "unknown")

    def test_no_line_is_unknown(self):
        self.assertEqual(self._new_project().opinion_required, "unknown")

    def test_known_part_at_the_threshold_is_enough(self):
        project = self._new_project(9_000_000, {"amount": 0})
        self.assertEqual(project.opinion_required, "yes")

    def test_a_real_zero_is_known_when_ticked(self):
        project = self._new_project(1, {"amount": 0, "amount_known": True})
        self.assertTrue(project.dinum_cost_known)

    def test_emptied_amount_becomes_unknown(self):
        project = self._new_project(1_000_000)
        project.cost_line_ids.amount = 0
        self.assertEqual(project.opinion_required, "unknown")

    @mute_logger("odoo.sql_db")
    def test_negative_and_absurd_amounts_are_refused(self):
        for amount, error in (
            (-1, IntegrityError),
            (float("nan"), UserError),
            (float("inf"), UserError),
            (1e13, UserError),
        ):
            with self.assertRaises(error):
                self._new_project(amount)
        with self.assertRaises(IntegrityError):
            self._new_project({"amount": 1, "tax_rate": -20})

    def test_body_by_choice_owes_no_opinion(self):
        self.company.public_entity_type = "voluntary"
        self.assertEqual(self._new_project(50_000_000).opinion_required, "no")

    def test_a_threshold_of_its_day(self):
        """A version that ends leaves its place, without any line changing."""
        project = self._new_project(8_000_000)
        ministry = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        ministry.copy({"amount": 5_000_000, "date_start": "2027-01-01"})
        ministry.date_end = "2026-12-31"
        with freeze_time("2026-12-31 12:00:00"):
            self.assertEqual(project._get_opinion_required(), "no")
        with freeze_time("2027-01-01 12:00:00"):
            self.assertEqual(project._get_opinion_required(), "yes")
            self.env["souverainete.project"]._cron_refresh_cost()
            self.assertEqual(project.opinion_required, "yes")

    def test_derived_cost_cannot_be_written(self):
        project = self._new_project(10_000_000)
        for user in (self.buyer, self.purchase_manager, self.officer, self.env.user):
            for vals in (
                {"dinum_cost": 1},
                {"dinum_cost_low": 1},
                {"opinion_required": "no"},
            ):
                with self.assertRaises(AccessError):
                    project.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    project.with_user(user).sudo().write(vals)
            with self.assertRaises(AccessError):
                project.with_user(user).cost_line_ids.write({"amount_counted": 1})

    def test_derived_cost_cannot_be_created(self):
        with self.assertRaises(AccessError):
            self._new_project(10_000_000, opinion_required="no")
        project = self._new_project(10_000_000)
        context = {"default_amount_counted": 1, "default_amount_ttc": 1}
        line = (
            self.env["souverainete.cost.line"]
            .with_user(self.buyer)
            .with_context(**context)
            .create({"project_id": project.id, "name": "More", "amount": 100})
        )
        self.assertEqual(line.amount_counted, 120)

    def test_derived_cost_is_derived_again(self):
        project = self._new_project(10_000_000)
        with self.assertRaisesRegex(ValidationError, "derived from its cost lines"):
            project._write_server({"opinion_required": "no"})

    def test_two_at_once_touch_the_same_row(self):
        project = self._new_project(1)
        revision = project.evidence_rev
        project.cost_line_ids.amount = 2
        self.assertGreater(project.evidence_rev, revision)
        revision = project.evidence_rev
        self._new_file(project_id=project.id)._touch_evidence()
        self.assertGreater(project.evidence_rev, revision)


@tagged("post_install", "-at_install")
class TestInitiator(OpinionCase):
    """Who initiated the project, and what lies outside article 3 of the decree."""

    def _codes_of(self, project):
        file = self._new_file(project_id=project.id)
        return {finding.rule.code for finding in file._findings("launch")}

    def test_a_project_of_a_ministry_binds_whoever_buys(self):
        self.company.public_entity_type = "supervised_body"
        project = self._new_project(10_000_000)
        self.assertEqual(project._get_threshold().opinion_kind, "simple")
        self.assertIn("project_initiator", self._codes_of(project))
        project.ministry_led = "yes"
        self.assertEqual(project._get_threshold().opinion_kind, "binding")
        self.assertNotIn("project_initiator", self._codes_of(project))
        project.ministry_led = "no"
        self.assertEqual(project._get_threshold().opinion_kind, "simple")
        self.assertNotIn("project_initiator", self._codes_of(project))

    def test_a_ministry_is_not_asked(self):
        project = self._new_project(10_000_000)
        self.assertNotIn("project_initiator", self._codes_of(project))

    def test_outside_article_3_takes_an_officer_who_did_not_write_it(self):
        project = self._new_project(10_000_000, user=self.buyer)
        with self.assertRaisesRegex(AccessError, "Only a compliance officer"):
            project.action_declare_outside()
        with self.assertRaisesRegex(UserError, "choose the ground"):
            project.with_user(self.officer).action_declare_outside()
        project.write({"outside_ground": "defence", "outside_reason": "Test bench"})
        with self.assertRaises(AccessError):
            project.with_user(self.officer).write(
                {"outside_officer_id": self.officer.id}
            )
        project.with_user(self.officer).action_declare_outside()
        self.assertEqual(project.outside_officer_id, self.officer)
        self.assertEqual(project.opinion_required, "no")

    def test_another_reason_is_declared_again(self):
        project = self._new_project(10_000_000, user=self.buyer)
        project.write({"outside_ground": "defence", "outside_reason": "Test bench"})
        project.with_user(self.officer).action_declare_outside()
        project.outside_reason = "Something else"
        self.assertFalse(project.outside_officer_id)
        self.assertEqual(project.opinion_required, "yes")

    def test_an_officer_who_wrote_the_ground_does_not_declare_it(self):
        project = self._new_project(10_000_000, user=self.buyer)
        project.with_user(self.officer).write(
            {"outside_ground": "intelligence", "outside_reason": "Of the service"}
        )
        with self.assertRaisesRegex(UserError, "Four eyes"):
            project.with_user(self.officer).action_declare_outside()
        project.with_user(self.officer2).action_declare_outside()
        self.assertEqual(project.opinion_required, "no")
