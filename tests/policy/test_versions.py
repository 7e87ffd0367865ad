"""A version from its proposal to its approval: who is told, and what is shown."""

from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase


@tagged("post_install", "-at_install")
class TestVersions(SouveraineteCase):
    def setUp(self):
        super().setUp()
        self.threshold = self.env.ref(f"{ADDON}.threshold_light_2026")
        self.Threshold = self.threshold.with_user(self.referent)

    def _propose(self, **vals):
        version = self._propose_version(self.Threshold)
        version.write(vals)
        return version

    def _get_told(self, version):
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", version._name), ("res_id", "=", version.id)])
        )
        return activities.user_id

    def test_a_proposal_left_at_once_leaves_nothing(self):
        before = self.Threshold.search_count([])
        self.Threshold.action_propose_version()
        self.assertEqual(self.Threshold.search_count([]), before)

    def test_before_it_is_saved_nothing_is_said_to_change(self):
        context = self.Threshold.action_propose_version()["context"]
        self.assertFalse(self.Threshold.with_context(**context).new({}).changes)

    def test_the_new_source_has_its_own_address(self):
        self.assertFalse(self._propose().source_url)

    def test_the_other_managers_are_told_and_the_proposer_answered(self):
        version = self._propose(amount=50000)
        self.assertIn(self.referent2, self._get_told(version))
        self.assertNotIn(self.referent, self._get_told(version))
        proposals = self.env["souverainete.proposal"].with_user(self.referent2)
        found = proposals.search([]).filtered(lambda p: p.reference == version)
        self.assertEqual(found.action_open()["res_id"], version.id)
        version.with_user(self.referent2).action_approve()
        self.assertEqual(self._get_told(version), self.referent)

    def test_the_approver_sees_what_changes(self):
        version = self._propose(amount=50000).with_user(self.referent2)
        self.assertIn("→", version.changes)
        self.assertIn("50,000", version.changes)
        self.assertFalse(self.threshold.changes)

    def test_what_counts_today_reads_so(self):
        version = self._propose(date_start="2099-01-01")
        self.assertEqual(version.standing, "proposed")
        version.with_user(self.referent2).action_approve()
        self.assertEqual(version.standing, "upcoming")
        self.assertEqual(self.threshold.standing, "current")
        self.threshold.sudo().date_end = "2026-01-02"
        self.assertEqual(self.threshold.standing, "expired")
