"""Purchases that look like one project: proposed with their sum, answered once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_opinion import OpinionCase


@tagged("post_install", "-at_install")
class TestLikeness(OpinionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pairs = cls.env["souverainete.project.likeness"]
        cls.one = cls._new_project(5_000_000, name="Payroll renewal, part one")
        cls.two = cls._new_project(4_500_000, name="Payroll renewal, part two")
        cls.file = cls._new_file(project_id=cls.one.id, reference="Payroll engine")
        cls.file_two = cls._new_file(project_id=cls.two.id, reference="Payroll screens")

    def _search(self):
        self.pairs._propose(self.company.root_id)
        self.env.invalidate_all()
        return self.pairs.search([]).filtered(
            lambda p: self.one in p._get_subjects() and self.two in p._get_subjects()
        )

    def _warnings(self, file):
        found = file.sudo()._findings("launch")
        return [f for f in found if f.rule.code == "project_split"]

    def test_two_halves_are_shown_with_their_sum(self):
        pair = self._search()
        self.assertIn("payroll", pair.why)
        self.assertEqual(pair.amount_total, 9_500_000)
        self.assertEqual(pair.amount_projects, 9_500_000)
        self.assertEqual(pair.amount_files, 0)
        for file in (self.file, self.file_two):
            found = self._warnings(file)
            self.assertEqual(len(found), 1)
            self.assertFalse(found[0].blocking)
            self.assertIn(self.company.currency_id.format(9_500_000), found[0].message)

    def test_below_the_threshold_together_nothing_is_said(self):
        self.two.cost_line_ids.amount = 1_000_000
        self.assertTrue(self._search())
        self.assertFalse(self._warnings(self.file))

    def test_what_reaches_it_alone_splits_nothing(self):
        self.one.cost_line_ids.amount = 9_000_000
        self._search()
        self.assertFalse(self._warnings(self.file))
        self.assertTrue(self._warnings(self.file_two))

    def test_a_purchase_without_project_counts_with_vat(self):
        """HT and TTC are stated apart, and never added as they are."""
        self.two.active = False
        self.two.name = "Something else altogether"
        lone = self._new_file(price=3_500_000, reference="Payroll renewal, part three")
        self._search()
        pair = self.pairs.search([("file_id", "=", lone.id)]) | self.pairs.search(
            [("other_file_id", "=", lone.id), ("project_id", "=", self.one.id)]
        )
        self.assertEqual(pair.amount_projects, 5_000_000)
        self.assertEqual(pair.amount_files, 3_500_000)
        self.assertEqual(pair.amount_total, 9_200_000)
        self.assertTrue(self._warnings(lone))
        lone.project_id = self.one
        self.assertFalse(self._warnings(lone))

    def test_other_words_are_not_alike(self):
        self.two.name = "Weather forecasts"
        self.file_two.reference = "Weather station"
        self.assertFalse(self._search())

    def test_different_is_answered_once_and_kept(self):
        pair = self._search().with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Give the reason first"):
            pair.action_different()
        pair.reason = "Two ministries' staff, two budgets"
        pair.action_different()
        self.assertFalse(self._warnings(self.file))
        self.assertEqual(pair.answered_by_id, self.officer)
        self.assertTrue(pair.answered_on)
        self._search()
        self.assertEqual(pair.state, "different")
        self.assertFalse(self._warnings(self.file))
        with self.assertRaisesRegex(UserError, "answer is given once and kept"):
            pair.reason = "Other words"
        with self.assertRaisesRegex(UserError, "answer is given once and kept"):
            pair.action_same()
        self.file.sudo()._journal_flush()
        told = (
            self.env["souverainete.journal"]
            .sudo()
            .search([("requisition_id", "=", self.file.id), ("event", "=", "project")])
        )
        self.assertIn("Two ministries", str(told.mapped("payload")))

    def test_same_warns_until_they_are_gathered(self):
        pair = self._search().with_user(self.officer)
        self.two.cost_line_ids.amount = 1
        pair.reason = "One payroll"
        pair.action_same()
        self.assertIn("gather", self._warnings(self.file)[0].message)

    def test_only_another_officer_answers(self):
        pair = self._search()
        for user in (self.buyer, self.purchase_manager, self.dae, self.ambassador):
            with self.assertRaises(AccessError):
                pair.with_user(user).write({"reason": "No"})
            with self.assertRaises(AccessError):
                pair.with_user(user).action_different()
        self.one.user_id = self.officer
        with self.assertRaises(AccessError):
            pair.with_user(self.officer).write({"reason": "Mine"})
        with self.assertRaises(AccessError):
            pair.with_user(self.officer).action_different()
        pair.with_user(self.officer2).reason = "Two users"
        pair.with_user(self.officer2).action_different()
        self.assertEqual(pair.answered_by_id, self.officer2)

    def test_the_officer_looks_again(self):
        with self.assertRaises(AccessError):
            self.pairs.with_user(self.buyer).action_search()
        self.pairs.browse().with_user(self.officer).action_search()
        self.assertTrue(self.pairs.search([("project_id", "=", self.two.id)]))

    def test_no_way_round(self):
        pair = self._search()
        for user in (self.buyer, self.officer, self.purchase_manager):
            for vals in ({"state": "different"}, {"ended_on": "2020-01-01"}):
                with self.assertRaises(AccessError):
                    pair.with_user(user).sudo().write(vals)
            with self.assertRaises(AccessError):
                self.one.with_user(user).sudo().write({"split_alert": False})
            with self.assertRaises(AccessError):
                self.file.with_user(user).sudo().write({"split_alert": False})
        with self.assertRaises(AccessError):
            self.pairs.with_user(self.officer).create(
                {
                    "company_id": self.company.id,
                    "project_id": self.one.id,
                    "other_project_id": self.two.id,
                    "state": "different",
                }
            )
        with self.assertRaisesRegex(UserError, "these records are evidence"):
            pair.with_user(self.officer).sudo().unlink()

    def test_the_job_costs_the_same_for_many(self):
        self._search()

        def count():
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.pairs._propose(self.company.root_id)
            return self.env.cr.sql_log_count - start

        count()
        few = count()
        for rank in range(20):
            self._new_file(project_id=self.one.id, reference=f"Payroll module {rank}")
        self.env.flush_all()
        count()
        self.assertLessEqual(count(), few + 5)
