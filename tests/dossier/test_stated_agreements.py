"""Agreements that their buyers say not to be digital add up like orders do."""

from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase

# What an agreement of the light circuit that says nothing lacks, and the statements.
REFUSED = ("data_questions", "mutualisation_search", "scope")
LIGHT = {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}


@tagged("post_install", "-at_install")
class TestStatedAgreements(FlowCase):
    def _out(self, price=24900.0, product=None, **vals):
        file = self._new_file(product, price, self.purchase_manager, **vals)
        file.write({"scope_override": "out", "scope_reason": "A test bench"})
        return file

    def _signed(self, *args, **vals):
        file = self._out(*args, **vals)
        file.action_confirm()
        self.assertEqual((file.state, file.scope_status), ("confirmed", "out"))
        return file

    def _order_out(self, price, **vals):
        order = self._new_order(
            price=price, scope_override="out", scope_reason="A test bench", **vals
        )
        return order.with_user(self.purchase_manager)

    def _need(self):
        return self.env["souverainete.light.need"].search([("code", "=", "4851")])

    def test_a_second_agreement(self):
        self._signed()
        twin = self.env["product.product"].create(
            {"name": "Twin", "cpv_code": "48516000"}
        )
        for vals in ({}, {"product": twin, "vendor_id": self.other_vendor.id}):
            with self._refused(*REFUSED) as caught:
                self._out(1000, **vals).action_confirm()
            self.assertIn("a compliance officer agrees", str(caught.exception))
        self.assertEqual(self._need().amount_stated, 24900)

    def test_another_need_does_not_add_up(self):
        self._signed()
        hosting = self.env["product.product"].create(
            {"name": "Hosting", "cpv_code": "72415000"}
        )
        self._signed(product=hosting)

    def test_two_at_once(self):
        both = self._out() | self._out(1000)
        with self._refused(*REFUSED):
            both.state = "confirmed"
            self.env.flush_all()

    def test_its_banner_says_who_is_awaited(self):
        self._signed()
        file = self._out(1000)
        self.assertTrue(file._is_scope_waiting())
        self.assertIn("25,900", str(file.scope_waiting))
        self.assertEqual(file.turn_role, "officer")
        activities = self.env["mail.activity"].search(
            [("res_model", "=", file._name), ("res_id", "=", file.id)]
        )
        self.assertEqual(activities.user_id, self.officer | self.officer2)

    def test_an_officer_agrees_and_it_counts_no_more(self):
        self._signed(20000)
        file = self._out()
        file.with_user(self.officer).action_agree_out_of_scope()
        file.action_confirm()
        self.assertEqual(file.scope_status, "out")
        self._signed(1000)

    def test_with_what_orders_state(self):
        self._order_out(20000).button_confirm()
        with self._refused(*REFUSED):
            self._out(10000).action_confirm()
        self._signed(4000)
        with self._refused("order_light", "order_stated"):
            self._order_out(2000).button_confirm()

    def test_with_the_small_digital_orders(self):
        self._signed()
        order = self._new_order(price=40000, **LIGHT)
        with self._refused("order_file"):
            order.with_user(self.purchase_manager).button_confirm()

    def test_its_orders_are_the_same_purchase(self):
        file = self._signed(20000)
        for price in (12000, 8000):
            order = self._order_out(price, requisition_id=file.id)
            order.button_confirm()
            self.assertEqual(order.scope_status, "out")
            self.assertEqual(self._need().amount_stated, 20000)
        # Beyond it they count as any other.
        with self._refused("order_envelope", "order_file", "order_stated"):
            self._order_out(6000, requisition_id=file.id).button_confirm()

    def test_its_orders_at_once(self):
        file = self._signed(20000)
        orders = self._order_out(12000, requisition_id=file.id)
        orders |= self._order_out(8000, requisition_id=file.id)
        orders.button_confirm()
        self.assertEqual(self._need().amount_stated, 20000)

    def test_its_estimate_counts_where_its_lines_say_less(self):
        self._signed(1000, amount_estimated=20000, amount_estimated_known=True)
        with self._refused(*REFUSED):
            self._out(6000).action_confirm()

    def test_its_main_code_says_what_all_of_it_is(self):
        """Listed as furniture, under the code of software."""
        self._signed(20000, self.chair, cpv_code="48515000")
        with self._refused(*REFUSED):
            self._out(6000, self.chair, cpv_code="48515000").action_confirm()

    def test_chairs_bought_along_are_no_part_of_it(self):
        chairs = {"product_id": self.chair.id, "product_qty": 1, "price_unit": 20000}
        file = self._new_file(price=1000, user=self.purchase_manager)
        file.line_ids = [Command.create(chairs)]
        file.write({"scope_override": "out", "scope_reason": "A test bench"})
        file.action_confirm()
        self.assertEqual(self._need().amount_stated, 1000)

    def test_raised_once_signed(self):
        self._signed(10000)
        file = self._signed(10000)
        with self._refused(*REFUSED, "envelope"):
            file.line_ids.price_unit = 20000
        file.line_ids.price_unit = 12000
        self.assertEqual(self._need().amount_stated, 22000)

    def test_over_a_period_and_while_it_stands(self):
        file = self._signed()
        file.action_cancel()
        other = self._signed()
        other.sudo()._write_server(
            {"gate_envelope": {**other.gate_envelope, "on": "2020-01-01"}}
        )
        self._signed()

    def test_a_template_buys_nothing(self):
        self._signed(requisition_type="purchase_template")
        self._signed()
