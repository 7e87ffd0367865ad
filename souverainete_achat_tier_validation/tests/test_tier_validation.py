"""With the real addons of the OCA: asking, reviewing and confirming an order."""

from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.souverainete_achat.models.base.finding import Refused

ANSWERS = {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}


@tagged("post_install", "-at_install")
class TestTierValidation(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.public_entity_type = "ministry"
        cls.buyer, cls.reviewer = (
            new_test_user(cls.env, login, groups=f"base.group_user,{group}")
            for login, group in (
                ("tier_buyer", "purchase.group_purchase_user"),
                ("tier_reviewer", "purchase.group_purchase_manager"),
            )
        )
        cls.software, cls.chair = cls.env["product.product"].create(
            [
                {"name": "Subscription", "cpv_code": "48515000"},
                {"name": "Chair", "cpv_code": "39112000"},
            ]
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Publisher"})
        cls.env["tier.definition"].create(
            {
                "model_id": cls.env.ref("purchase.model_purchase_order").id,
                "review_type": "individual",
                "reviewer_id": cls.reviewer.id,
                "definition_domain": "[('amount_untaxed', '>', 50)]",
            }
        )

    def _new_order(self, product=None, **vals):
        line = {"product_id": (product or self.software).id, "price_unit": 100}
        orders = self.env["purchase.order"].with_user(self.buyer)
        return orders.create(
            {
                "partner_id": self.vendor.id,
                "order_line": [Command.create({**line, "product_qty": 1})],
                **vals,
            }
        )

    def _review(self, order):
        order.with_user(self.reviewer).validate_tier()
        order.invalidate_recordset()
        self.assertEqual(order.validation_status, "validated")

    @contextmanager
    def _assert_refused(self, *codes):
        with self.assertRaises(Refused) as caught:
            yield
        self.assertEqual(caught.exception.codes, set(codes))

    def test_a_review_asks_the_gate_first(self):
        order = self._new_order()
        with self._assert_refused("order_light"):
            order.request_validation()
        self.assertFalse(order.review_ids)
        order.write(ANSWERS)
        order.request_validation()
        self.assertEqual(order.review_ids.reviewer_ids, self.reviewer)

    def test_answers_while_under_review(self):
        order = self._new_order(**ANSWERS)
        order.request_validation()
        order.light_mutualised = "no"
        order.light_mutualised = "yes"
        with self.assertRaisesRegex(ValidationError, "under validation"):
            order.partner_id = self.env["res.partner"].create({"name": "Other"})

    def test_reviewed_then_confirmed(self):
        order = self._new_order(**ANSWERS)
        order.request_validation()
        with self.assertRaisesRegex(ValidationError, "[Rr]eviews? pending|still open"):
            order.button_confirm()
        self._review(order)
        order.button_confirm()
        self.assertEqual((order.state, order.gate_state), ("purchase", "purchase"))

    def test_reviewed_before_it_was_digital(self):
        """The product is classified once the order was reviewed: the questions are
        answered, and the order leaves; before, it does not."""
        order = self._new_order(self.chair)
        order.request_validation()
        self._review(order)
        self.chair.cpv_code = "48515000"
        with self._assert_refused("order_light"):
            order.button_confirm()
        order.write(ANSWERS)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a_review_stands_for_no_rule(self):
        """What is answered after the review is judged all the same."""
        order = self._new_order(**ANSWERS)
        order.request_validation()
        self._review(order)
        order.write({"light_cloud": "yes", "light_sensitive": "yes"})
        with self._assert_refused("order_file"):
            order.button_confirm()

    def test_chairs(self):
        order = self._new_order(self.chair)
        order.request_validation()
        self._review(order)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
