"""Calling off on another body's framework, and reusing its study."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .need_common import NeedCase


@tagged("post_install", "-at_install")
class TestSharedStudy(NeedCase):
    def setUp(self):
        super().setUp()
        self.neighbour = self._new_user(
            "neighbour_buyer",
            "purchase.group_purchase_user",
            company_id=self.other_ministry.id,
            company_ids=[Command.set(self.other_ministry.ids)],
        )
        self.owner = self._launched_file(ref_contract="CADRE-42")
        self._receive_offers(self.owner)

    def _share(self):
        self.owner.with_user(self.officer).action_share_study()

    def _call_off(self, **vals):
        """The own file of a buyer of the other ministry."""
        return self._new_file(
            user=self.neighbour,
            requisition_type="purchase_template",
            vendor_id=False,
            purchase_route="call_off",
            framework_ref="CADRE-42",
            **vals,
        )

    def test_study_is_reused_with_its_verdicts(self):
        self._share()
        file = self._call_off()
        file.action_reuse_study()
        self.assertEqual(len(file.option_ids), 2)
        retained = file.option_ids.filtered(lambda o: o.verdict == "retained")
        self.assertEqual(retained.partner_id, self.vendor)
        for words in ("CADRE-42", self.company.name, "Meets the effect"):
            self.assertIn(words, retained.reason)
        self.assertIn("CADRE-42", file.search_ids.reused_from)
        self.assertEqual(file.search_ids.date, self.owner.search_ids.date)
        missing = self._codes(file, "launch")
        self.assertFalse({"mutualisation_search", "mutualised_verdicts"} & missing)

    def test_own_data_and_project_are_still_asked(self):
        self._share()
        file = self._call_off()
        file.action_reuse_study()
        file.write({"amount_estimated": 900000, "amount_estimated_known": True})
        self.assertIn("data_questions", self._codes(file, "launch"))
        self.assertIn("project", self._codes(file, "launch"))

    def test_neither_offers_nor_amounts_nor_chain(self):
        self.owner.option_ids.cost = 5
        self.owner.option_ids.cost_known = True
        self._share()
        file = self._call_off()
        file.action_reuse_study()
        self.assertEqual(set(file.option_ids.mapped("kind")), {"studied"})
        self.assertFalse(any(file.option_ids.mapped("cost_known")))
        self.assertFalse(file.option_ids.component_ids)
        self.assertEqual(file.has_cloud, "unknown")
        self.assertFalse(file.amount_estimated_known)
        with self.assertRaises(AccessError):
            self.owner.with_user(self.neighbour).read(["name"])

    def test_twice_adds_nothing(self):
        self._share()
        file = self._call_off()
        file.action_reuse_study()
        with self.assertRaisesRegex(UserError, "or a study was already reused"):
            file.action_reuse_study()

    def test_not_shared(self):
        with self.assertRaisesRegex(UserError, "No study is shared"):
            self._call_off().action_reuse_study()

    def test_no_longer_shared(self):
        self._share()
        self.owner.with_user(self.officer).action_unshare_study()
        with self.assertRaisesRegex(UserError, "check its number and who carries"):
            self._call_off().action_reuse_study()

    def test_carried_by_another_body(self):
        self._share()
        file = self._call_off(framework_body_id=self.vendor.id)
        with self.assertRaisesRegex(UserError, "check its number and who carries"):
            file.action_reuse_study()
        file.framework_body_id = self.company.partner_id
        file.action_reuse_study()
        self.assertTrue(file.option_ids)

    def test_without_a_number(self):
        self._share()
        file = self._call_off()
        for number in (False, " ", "%"):
            file.framework_ref = number
            with self.assertRaisesRegex(UserError, "check its number and who carries"):
                file.action_reuse_study()

    def test_who_shares(self):
        for user in (self.buyer, self.purchase_manager):
            with self.assertRaises(AccessError):
                self.owner.with_user(user).action_share_study()
        with self.assertRaises(AccessError):
            self.owner.write({"study_shared": True})
        own = self._new_need(user=self.officer)
        own.ref_contract = "OWN"
        own.action_launch()
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            own.action_share_study()

    def test_before_launch(self):
        draft = self._new_need(ref_contract="DRAFT")
        with self.assertRaisesRegex(UserError, "frozen"):
            draft.with_user(self.officer).action_share_study()

    def test_into_a_launched_file(self):
        """What left with the consultation does not change."""
        self._share()
        file = self._launched_file()
        file.framework_ref = "CADRE-42"
        with self.assertRaisesRegex(UserError, "or a study was already reused"):
            file.action_reuse_study()

    def test_journalled_on_both_sides_of_the_sharing(self):
        self._share()
        file = self._call_off()
        file.action_reuse_study()
        for need in (self.owner, file):
            need._journal_flush()
            events = need.sudo().journal_ids.mapped("event")
            self.assertIn("study", events)


@tagged("post_install", "-at_install")
class TestFrameworkNamed(NeedCase):
    def _missing(self, file):
        return {f.key for f in file._findings("launch") if f.rule.code == "framework"}

    def test_routes_that_ask_which_framework(self):
        file = self._new_need()
        self.assertFalse(self._missing(file))
        for route in ("call_off", "subsequent", "interministerial", "central_body"):
            file.purchase_route = route
            self.assertEqual(self._missing(file), {"ref", "body"})
        file.framework_ref = "UGAP-1"
        file.framework_body_id = self.third_vendor
        self.assertFalse(self._missing(file))

    def test_it_warns(self):
        file = self._new_need()
        file.purchase_route = "central_body"
        self.assertNotIn("framework", self._codes(file, "launch"))
