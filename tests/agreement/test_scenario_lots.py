"""A consultation in two lots, signed with three holders: from need to orders."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .need_common import NeedCase


@tagged("post_install", "-at_install")
class TestTwoLotsThreeHolders(NeedCase):
    def setUp(self):
        super().setUp()
        self.need = self._new_need(consultation_ref="2026-VISIO")
        shared = self.env.ref("souverainete_achat.grid_doctrine_2026")
        self.grid = shared.copy({"code": "grid_of_lot_2"})
        self.lot1 = self._new_lot(
            self.need, "1", name="Subscriptions", amount=60000, amount_known=True
        )
        self.lot2 = self._new_lot(
            self.need,
            "2",
            name="Training",
            amount=40000,
            amount_known=True,
            grid_id=self.grid.id,
        )
        self.need.action_launch()

    def _receive(self):
        ceiling = {"cost": 60000, "cost_known": True}
        self._new_offer(self.need, self.vendor, self.lot1, **ceiling)
        self._new_offer(self.need, self.other_vendor, self.lot1, **ceiling)
        self._new_offer(self.need, self.third_vendor, self.lot2)
        self._new_offer(self.need, self.vendor, self.lot2, verdict="rejected")

    def test_the_grid_of_a_lot_is_announced_too(self):
        other = self.env.ref("souverainete_achat.grid_doctrine_2026")
        for door in (self.lot2, self.lot2.sudo()):
            with self.assertRaisesRegex(UserError, "data answers and weights"):
                door.grid_id = other

    def _agreements(self):
        self._receive()
        action = self.need.action_prepare_agreement()
        return self.need.search(action["domain"], order="id")

    def test_from_the_need_to_the_orders(self):
        agreements = self._agreements()
        signed = [(file.lot_id, file.vendor_id) for file in agreements]
        self.assertEqual(
            signed,
            [
                (self.lot1, self.vendor),
                (self.lot1, self.other_vendor),
                (self.lot2, self.third_vendor),
            ],
        )
        for file in agreements:
            file.action_confirm()
            self.assertEqual(file.state, "confirmed")
            self.assertEqual(file.consultation_ref, "2026-VISIO")
        first, second, _third = agreements
        order = self._new_order(requisition_id=first.id, price=50000)
        self.assertEqual(order.option_id.lot_id, self.lot1)
        self._confirm(order)
        with self.assertRaisesRegex(UserError, "share"):
            self._confirm(self._order_to_second(second, 20000))
        self._confirm(self._order_to_second(second, 10000))

    def _order_to_second(self, agreement, price):
        return self._new_order(
            requisition_id=agreement.id, partner_id=self.other_vendor.id, price=price
        )

    def test_offer_is_named_after_its_bidder(self):
        action = self.need.action_open_offers()
        offers = self.env[action["res_model"]].with_context(**action["context"])
        with Form(offers, view=action["views"][0][0]) as offer:
            offer.partner_id = self.vendor
            offer.lot_id = self.lot1
        offer = self.need.offer_ids
        self.assertEqual(offer.name, self.vendor.name)
        self.assertEqual(offer.path, "off_the_shelf")

    def test_agreements_are_opened_from_the_need(self):
        agreements = self._agreements()
        self.assertEqual(self.need.agreement_count, 3)
        action = self.need.action_open_agreements()
        self.assertEqual(self.need.search(action["domain"]), agreements.sorted())
        self.assertFalse(agreements[0].agreement_count)

    def test_one_need_is_counted_once(self):
        agreements = self._agreements()
        for file in agreements:
            file.action_confirm()
        self.assertEqual(self.need.amount_counted, 100000)
        self.assertEqual(agreements.mapped("amount_counted"), [0, 0, 0])
        self.assertEqual(agreements.mapped("amount_max"), [60000, 60000, 40000])
        self.assertEqual(self.need.project_id._get_purchased_value(), 100000)

    def test_each_lot_has_its_grid(self):
        agreements = self._agreements()
        options = self.need.option_ids
        training = options.filtered(lambda o: o.lot_id == self.lot2)
        self.assertEqual(training.grid_id, self.grid)
        self.assertEqual(training.answer_ids.criterion_id, self.grid.criterion_ids)
        self.assertNotEqual(
            options.filtered(lambda o: o.lot_id == self.lot1).grid_id, self.grid
        )
        self.assertEqual(agreements[2].grid_id, self.grid)
        self.assertTrue(self.grid.frozen_on)

    def test_retaining_prepares_the_agreement_of_each_lot(self):
        """By the dialog, which makes an agreement with what is in its context."""
        self._new_offer(self.need, self.vendor, self.lot1, verdict="pending")
        self._new_offer(self.need, self.third_vendor, self.lot2, verdict="pending")
        first, second = self.need.offer_ids
        self._retain_by_dialog(first, "action_retain")
        self.assertEqual((first.verdict, second.verdict), ("retained", "pending"))
        action = self._retain_by_dialog(second, "action_retain_and_prepare")
        agreements = self.need.search(action["domain"], order="id")
        self.assertEqual(agreements.lot_id, self.lot1 | self.lot2)
        self.assertEqual(agreements.vendor_id, self.vendor | self.third_vendor)
        self.assertEqual(self.need.offer_ids, first | second, "nothing moved")

    def _retain_by_dialog(self, offer, name):
        action = offer.action_retain()
        dialogs = self.env[action["res_model"]].with_user(self.buyer)
        dialog = dialogs.with_context(**action["context"]).create(
            {"reason": "Best answer to the criteria"}
        )
        return getattr(dialog, name)()

    def test_prepared_once(self):
        self._agreements()
        with self.assertRaisesRegex(UserError, "left to sign"):
            self.need.action_prepare_agreement()

    def test_offer_of_another_lot_proves_nothing(self):
        """The same bidder was retained for lot 1 and set aside for lot 2."""
        self._receive()
        agreement = self._new_file(
            need_id=self.need.id, lot_id=self.lot2.id, price=40000
        )
        self.assertIn("award_option", self._codes(agreement, "award"))
        with self._refused("award_option"):
            agreement.action_confirm()

    def test_agreement_without_its_lot(self):
        self._receive()
        agreement = self._new_file(need_id=self.need.id, price=40000)
        with self.assertRaisesRegex(UserError, "Choose the lot"):
            agreement.action_confirm()

    def test_retained_offer_without_its_lot(self):
        self._new_offer(self.need, self.vendor)
        agreement = self._new_file(
            need_id=self.need.id, lot_id=self.lot1.id, price=40000
        )
        self.assertIn("lots", self._codes(agreement, "award"))

    def test_lot_of_another_need(self):
        with self.assertRaisesRegex(UserError, "is not a lot of the need"):
            self._new_file(lot_id=self.lot1.id)
        with self.assertRaisesRegex(UserError, "lot of the need of this option"):
            self._new_offer(self._new_need(), self.vendor, self.lot1)

    def test_offers_of_a_lot_are_disclosed_when_it_is_signed(self):
        agreements = self._agreements()
        options = self.need.option_ids
        for file in agreements[:2]:
            file.action_confirm()
        offers = options.filtered(lambda o: o.kind == "offer").sudo()
        of_lot1 = offers.filtered(lambda o: o.lot_id == self.lot1)
        self.assertTrue(all(of_lot1.mapped("awarded")))
        self.assertFalse(any((offers - of_lot1).mapped("awarded")))
        self.assertFalse(self.need.is_awarded)
        with self.assertRaises(AccessError):
            (offers - of_lot1).with_user(self.dae).read(["name"])
        agreements[2].action_confirm()
        self.assertTrue(all(offers.mapped("awarded")))
        self.assertTrue(self.need.is_awarded)

    def test_lot_of_a_signed_agreement(self):
        agreements = self._agreements()
        agreements[0].action_confirm()
        with self._refused("award_option", "envelope", "need_covers"):
            agreements[0].lot_id = self.lot2
            self.env.flush_all()

    def test_lots_are_frozen_at_launch(self):
        for act in (
            lambda: self._new_lot(self.need, "3"),
            lambda: self.lot1.write({"amount": 90000}),
            lambda: self.lot2.unlink(),
            lambda: self.need.write({"lot_ids": [(2, self.lot2.id)]}),
        ):
            with (
                self.assertRaisesRegex(UserError, "data answers and weights"),
                self.env.cr.savepoint(),
            ):
                act()
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestLotsBeforeLaunch(NeedCase):
    def test_lots_make_the_need_worth_what_they_add_up_to(self):
        """A small estimate does not hide large lots."""
        need = self._new_need(20000)
        self.assertEqual(need.circuit, "light")
        self._new_lot(need, "1", amount=90000, amount_known=True)
        self._new_lot(need, "2")
        self.assertEqual(need._get_value(), (90000, True))
        self.assertEqual(need.circuit, "standard")
        self.assertEqual(need.amount_counted, 90000)

    def test_unknown_lot_is_not_zero(self):
        need = self._new_file(requisition_type="purchase_template", price=0)
        self._new_lot(need, "1", amount=9000, amount_known=True)
        self._new_lot(need, "2")
        self.assertEqual(need._get_value(), (9000, False))
        with self.assertRaisesRegex(UserError, "The value of lot"):
            self._new_lot(need, "3", amount_known=True)

    def test_lines_of_a_lot_go_to_its_agreement(self):
        need = self._new_need()
        lot1, lot2 = (self._new_lot(need, number) for number in "12")
        need.line_ids.lot_id = lot1
        need.line_ids = [
            (0, 0, {"product_id": self.software.id, "lot_id": lot2.id, "price_unit": 7})
        ]
        need.action_launch()
        offer = self._new_offer(need, self.vendor, lot2)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        self.assertEqual(agreement._get_judged_options(), offer.sudo())
        self.assertEqual(agreement.line_ids.price_unit, 7)

    def test_one_ceiling_on_six_agreements_counts_once(self):
        """Six holders of one framework, each with the ceiling of the whole."""
        need = self._new_need(90000)
        need.write({"amount_max": 90000, "amount_max_known": True})
        need.action_launch()
        files = need.browse()
        for number in range(6):
            holder = self.env["res.partner"].create({"name": f"Holder {number}"})
            self._new_offer(need, holder)
            files |= self._new_file(
                need_id=need.id,
                vendor_id=holder.id,
                price=90000,
                amount_max=90000,
                amount_max_known=True,
            )
        for file in files:
            file.action_confirm()
        total = sum((files | need).mapped("amount_counted"))
        self.assertEqual(total, 90000)
        self.assertFalse(need._is_exceeded())

    def test_need_with_lots_stays_its_own(self):
        need, other = self._new_need(), self._new_need()
        self._new_lot(need, "1")
        with self.assertRaisesRegex(UserError, "lots or members of a grouping"):
            need.need_id = other
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestOffersRankedByLot(NeedCase):
    """The price scores 100; the two offers of lot 1 are ten times those of lot 2."""

    def setUp(self):
        super().setUp()
        self.need = self._new_need()
        price = {"code": "price", "name": "Price", "weight": 100, "is_price": True}
        grid = self.env["souverainete.grid"].create(
            {"code": "price", "name": "Price", "objective_ids": [(0, 0, price)]}
        )
        self.need.grid_id = grid
        self.lot1 = self._new_lot(self.need, "1", grid_id=grid.id)
        self.lot2 = self._new_lot(self.need, "2", grid_id=grid.id)
        self.need.action_launch()

    def test_no_offer_ranks_against_those_of_another_lot(self):
        offers = [
            self._new_offer(self.need, partner, lot, cost=cost, cost_known=True)
            for partner, lot, cost in (
                (self.vendor, self.lot1, 1000),
                (self.other_vendor, self.lot1, 2000),
                (self.vendor, self.lot2, 100),
                (self.other_vendor, self.lot2, 400),
            )
        ]
        self.assertEqual(
            [(offer.ranking, offer.ranking_score) for offer in offers],
            [(1, 100), (2, 50), (1, 100), (2, 25)],
        )

    def test_one_lot_for_each_product(self):
        need = self._new_need()
        need.line_ids = [
            Command.create({"product_id": self.chair.id, "product_qty": 2}),
        ]
        need.action_make_lots()
        first, second = need.lot_ids
        self.assertEqual((first.number, second.number), ("1", "2"))
        self.assertEqual(need.line_ids.mapped("lot_id"), first | second)
        self.assertEqual((first.amount, first.amount_known), (100000, True))
        self.assertFalse(second.amount_known, "no price says nothing")
        with self.assertRaisesRegex(UserError, "already"):
            need.action_make_lots()
