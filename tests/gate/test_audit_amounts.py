"""Amounts made to look smaller than they are, on orders and files."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase

LIGHT_ANSWERS = {
    "light_mutualised": "yes",
    "light_cloud": "no",
    "light_sensitive": "no",
}


@tagged("post_install", "-at_install")
class TestLightAmount(FlowCase):
    """A light purchase needs no file: everything is tried to look light."""

    def _line(self, product=None, price=100.0, **vals):
        product = product or self.software
        return Command.create(
            {"product_id": product.id, "product_qty": 1, "price_unit": price, **vals}
        )

    def _assert_refused(self, expected, order, attempt=lambda o: o.button_confirm()):
        for user in (self.buyer, self.purchase_manager):
            with self._refused_as(expected):
                attempt(order.with_user(user))
                self.env.flush_all()

    def _confirmed_light(self, price=300.0, **vals):
        order = self._new_order(price=price, **LIGHT_ANSWERS, **vals)
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def test_negative_line_hides_the_amount(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        order.write({"order_line": [self._line(price=-90000)]})
        self._assert_refused({"order_file"}, order)

    def test_negative_quantity_hides_the_amount(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        order.write({"order_line": [self._line(price=90000, product_qty=-1)]})
        self._assert_refused({"order_file"}, order)

    def test_negative_line_of_another_product(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        order.write({"order_line": [self._line(self.chair, -90000)]})
        self._assert_refused({"order_file"}, order)

    def test_stored_total_written(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        self.env.flush_all()
        order.write({"amount_untaxed": 300})
        self._assert_refused({"order_file"}, order)
        with self._refused("order_file"):
            order.with_user(self.purchase_manager).write(
                {"amount_untaxed": 300, "state": "purchase"}
            )

    def test_stored_subtotal_written(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        self.env.flush_all()
        order.order_line.write({"price_subtotal": 300})
        self._assert_refused({"order_file"}, order)

    def test_stored_total_written_while_raised(self):
        order = self._confirmed_light()
        manager = order.with_user(self.purchase_manager)
        with self._refused("order_file"):
            manager.write(
                {
                    "amount_untaxed": 300,
                    "order_line": [
                        Command.update(
                            order.order_line.id,
                            {"price_unit": 90000, "price_subtotal": 300},
                        )
                    ],
                }
            )
            self.env.flush_all()
        self.env.invalidate_all()
        with self._refused("order_file"):
            order.order_line.with_user(self.purchase_manager).write(
                {"price_unit": 90000, "price_subtotal": 300}
            )
            self.env.flush_all()

    def test_zero_priced_line_raised_after_confirmation(self):
        order = self._new_order(**LIGHT_ANSWERS, price=0)
        order.with_user(self.purchase_manager).button_confirm()
        line = order.order_line.with_user(self.purchase_manager)
        with self._refused("order_file"):
            line.price_unit = 90000
            self.env.flush_all()

    def test_discount_removed_after_confirmation(self):
        order = self._new_order(price=100000, **LIGHT_ANSWERS)
        order.order_line.discount = 99
        order.with_user(self.purchase_manager).button_confirm()
        line = order.order_line.with_user(self.purchase_manager)
        with self._refused("order_file"):
            line.discount = 0
            self.env.flush_all()

    def test_tax_included_in_the_price(self):
        """Tax moved out of the price after confirmation raises the amount."""
        tax = self.env["account.tax"].create(
            {
                "name": "Included",
                "amount": 900,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        order = self._new_order(price=300000, **LIGHT_ANSWERS)
        order.order_line.tax_ids = tax
        order.with_user(self.purchase_manager).button_confirm()
        with self._refused("order_file"):
            order.order_line.with_user(self.purchase_manager).tax_ids = False
            self.env.flush_all()

    def test_unit_of_measure_changed(self):
        order = self._confirmed_light(price=10000)
        dozen = self.env.ref("uom.product_uom_dozen")
        line = order.order_line.with_user(self.purchase_manager)
        with self._refused("order_file"):
            line.write({"product_uom_id": dozen.id, "price_unit": 120000})
            self.env.flush_all()

    def test_down_payment_line_without_product(self):
        vals = {
            "name": "Down payment",
            "is_downpayment": True,
            "product_qty": 1,
            "price_unit": 500000,
        }
        order = self._new_order(order_line=[Command.create(vals)])
        self._assert_refused("some order lines are missing", order)
        self._assert_refused(
            "some order lines are missing",
            order,
            lambda o: o.write({"state": "purchase"}),
        )

    def test_down_payment_of_a_bill_is_accepted(self):
        order = self._confirmed_light()
        vals = {
            "name": "Down payment",
            "is_downpayment": True,
            "product_qty": 0,
            "price_unit": 500000,
        }
        order.with_user(self.purchase_manager).write(
            {"order_line": [Command.create(vals)]}
        )
        self.env.flush_all()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(len(order.order_line), 2)

    def test_currency_without_a_rate(self):
        """Converted one for one, 50 000 of a dear currency would look light."""
        currency = self.env["res.currency"].create({"name": "XDR", "symbol": "X"})
        order = self._new_order(price=50000, currency_id=currency.id, **LIGHT_ANSWERS)
        self._assert_refused({"order_file"}, order)

    def test_split_in_light_orders(self):
        """The same need bought again from the same vendor counts together."""
        self._confirmed_light(price=40000)
        second = self._new_order(price=40000, **LIGHT_ANSWERS)
        self._assert_refused({"order_file"}, second)

    def test_split_over_products_of_one_class(self):
        self._confirmed_light(price=40000)
        twin = self.env["product.product"].create(
            {"name": "Video meetings (2)", "cpv_code": "48515000"}
        )
        self._assert_refused(
            {"order_file"}, self._new_order(twin, price=40000, **LIGHT_ANSWERS)
        )

    def test_the_same_need_from_another_vendor_counts(self):
        self._confirmed_light(price=40000)
        order = self._new_order(
            price=40000, partner_id=self.other_vendor.id, **LIGHT_ANSWERS
        )
        self._assert_refused({"order_file"}, order)

    def test_other_light_purchases_do_not_count(self):
        """Another class of the CPV, whoever the vendor: another need."""
        self._confirmed_light(price=40000)
        other, near = self.env["product.product"].create(
            [
                {"name": "Another need", "cpv_code": "72212000"},
                {"name": "Another use", "cpv_code": "48311000"},
            ]
        )
        self._confirmed_light(product=other, price=40000)
        order = self._confirmed_light(
            product=near, price=40000, partner_id=self.other_vendor.id
        )
        self.assertEqual(order.state, "purchase")

    def test_light_order_is_split_in_one_batch(self):
        orders = self._new_order(price=40000, **LIGHT_ANSWERS)
        orders |= self._new_order(price=40000, **LIGHT_ANSWERS)
        self._assert_refused({"order_file"}, orders)

    def test_answers_withdrawn_after_confirmation(self):
        order = self._confirmed_light().with_user(self.purchase_manager)
        for vals in (
            {"light_mutualised": False},
            {"light_cloud": "yes", "light_sensitive": "yes"},
        ):
            with self.assertRaisesRegex(
                ValidationError, "set it back to RFQ and answer"
            ):
                order.write(vals)


@tagged("post_install", "-at_install")
class TestJudgedAmount(FlowCase):
    """The amount of a file, and of what is ordered under it."""

    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()

    def _order(self, price=1000, **vals):
        order = self._new_order(requisition_id=self.file.id, price=price, **vals)
        return order.with_user(self.purchase_manager)

    def test_negative_line_under_the_ceiling(self):
        order = self._order(price=150000)
        line = {"product_id": self.software.id, "product_qty": -1, "price_unit": 90000}
        order.write({"order_line": [Command.create(line)]})
        with self._refused("order_envelope"):
            order.button_confirm()

    def test_negative_order_makes_no_room(self):
        credit = self._order(price=-90000)
        credit.button_confirm()
        with self._refused("order_envelope"):
            self._order(price=150000).button_confirm()

    def test_stored_total_written(self):
        order = self._order(price=150000)
        self.env.flush_all()
        with self._refused("order_envelope"):
            order.write({"amount_untaxed": 10, "state": "purchase"})

    def test_product_swapped_at_the_same_price(self):
        order = self._order(price=1000)
        order.button_confirm()
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )
        with self._refused("order_envelope"):
            order.order_line.write({"product_id": other.id, "price_unit": 1000})
            self.env.flush_all()

    def test_free_line_of_a_product_not_judged(self):
        order = self._order(price=1000)
        order.button_confirm()
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )
        line = {"product_id": other.id, "product_qty": 1, "price_unit": 0}
        with self._refused("order_envelope"):
            order.write({"order_line": [Command.create(line)]})
            self.env.flush_all()

    def test_negative_line_makes_a_file_light(self):
        file = self._new_file(price=100000, purchase_route="central_body")
        line = {
            "product_id": self.software.id,
            "product_qty": 1,
            "price_unit": -90000,
        }
        file.write({"has_cloud": "no", "line_ids": [Command.create(line)]})
        self.assertNotEqual(file.circuit, "light")
        with self._refused(
            "award_option", "mutualisation_search", "sovereignty_statement"
        ):
            file.write({"state": "confirmed"})

    def test_light_need_of_a_large_agreement(self):
        """The agreement is asked what its own amount calls for."""
        need = self._new_file(
            price=100,
            has_cloud="no",
            requisition_type="purchase_template",
            purchase_route="central_body",
            amount_estimated=1000,
            amount_estimated_known=True,
        )
        need._run_search("visioconférence")
        need.action_confirm()
        agreement = self._new_file(
            price=900000, need_id=need.id, purchase_route="central_body"
        )
        with self._refused("need_covers"):
            agreement.action_confirm()

    def test_agreement_with_only_an_estimate_counts(self):
        """An agreement without lines nor maximum takes orders up to its estimate."""
        need = self._launched_file(requisition_type="purchase_template")
        self._retain_offer(need)
        agreement = self._new_file(need_id=need.id, line_ids=[])
        agreement.write({"amount_estimated": 9e6, "amount_estimated_known": True})
        with self._refused("need_covers"):
            agreement.write({"state": "confirmed"})

    def test_estimate_raised_on_a_signed_agreement(self):
        file = self._launched_file(line_ids=[], amount_max_known=False)
        self._retain_offer(file)
        file.write({"state": "confirmed"})
        with self._refused("envelope", "project_cost"):
            file.with_user(self.purchase_manager).amount_estimated = 9e6

    def test_orders_of_a_need_count_together(self):
        """Ordering under the agreement, then on the need, spends twice the amount."""
        need = self._launched_file(requisition_type="purchase_template", price=500000)
        self._retain_offer(need)
        agreement = self._new_file(need_id=need.id, price=500000)
        agreement.action_confirm()
        first = self._new_order(requisition_id=agreement.id, price=500000)
        first.with_user(self.purchase_manager).button_confirm()
        second = self._new_order(need_id=need.id, price=400000)
        with self._refused("order_envelope"):
            second.with_user(self.purchase_manager).button_confirm()


@tagged("post_install", "-at_install")
class TestStatedAmounts(FlowCase):
    def test_an_estimate_changed_after_launch_leaves_its_trace(self):
        file = self._launched_file()
        file.amount_estimated = 600000
        file.amount_estimated = 600000
        self.env.cr.precommit.run()
        file.invalidate_recordset(["journal_ids"])
        entries = file.sudo().journal_ids.filtered(lambda e: e.event == "correction")
        self.assertEqual(len(entries), 1)
        payload = str(entries.payload)
        self.assertIn("500000", payload)
        self.assertIn("600000", payload)


@tagged("post_install", "-at_install")
class TestAbsurdAmounts(FlowCase):
    """What is no number compares with nothing; it is refused in words."""

    def test_prices_and_quantities(self):
        order = self._new_order(price=100)
        for vals in (
            {"price_unit": float("nan")},
            {"price_unit": float("inf")},
            {"price_unit": 1e308},
            {"product_qty": 1e308},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "no number"):
                order.order_line.write(vals)
            with self.subTest(vals), self.assertRaisesRegex(UserError, "no number"):
                order.order_line.copy({"order_id": order.id, **vals})
        self.assertEqual(order.amount_untaxed, 100)

    def test_what_a_file_is_said_to_be_worth(self):
        file = self._new_file()
        for value in (float("nan"), float("inf"), 1e13):
            with self.assertRaisesRegex(UserError, "Estimated value"):
                file.write({"amount_estimated": value})
        self.assertFalse(file.amount_estimated)
