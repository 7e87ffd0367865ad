from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import EMPTY, SouveraineteCase


@tagged("post_install", "-at_install")
class TestScope(SouveraineteCase):
    def test_product_cpv_brings_the_file_in(self):
        self.assertTrue(self._new_file().is_digital)

    def test_chairs_stay_out_and_confirm(self):
        file = self._new_file(self.chair)
        self.assertEqual(file.scope_status, "out")
        file.action_confirm()
        self.assertEqual(file.state, "confirmed")

    def test_category_cpv_is_the_fallback(self):
        self.chair.cpv_code = False
        parent = self.env["product.category"].create(
            {"name": "IT", "cpv_code": "72000000-5"}
        )
        self.chair.categ_id = self.env["product.category"].create(
            {"name": "Dev", "parent_id": parent.id}
        )
        self.assertTrue(self._new_file(self.chair).is_digital)

    def test_wrong_cpv_is_named(self):
        with self.assertRaisesRegex(ValidationError, "4851500X"):
            self._new_file().cpv_code = "4851500X"

    def test_ask_prefix_blocks_until_stated(self):
        file = self._new_file(self.chair, cpv_code="30213100")
        self.assertEqual(file.scope_status, "ask")
        with self.assertRaisesRegex(ValidationError, "digital"):
            file.action_confirm()
        file.action_scope_in()
        self.assertTrue(file.is_digital)

    def test_buyer_takes_out_below_the_amount_only(self):
        file = self._new_file(price=1000)
        file.write({"scope_override": "out", "scope_reason": "Old stock"})
        self.assertEqual(file.scope_status, "out")
        file.line_ids.price_unit = 1000000
        with self._refused(*EMPTY, "project"):
            file.action_confirm()

    def test_officer_agrees_above_the_amount(self):
        file = self._new_file()
        file.write({"scope_override": "out", "scope_reason": "Test bench"})
        self.assertEqual(file.scope_status, "in")
        with self.assertRaises(AccessError):
            file.action_agree_out_of_scope()
        file.with_user(self.officer).action_agree_out_of_scope()
        self.assertEqual(file.scope_status, "out")
        file.scope_reason = "Another reason"
        self.assertEqual(file.scope_status, "in", "a new reason needs a new agreement")

    def test_an_agreement_on_an_amount_covers_no_other(self):
        """Known then unknown, or unknown then known, is no longer what was agreed."""
        for before, after in ((100000, 0), (0, 100000)):
            file = self._new_file(price=before)
            file.write({"scope_override": "out", "scope_reason": "Test bench"})
            file.with_user(self.officer).action_agree_out_of_scope()
            self.assertEqual(file.scope_status, "out", before)
            file.line_ids.price_unit = after
            self.assertEqual(file.scope_status, "in", after)

    def test_officer_never_agrees_to_own_purchase(self):
        file = self._new_file(user=self.officer)
        file.write({"scope_override": "out", "scope_reason": "Test bench"})
        with self.assertRaises(AccessError):
            file.action_agree_out_of_scope()

    def test_unknown_amount_is_not_below(self):
        file = self._new_file(price=0)
        file.write({"scope_override": "out", "scope_reason": "Free"})
        self.assertEqual(file.scope_status, "in")

    def test_scope_cannot_be_written(self):
        for user in (self.buyer, self.purchase_manager, self.env.user):
            file = self._new_file().with_user(user)
            with self.assertRaises(AccessError):
                file.is_digital = False
            with self.assertRaises(AccessError):
                file.sudo().write({"scope_status": "out"})

    def test_reclassifying_reaches_drafts_only(self):
        draft, signed = self._new_file(self.chair), self._new_file(self.chair)
        signed.action_confirm()
        self.chair.cpv_code = "72000000"
        self.assertTrue(draft.is_digital)
        self.assertFalse(signed.is_digital)
        self.assertTrue(signed.scope_drift)
        signed.line_ids.product_qty = 0.5
        signed.action_done()
        self.assertEqual(signed.state, "done")


