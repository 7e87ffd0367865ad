"""Sums that may not be known: unknown is never 0, and stays unknown in a sum."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.amount import Amount

from ..flow import FlowCase


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

    def test_a_rate_of_another_ministry_ties_nothing(self):
        elsewhere = self.env["res.company"].create(
            {"name": "Elsewhere", "public_entity_type": "ministry"}
        )
        franc = self.env["res.currency"].create({"name": "XQF", "symbol": "q"})
        rate = {"currency_id": franc.id, "name": "2026-01-01", "rate": 119.33}
        rate = self.env["res.currency.rate"].create(
            {**rate, "company_id": elsewhere.id}
        )
        euro = self.company.currency_id
        self.assertFalse(franc._convert_known(100, euro, self.company).known)
        self.assertTrue(franc._convert_known(100, euro, elsewhere).known)
        rate.company_id = False
        self.assertTrue(franc._convert_known(100, euro, self.company).known)

    def test_an_amount_written_alone_is_known_and_zero_is_not(self):
        """As an import or another system writes it, without the form's help."""
        file = self._new_file(amount_max=12_000)
        self.assertTrue(file.amount_max_known)
        file.write({"amount_estimated": 30_000})
        self.assertTrue(file.amount_estimated_known)
        file.write({"amount_estimated": 0})
        self.assertFalse(file.amount_estimated_known)
        file.write({"amount_estimated": 5, "amount_estimated_known": False})
        self.assertFalse(file.amount_estimated_known)

    def test_an_import_of_a_table_states_its_amounts(self):
        header = ["requisition_type", "vendor_id/.id", "amount_max"]
        done = (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .load(header, [["blanket_order", str(self.vendor.id), "45000"]])
        )
        self.assertFalse([m for m in done["messages"] if m["type"] == "error"])
        file = self.env["purchase.requisition"].browse(done["ids"])
        self.assertEqual((file.amount_max, file.amount_max_known), (45_000, True))

    def test_a_copy_keeps_no_outside_number(self):
        numbers = {
            "ref_approch": "A1",
            "ref_place": "P1",
            "ref_contract": "C1",
            "ref_chorus_da": "D1",
            "ref_chorus_ej": "E1",
            "consultation_ref": "R1",
        }
        copy = self._new_file(**numbers).copy()
        self.assertEqual([name for name in numbers if copy[name]], [])
        solution = self.env["souverainete.solution"].create(
            {
                "name": "Tool",
                "path": "mutualised",
                "need": "to sign",
                "source": "A list",
                "external_ref": "12",
                "wikidata": "Q42",
            }
        )
        copy = solution.copy()
        self.assertFalse(copy.external_ref or copy.wikidata)

    def test_buttons_called_with_anything_answer_in_words(self):
        file, opinions = self._new_file(), self.env["souverainete.opinion"]
        for wrong in (True, 7, ["x"], {"reason": "x"}):
            for call in (
                lambda wrong=wrong: file.action_eliminate(wrong),
                lambda wrong=wrong: file.action_eliminate("Over", wrong),
                lambda wrong=wrong: opinions.action_withdraw(wrong),
                lambda wrong=wrong: opinions.action_declare_stale(wrong),
                lambda wrong=wrong: opinions.action_depart("x", wrong),
            ):
                with self.assertRaisesRegex(UserError, "Words were expected"):
                    call()
