"""What is known is not typed again: from the offer retained to the agreements."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .need_common import NeedCase


@tagged("post_install", "-at_install")
class TestOfferToAgreement(NeedCase):
    def setUp(self):
        super().setUp()
        self.need = self._new_need(120000)
        self.need.requisition_type = "blanket_order"
        self.need.line_ids.write({"product_qty": 3, "price_unit": 40000})

    def _offer(self, vendor, cost, **vals):
        return self._new_offer(self.need, vendor, cost=cost, cost_known=True, **vals)

    def test_prices_and_ceiling_come_from_the_retained_offer(self):
        self.need.action_launch()
        self._offer(self.vendor, 114000)
        self.need.action_prepare_agreement()
        self.assertEqual(self.need.vendor_id, self.vendor)
        self.assertEqual(self.need.amount_max, 114000)
        self.assertEqual(self.need.line_ids.price_unit, 38000)
        self.need.action_confirm()
        order = self._new_order(requisition_id=self.need.id, price=114000)
        self._confirm(order)
        self.assertEqual(order.state, "purchase")

    def test_lines_never_come_to_more_than_was_offered(self):
        self.need.line_ids = [
            Command.create(
                {"product_id": self.software.id, "product_qty": 7, "price_unit": 10}
            )
        ]
        self.need.action_launch()
        self._offer(self.vendor, 100000)
        self.need.action_prepare_agreement()
        worth = self.need._get_lines_amount().value
        self.assertLessEqual(worth, 100000)
        self.assertGreater(worth, 99999)

    def test_another_offer_retained_is_prepared_again(self):
        self.need.action_launch()
        first = self._offer(self.vendor, 114000)
        self.need.action_prepare_agreement()
        self.assertFalse(self.need.is_agreement_due)
        first.write({"verdict": "rejected", "set_aside_ground": "irregular"})
        self._offer(self.other_vendor, 99000)
        self.assertTrue(self.need.is_agreement_due)
        self.need.action_prepare_agreement()
        self.assertEqual(self.need.vendor_id, self.other_vendor)
        self.assertEqual(self.need.amount_max, 99000)
        self.assertEqual(self.need.line_ids.price_unit, 33000)
        self.assertFalse(self.need.is_agreement_due)

    def test_a_ceiling_that_was_typed_stays(self):
        self.need.write({"amount_max": 115000, "amount_max_known": True})
        self.need.action_launch()
        self._offer(self.vendor, 114000)
        self.need.action_prepare_agreement()
        self.assertEqual(self.need.amount_max, 115000)

    def test_a_refused_order_says_by_how_much(self):
        self.need.action_launch()
        self._offer(self.vendor, 114000)
        self.need.action_prepare_agreement()
        self.need.action_confirm()
        order = self._new_order(requisition_id=self.need.id, price=120000)
        with self._refused("order_envelope") as caught:
            self._confirm(order)
        for figure in ("114,000.00", "120,000.00", "6,000.00", "excl. tax"):
            self.assertIn(figure, str(caught.exception))


@tagged("post_install", "-at_install")
class TestLotsOwnLines(NeedCase):
    def setUp(self):
        super().setUp()
        self.need = self._new_need(90000)
        self.need.line_ids.write({"product_qty": 3, "price_unit": 30000})
        self.lot1 = self._new_lot(self.need, "1", amount=60000, amount_known=True)
        self.lot2 = self._new_lot(self.need, "2", amount=30000, amount_known=True)

    def _told(self):
        return {f.rule.code for f in self.need._findings()}

    def _prepare(self):
        self.need.action_launch()
        for lot, vendor, cost in (
            (self.lot1, self.vendor, 58000),
            (self.lot2, self.other_vendor, 29000),
        ):
            self._new_offer(self.need, vendor, lot, cost=cost, cost_known=True)
        action = self.need.action_prepare_agreement()
        return self.need.search(action["domain"], order="id")

    def test_a_line_without_lot_is_asked_and_its_price_is_shared(self):
        self.assertIn("lot_lines", self._told())
        agreements = self._prepare()
        worths = [round(file._get_lines_amount().value) for file in agreements]
        self.assertEqual(worths, [58000, 29000])

    def test_each_lot_buys_its_own_lines(self):
        self.need.line_ids.write({"product_qty": 2, "lot_id": self.lot1.id})
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 30000}
        self.need.line_ids = [Command.create({**line, "lot_id": self.lot2.id})]
        self.assertNotIn("lot_lines", self._told())
        agreements = self._prepare()
        lines = [(f.line_ids.product_qty, f.line_ids.price_unit) for f in agreements]
        self.assertEqual(lines, [(2, 29000), (1, 29000)])

    def test_each_contract_is_asked_when_it_starts_and_ends(self):
        agreement = self._prepare()[0]
        keys = {f.key for f in agreement._findings() if f.rule.code == "contract_dates"}
        self.assertEqual(keys, {"start", "end"})
        agreement.write({"date_start": "2027-01-01", "date_end": "2029-12-31"})
        self.assertNotIn("contract_dates", {f.rule.code for f in agreement._findings()})

    def test_a_lot_whose_retained_offer_changed_is_prepared_again(self):
        agreement = self._prepare()[1]
        offer = self.need.offer_ids.filtered(lambda o: o.lot_id == self.lot2)
        offer.write({"verdict": "rejected"})
        cost = {"cost": 27000, "cost_known": True}
        self._new_offer(self.need, self.third_vendor, self.lot2, **cost)
        self.need.action_prepare_agreement()
        self.assertEqual(agreement.vendor_id, self.third_vendor)
        self.assertEqual(agreement.amount_max, 27000)
        with self.assertRaisesRegex(UserError, "left to sign"):
            self.need.action_prepare_agreement()
