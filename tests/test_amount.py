"""Sums that may not be known: unknown is never 0, and stays unknown in a sum."""

from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.amount import Amount

from .flow import FlowCase


@tagged("post_install", "-at_install")
class TestAmount(FlowCase):
    def test_unknown_stays_unknown(self):
        known, unknown = Amount(10, True), Amount.unknown(5)
        self.assertEqual(Amount.sum_of([known, unknown]), (15, False))
        self.assertEqual(Amount.sum_of([]), (0, True))
        self.assertIsNone(unknown.stated_value)
        self.assertEqual(known.stated_value, 10)

    def test_unknown_is_below_nothing(self):
        euro, ten = self.company.currency_id, Amount(10, True)
        self.assertFalse(Amount(10, True).exceeds(ten, euro))
        self.assertTrue(Amount(10.01, True).exceeds(ten, euro))
        self.assertTrue(Amount.unknown().exceeds(ten, euro))
        self.assertTrue(Amount(1, True).exceeds(Amount.unknown(), euro))

    def test_a_currency_without_a_rate_makes_the_amount_unknown(self):
        unrated = self.env["res.currency"].create({"name": "XQX", "symbol": "q"})
        order = self._new_order(price=1000)
        euro = order.currency_id
        self.assertEqual(order._get_value_in(euro), (1000, True))
        self.assertFalse(order._get_value_in(unrated).known)
        order.currency_id = unrated
        self.assertFalse(order._sum_values(euro).known)
        self.assertEqual(order._get_value(), (1000, True), "in its own currency")