@tagged("post_install", "-at_install")
class TestPolicy(SouveraineteCase):
    def test_version_in_force_is_not_edited(self):
        threshold = self.env.ref("souverainete_achat.threshold_light_2026")
        with self.assertRaisesRegex(UserError, "propose a new version of"):
            threshold.with_user(self.referent).amount = 1

    def test_change_takes_four_eyes(self):
        threshold = self.env.ref("souverainete_achat.threshold_light_2026")
        version = self._propose_version(threshold.with_user(self.referent))
        version.write({"amount": 50000, "date_start": "2027-01-01"})
        with self.assertRaises(AccessError):
            version.action_approve()
        version.with_user(self.referent2).action_approve()
        get = self.env["souverainete.threshold"]._get
        self.assertEqual(get("light", self.company, date(2026, 12, 31)), threshold)
        self.assertEqual(get("light", self.company, date(2027, 1, 1)).amount, 50000)

    def test_ministry_hardens_never_softens(self):
        rule = self.env.ref("souverainete_achat.rule_estimate")
        rule.copy({"company_id": self.company.id, "severity": "blocking"})
        with self.assertRaisesRegex(ValidationError, "can be hardened for a ministry"):
            rule.copy({"company_id": self.company.id, "severity": "advice"})

    def test_ministry_lowers_thresholds_only(self):
        threshold = self.env.ref("souverainete_achat.threshold_light_2026")
        threshold.copy({"company_id": self.company.id, "amount": 20000})
        with self.assertRaisesRegex(ValidationError, "not raise it nor state"):
            threshold.copy({"company_id": self.company.id, "amount": 90000})

    def test_buyer_cannot_touch_rules(self):
        with self.assertRaises(AccessError):
            self.env.ref("souverainete_achat.rule_scope").with_user(
                self.buyer
            ).severity = "advice"


@tagged("post_install", "-at_install")
class TestOrderScope(SouveraineteCase):
    def test_chairs_are_ordered_as_ever(self):
        order = self._new_order(self.chair)
        order.button_confirm()
        self.assertIn(order.state, ("purchase", "to approve"))

    def test_light_order_asks_three_questions(self):
        order = self._new_order(price=300)
        with self.assertRaisesRegex(UserError, r"\(3\)"):
            order.button_confirm()
        order.write(
            {
                "light_mutualised": "yes",
                "light_cloud": "yes",
                "light_sensitive": "no",
            }
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_light_sensitive_cloud_needs_a_file(self):
        order = self._new_order(price=300)
        order.write(
            {
                "light_mutualised": "yes",
                "light_cloud": "yes",
                "light_sensitive": "unknown",
            }
        )
        with self.assertRaisesRegex(UserError, "needs a purchase file"):
            order.button_confirm()

    def test_refusal_leads_to_a_file(self):
        order = self._new_order()
        with self.assertRaisesRegex(UserError, "Create the purchase file"):
            order.button_confirm()
        order.action_create_file()
        self.assertEqual(order.need_id.line_ids.product_id, self.software)
        self.assertEqual(len(order.order_line), 1)

    def test_light_order_cannot_grow_after_confirmation(self):
        order = self._new_order(price=300)
        order.write(
            {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}
        )
        order.button_confirm()
        with self._refused("order_file"):
            order.order_line.price_unit = 70000
        order.order_line.product_qty = 0.5
        self.env.flush_all()
        self.assertEqual(order.order_line.product_qty, 0.5)
        self.assertEqual(order.state, "purchase")

    def test_chairs_cannot_become_software(self):
        order = self._new_order(self.chair)
        order.with_user(self.purchase_manager).button_confirm()
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 90000}
        with self._refused("order_file"):
            order.write({"order_line": [Command.create(line)]})

    def test_states_cannot_be_written(self):
        for user in (self.buyer, self.purchase_manager):
            order = self._new_order(user=user)
            with self._refused("order_file"):
                order.write({"state": "purchase"})
            with self._refused("order_file"):
                self._new_order(user=user, state="purchase")
            with self._refused("order_file"):
                order.sudo().button_approve()
