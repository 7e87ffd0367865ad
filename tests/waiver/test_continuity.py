"""Orders on a lapsed contract: what a ground lifts, and every way of stretching it."""

import json
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON, PDF, SIGNED
from .continuity_common import LapseCase

STATED = {"continuity_ground": "continuity", "continuity_reason": "It runs"}


@tagged("post_install", "-at_install")
class TestLapsedOrder(LapseCase):
    def setUp(self):
        super().setUp()
        self.file = self._signed_file()
        self.first = self._order_of(self.file)
        self._withdraw_qualification()

    def _assert_refused(self, codes, order, message=".", **vals):
        """By button and by writing the state, as buyer, manager and sudo."""
        for user in (self.buyer, self.purchase_manager):
            for door in (order.with_user(user), order.with_user(user).sudo()):
                for attempt in (
                    lambda o: o.button_confirm(),
                    lambda o: o.write({"state": "purchase", **vals}),
                ):
                    with self._refused(*codes) as refused:
                        attempt(door)
                        self.env.flush_all()
                    self.assertRegex(str(refused.exception), message)
                    self.env.invalidate_all()

    def _order(self, **vals):
        return self._order_of(self.file, confirm=False, **vals)

    # === WHAT IS ALLOWED === #

    def test_every_ground_of_what_runs(self):
        for ground in ("maintenance", "continuity", "reversibility", "migration"):
            with self.subTest(ground):
                order = self._order_of(
                    self.file, continuity_ground=ground, continuity_reason="It runs"
                )
                order.button_cancel()

    def test_what_the_ground_lifts_stays_shown(self):
        order = self._order(**STATED)
        self.assertIn("Lifted for this order by:", order.gate_banner)
        lifted = [f.rule.code for f in order._findings() if f.lifted_by]
        self.assertEqual(lifted, ["hosting_qualified"])

    def test_stating_and_confirming_in_one_write(self):
        order = self._order()
        self.env.flush_all()
        self.assertNotIn("Lifted for this order by:", order.gate_banner)
        order.with_user(self.purchase_manager).write({"state": "purchase", **STATED})
        self.assertTrue(order.continuity_used)

    def test_after_a_withdrawn_opinion_or_a_new_rule(self):
        """Whatever lapsed since the signature."""
        self.qualification.sudo().write({"state": "granted", "date_withdrawn": False})
        self._order_of(self.file)
        self.env.ref(f"{ADDON}.rule_hosting_review").severity = "blocking"
        self.assertIn("hosting_review", self._codes(self.file))
        self._assert_refused({"hosting_review"}, self._order())
        self._order_of(self.file, **STATED)

    def _assert_more(self, order, *also):
        codes = {"hosting_qualified", "order_continuity", *also}
        self._assert_refused(codes, order, "more, in quantity or in")

    def test_what_runs_is_ordered_again_and_no_more(self):
        order = self._order(**STATED)
        order.order_line.product_qty = 2
        self._assert_more(order, "order_envelope")
        order.order_line.product_qty = 1
        self._confirm(order)

    def test_again_and_again_adds_up(self):
        """Over a year; to leave is ordered beside it."""
        self._order_of(self.file, **STATED)
        self._assert_more(self._order(**STATED))
        self._order_of(
            self.file, continuity_ground="migration", continuity_reason="We leave"
        )
        self.env.ref(f"{ADDON}.time_limit_continuity").sudo().number = 1
        self.env.cr.execute(
            "UPDATE purchase_order SET date_approve = '2026-01-01'"
            " WHERE requisition_id = %s",
            [self.file.id],
        )
        self.env.invalidate_all()
        order = self._order_of(self.file, **STATED)
        self.env.cr.precommit.run()
        entry = json.loads(self.file.sudo().journal_ids.sorted("id")[-1].payload)
        self.assertEqual(entry["continuity"]["total_ht"], 1000)
        self.assertTrue(order.continuity_used)

    def test_its_price_is_that_of_what_runs(self):
        """Or of the contract: beyond it by more than a dated percentage, it extends."""
        self._assert_more(self._order(price=110_001, **STATED))
        self._confirm(self._order(price=110_000, **STATED))

    def test_price_of_a_confirmed_order(self):
        """Small steps add up."""
        line = self.first.order_line.with_user(self.purchase_manager)
        for price in (1060, 100_000, 110_000):
            line.price_unit = price
            self.env.flush_all()
        for price in (110_001, 118_000):
            with self._refused("hosting_qualified"):
                line.price_unit = price
                self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(self.first.amount_judged, 110_000)

    # === WHAT STAYS REFUSED === #

    def test_without_ground_or_reason(self):
        self._assert_refused({"hosting_qualified"}, self._order(), "choose a ground")
        for reason in (False, "", "  "):
            self._assert_refused(
                {"hosting_qualified", "order_continuity"},
                self._order(continuity_ground="continuity", continuity_reason=reason),
                "reason",
            )
        self._assert_refused(
            {"hosting_qualified"},
            self._order(continuity_reason="Reason alone"),
            "choose a ground",
        )

    def test_a_new_service(self):
        """On the contract, but never ordered: it is only ordered to leave."""
        for ground in ("maintenance", "continuity"):
            order = self._order(
                product=self.reversibility,
                continuity_ground=ground,
                continuity_reason="It runs",
            )
            self._assert_refused(
                {"hosting_qualified", "order_continuity"}, order, "never ordered"
            )

    def test_a_product_of_no_contract(self):
        for ground in ("migration", "maintenance"):
            order = self._order(
                product=self.training,
                continuity_ground=ground,
                continuity_reason="It runs",
            )
            self._assert_refused(
                {"hosting_qualified", "order_continuity", "order_envelope"},
                order,
                "not on|neither on|never ordered",
            )

    def test_two_new_orders_do_not_vouch_for_one_another(self):
        orders = self._order(product=self.reversibility, **STATED)
        orders |= self._order(product=self.reversibility, **STATED)
        with self._refused("hosting_qualified", "order_continuity") as refused:
            orders.with_user(self.purchase_manager).write({"state": "purchase"})
        self.assertIn("never ordered", str(refused.exception))

    def test_the_ceiling_and_the_vendor_hold(self):
        self._assert_more(self._order(price=120000, **STATED), "order_envelope")
        other = self._order(partner_id=self.other_vendor.id, **STATED)
        self._assert_refused({"order_envelope", "order_option"}, other, "holder|option")

    def test_a_file_never_signed(self):
        """Launched and lacking an offer: it did not lapse, it was never in order."""
        need = self._new_file(requisition_type="purchase_template", vendor_id=False)
        self._prepare_launch(need)
        need.action_launch()
        order = self._new_order(need_id=need.id, price=10, **STATED)
        self.assertFalse(need._is_once_met())
        self._assert_refused({"components_declared"}, order)

    def test_a_closed_contract(self):
        self.file.with_user(self.purchase_manager).action_done()
        self._assert_refused({"order_open"}, self._order(**STATED), "takes no order")

    def test_extending_a_lapsed_contract(self):
        file = self.file.with_user(self.purchase_manager)
        line = {"product_id": self.training.id, "product_qty": 1, "price_unit": 1}
        dearer = Command.update(file.line_ids[0].id, {"price_unit": 2e5})
        for also, vals in (
            ({"project_cost"}, {"amount_max": 1e9, "amount_max_known": True}),
            (set(), {"line_ids": [dearer]}),
            (set(), {"line_ids": [Command.create(line)]}),
        ):
            with self._refused("envelope", *also):
                file.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_putting_off_its_end(self):
        self.qualification.sudo().write({"state": "granted", "date_withdrawn": False})
        file = self._confirmed_file(date_end="2027-12-31")
        self._withdraw_qualification()
        for end in ("2028-01-01", False):
            with self._refused("envelope"):
                file.with_user(self.purchase_manager).date_end = end
        file.with_user(self.purchase_manager).date_end = "2027-12-30"
        self.env.flush_all()
        self.assertEqual(file.date_end, date(2027, 12, 30))

    def test_raising_a_confirmed_order(self):
        """More of what was ordered before the lapse is an order of its own."""
        line = self.first.order_line.with_user(self.purchase_manager)
        dozen = self.env.ref("uom.product_uom_dozen")
        for also, vals in (
            ({"order_envelope"}, {"product_qty": 2}),
            ({"order_envelope"}, {"product_qty": 1, "product_uom_id": dozen.id}),
            (set(), {"product_qty": 2, "price_unit": 1}),
        ):
            with self._refused("hosting_qualified", *also):
                line.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()
        with self._refused("hosting_qualified"):
            line.copy({"order_id": self.first.id})
            self.env.flush_all()
        self.env.invalidate_all()
        line.product_qty = 0.5
        self.env.flush_all()
        self.assertEqual(self.first.order_line.product_qty, 0.5)

    def test_raising_a_confirmed_order_before_the_lapse(self):
        self.qualification.sudo().write({"state": "granted", "date_withdrawn": False})
        self.first.order_line.with_user(self.purchase_manager).write(
            {"product_qty": 1.5, "price_unit": 1000}
        )
        self.env.flush_all()
        self.assertEqual(self.first.amount_untaxed, 1500)

    def test_a_contract_of_before_past_its_end(self):
        file = self._new_file()
        document = self.env["ir.attachment"].create({"name": "c", "raw": PDF})
        file.with_user(self.officer)._take_over(document, "Signed in 2024", SIGNED)
        file.sudo()._write_server({"date_end": "2026-01-31"})
        order = self._new_order(requisition_id=file.id, price=10, **STATED)
        self._assert_refused({"order_open"}, order, "takes no order")

    # === WHAT IS KEPT === #

    def test_ground_and_reason_are_frozen_once_confirmed(self):
        order = self._order_of(self.file, **STATED)
        for vals in (
            {"continuity_ground": "migration"},
            {"continuity_reason": "Rewritten"},
            {"continuity_ground": False, "continuity_reason": False},
        ):
            for user in (self.buyer, self.purchase_manager, self.officer):
                for door in (order.with_user(user), order.with_user(user).sudo()):
                    with self.assertRaisesRegex(UserError, "is not rewritten"):
                        door.write(vals)

    def test_nobody_writes_or_forges_the_mark(self):
        order = self._order()
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                order.with_user(user).continuity_used = True
        forged = self.env["purchase.order"].with_user(self.buyer)
        forged = forged.with_context(default_continuity_used=True)
        copied = forged.create({"partner_id": self.vendor.id})
        self.assertFalse(copied.continuity_used)

    def test_a_copy_states_nothing(self):
        copy = self._order_of(self.file, **STATED).copy()
        self.assertFalse(copy.continuity_ground or copy.continuity_reason)

    def test_a_ground_without_a_lapse_lists_nothing(self):
        self.qualification.sudo().write({"state": "granted", "date_withdrawn": False})
        order = self._order_of(self.file, **STATED)
        self.assertFalse(order.continuity_used)
