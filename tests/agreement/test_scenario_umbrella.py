"""Frameworks whose needs are defined at each order: several publishers, and TMA."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .need_common import NeedCase


class UmbrellaCase(NeedCase):
    def _subsequent(self, umbrella, price=100000.0, project=None, **vals):
        """A subsequent contract with its own need, launched and ready to be signed."""
        file = self._new_file(framework_id=umbrella.id, price=price, **vals)
        self._prepare_launch(file)
        file.project_id = project or file.project_id
        file.write(
            {
                "purchase_route": "subsequent",
                "amount_estimated": price,
                "data_breach_harm": "no",
            }
        )
        file.action_launch()
        self._new_offer(file, file.vendor_id)
        return file

    def _order_under(self, umbrella, price=100000.0, need=None, **vals):
        need = need or self._order_need(price)
        return self._new_order(
            requisition_id=umbrella.id, need_id=need.id, price=price, **vals
        )


@tagged("post_install", "-at_install")
class TestSeveralPublishers(UmbrellaCase):
    """One framework with three publishers, one need for each."""

    def test_three_needs(self):
        holders = self.vendor | self.other_vendor | self.third_vendor
        umbrella = self._signed_umbrella(holder_ids=[Command.set(holders.ids)])
        orders = self.env["purchase.order"]
        for holder in holders[:2]:
            need = self._order_need(100000)
            need.option_ids.filtered(
                lambda o: o.verdict == "retained"
            ).partner_id = holder
            order = self._order_under(umbrella, need=need, partner_id=holder.id)
            orders |= self._confirm(order)
        contract = self._subsequent(umbrella, 200000, vendor_id=self.third_vendor.id)
        contract.action_confirm()
        self.assertEqual(orders.mapped("state"), ["purchase"] * 2)
        self.assertEqual(contract.state, "confirmed")
        self.assertEqual(umbrella.sudo()._get_placed_amount(), (400000, True))

    def test_new_contract_opens_as_a_digital_file_of_the_framework(self):
        umbrella = self._signed_umbrella()
        context = umbrella.action_prepare_subsequent()["context"]
        contract = umbrella.with_context(**context).create({})
        self.assertTrue(contract.is_digital)
        self.assertEqual(contract.framework_id, umbrella)
        self.assertFalse(contract._onchange_vendor())
        other = self._new_file(vendor_id=umbrella.vendor_id.id)
        self.assertIn("warning", other._onchange_vendor())

    def test_agreement_prepared_from_the_offers(self):
        umbrella = self._new_umbrella(vendor_id=False)
        umbrella.purchase_route = "own"
        umbrella.action_add_clauses()
        umbrella.action_launch()
        self._new_offer(umbrella, self.vendor)
        umbrella.action_prepare_agreement()
        self.assertEqual(umbrella.vendor_id, self.vendor)
        umbrella.action_confirm()
        self.assertEqual(umbrella.state, "confirmed")

    def test_the_ceiling_is_no_expense_and_counts_once(self):
        umbrella = self._signed_umbrella()
        needs = self._order_need(100000) | self._order_need(50000)
        needs.project_id = umbrella.project_id
        contract = self._subsequent(umbrella, 200000, project=umbrella.project_id)
        files = umbrella | needs | contract
        files._refresh_compliance()
        self.assertEqual(files.mapped("amount_counted"), [0, 100000, 50000, 200000])
        self.assertEqual(files.mapped("amount_framework"), [1000000, 0, 0, 0])
        self.assertEqual(umbrella.project_id._get_purchased_value(), 350000)

    def test_the_ceiling_does_not_ask_for_cost_lines(self):
        """A framework of 20 M€ is no project of 20 M€; its orders are."""
        umbrella = self._new_umbrella(20000000)
        self.assertFalse(umbrella.project_id._is_understated())
        umbrella.is_umbrella = False
        self.assertTrue(umbrella.project_id._is_understated())

    def test_framework_in_lots(self):
        """One umbrella agreement a publisher; the ceiling still counts once."""
        need = self._new_need(500000)
        need.is_umbrella = True
        need.action_add_clauses()
        lots = [self._new_lot(need, number) for number in "12"]
        need.action_launch()
        for lot, holder in zip(lots, self.vendor | self.other_vendor, strict=True):
            self._new_offer(need, holder, lot, cost=250000, cost_known=True)
        files = need.search(need.action_prepare_agreement()["domain"])
        for file in files:
            self.assertTrue(file.is_umbrella)
            file.action_confirm()
        self.assertEqual(sum((need | files).mapped("amount_framework")), 500000)
        self.assertFalse(sum((need | files).mapped("amount_counted")))

    def test_clauses_are_asked(self):
        umbrella = self._new_umbrella()
        self.assertNotIn("umbrella_clauses", self._codes(umbrella), "UGAP wrote it")
        umbrella.purchase_route = "own"
        with self.assertRaisesRegex(UserError, "Reversibility"):
            umbrella.action_confirm()
        umbrella.action_add_clauses()
        self.assertNotIn("umbrella_clauses", self._codes(umbrella))
        carried = set(umbrella.clause_ids.mapped("code"))
        self.assertLess({"environment", "social"}, carried, "loi 2021-1104, art. 35")
        self.assertEqual(len(carried), 8)
        umbrella.clause_ids = [Command.unlink(umbrella.clause_ids[0].id)]
        self.assertIn("umbrella_clauses", self._codes(umbrella))

    def test_grid_is_asked(self):
        umbrella = self._new_umbrella(grid_id=False)
        umbrella.grid_id = False
        umbrella.action_add_clauses()
        with self.assertRaisesRegex(UserError, "grid"):
            umbrella.action_confirm()

    def test_clauses_are_asked_of_umbrellas_alone(self):
        need = self._new_need()
        self.assertFalse({"umbrella_clauses", "umbrella_grid"} & self._codes(need))

    def test_clause_that_is_a_proposal(self):
        umbrella = self._new_umbrella()
        umbrella.purchase_route = "own"
        umbrella.action_add_clauses()
        clause = umbrella.clause_ids[0]
        proposal = clause.with_user(self.referent).copy({"text": "Nothing"})
        umbrella.clause_ids = [
            Command.unlink(clause.id),
            Command.link(proposal.id),
        ]
        with self.assertRaisesRegex(UserError, clause.name):
            umbrella.action_confirm()

    def test_clause_that_came_later_is_not_retroactive(self):
        umbrella = self._signed_umbrella()
        self.env["souverainete.clause"].create(
            {"code": "new", "name": "New", "text": "New", "date_start": "2099-01-01"}
        )
        self.assertFalse(self._codes(umbrella))

    def test_new_version_of_a_clause(self):
        umbrella = self._signed_umbrella()
        clause = umbrella.clause_ids[0]
        version = clause.with_user(self.referent).copy({"text": "More"})
        version.with_user(self.referent2).action_approve()
        self.assertFalse(self._codes(umbrella))
        other = self._new_umbrella()
        other.action_add_clauses()
        self.assertIn(version, other.clause_ids)
        self.assertNotIn(clause, other.clause_ids)


@tagged("post_install", "-at_install")
class TestApplicationMaintenance(UmbrellaCase):
    """TMA: a framework that was published; each bon de commande has one need."""

    def setUp(self):
        super().setUp()
        self.umbrella = self._new_umbrella(400000)
        self.umbrella.write({"purchase_nature": "maintenance", "purchase_route": "own"})
        self.umbrella.action_add_clauses()
        self.umbrella.action_launch()
        self.umbrella.ref_contract = "TMA-2026"
        self.umbrella.action_confirm()

    def test_each_order_has_its_need(self):
        order = self._new_order(requisition_id=self.umbrella.id, price=60000)
        with self.assertRaisesRegex(UserError, "umbrella"):
            self._confirm(order)
        order.action_create_file()
        need = order.need_id
        self.assertEqual(need.framework_ref, "TMA-2026")
        self.assertEqual(need.framework_body_id, self.company.partner_id)
        self._prepare_launch(need)
        need.write(
            {
                "purchase_route": "call_off",
                "amount_estimated": 60000,
                "data_breach_harm": "no",
            }
        )
        order.option_id = need.option_ids.filtered(lambda o: o.verdict == "retained")
        self._confirm(order)
        self.assertEqual(order.state, "purchase")
        self.assertEqual(need.amount_counted, 60000)
        self.assertEqual(self.umbrella.amount_counted, 0)

    def test_orders_within_the_ceiling(self):
        for price in (200000, 150000):
            self._confirm(self._order_under(self.umbrella, price))
        with self.assertRaisesRegex(UserError, "exceed"):
            self._confirm(self._order_under(self.umbrella, 60000))
        self._confirm(self._order_under(self.umbrella, 50000))


@tagged("post_install", "-at_install")
class TestAroundTheCeiling(UmbrellaCase):
    def setUp(self):
        super().setUp()
        self.umbrella = self._signed_umbrella(300000)

    def test_split_between_orders_and_contracts(self):
        self._confirm(self._order_under(self.umbrella, 150000))
        self._subsequent(self.umbrella, 100000).action_confirm()
        with self.assertRaisesRegex(UserError, "exceed"):
            self._confirm(self._order_under(self.umbrella, 60000))
        with self.assertRaisesRegex(UserError, "exceed"):
            self._subsequent(self.umbrella, 60000).action_confirm()
        self._confirm(self._order_under(self.umbrella, 50000))

    def test_contracts_signed_at_once(self):
        contracts = self._subsequent(self.umbrella, 200000) | self._subsequent(
            self.umbrella, 200000
        )
        with self._refused("framework_ceiling"):
            contracts.write({"state": "confirmed"})
            self.env.flush_all()

    def test_signing_moves_the_row_of_the_framework(self):
        """So that of a contract and an order at the same instant, one is retried."""
        contract = self._subsequent(self.umbrella, 100000)
        before = self.umbrella.evidence_rev
        contract.action_confirm()
        self.assertGreater(self.umbrella.evidence_rev, before)

    def test_contract_raised_once_signed(self):
        contract = self._subsequent(self.umbrella, 100000)
        contract.action_confirm()
        with self._refused("envelope"):
            contract.write({"amount_max": 250000, "amount_max_known": True})

    def test_contract_that_leaves_the_framework(self):
        contract = self._subsequent(self.umbrella, 100000)
        contract.action_confirm()
        with self._refused("envelope"):
            contract.framework_id = False
            self.env.flush_all()

    def test_agreement_that_joins_the_framework_once_signed(self):
        file = self._confirmed_file()
        with self._refused("envelope"):
            file.framework_id = self.umbrella
            self.env.flush_all()

    def test_closed_contract_counts_what_was_ordered(self):
        contract = self._subsequent(self.umbrella, 200000)
        contract.action_confirm()
        self._confirm(self._new_order(requisition_id=contract.id, price=50000))
        contract.action_done()
        self.assertEqual(self.umbrella.sudo()._get_placed_amount(), (50000, True))

    def test_vendor_who_does_not_hold_the_framework(self):
        contract = self._subsequent(
            self.umbrella, 50000, vendor_id=self.other_vendor.id
        )
        with self.assertRaisesRegex(UserError, "not a holder"):
            contract.action_confirm()

    def test_framework_closed(self):
        contract = self._subsequent(self.umbrella, 50000)
        self.umbrella.action_done()
        with self.assertRaisesRegex(UserError, "no new contract"):
            contract.action_confirm()

    def test_framework_of_another_ministry(self):
        foreign = self.env["purchase.requisition"].create(
            {
                "company_id": self.other_ministry.id,
                "vendor_id": self.vendor.id,
                "is_umbrella": True,
                "line_ids": [
                    Command.create({"product_id": self.software.id, "price_unit": 9})
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "one ministry"):
            self._new_file(framework_id=foreign.id)
        file = self._new_file()
        with self.assertRaisesRegex(UserError, "framework and its contracts"):
            file.sudo().framework_id = foreign
            self.env.flush_all()

    def test_framework_that_is_none(self):
        plain = self._new_file()
        for vals in (
            {"framework_id": plain.id},
            {"framework_id": self.umbrella.id, "is_umbrella": True},
            {
                "framework_id": self.umbrella.id,
                "requisition_type": "purchase_template",
            },
        ):
            with self.assertRaisesRegex(
                UserError, "under an umbrella framework", msg=str(vals)
            ):
                self._new_file(**vals)

    def test_need_swapped(self):
        """The need of a contract or an order is not exchanged for one already met."""
        contract = self._subsequent(self.umbrella, 100000)
        contract.action_confirm()
        order = self._confirm(self._order_under(self.umbrella, 50000))
        small = self._order_need(10000)
        for expected, record, need in (
            ("is not a subsequent contract of", contract, self.umbrella),
            ({"envelope", "need_covers"}, contract, small),
            ({"order_need"}, order, self.umbrella),
            ({"order_envelope"}, order, small),
        ):
            with self._refused_as(expected), self.env.cr.savepoint():
                record.with_user(self.purchase_manager).need_id = need
                self.env.flush_all()
            self.env.invalidate_all()

    def test_amounts_that_only_the_server_writes(self):
        for name in ("amount_counted", "amount_framework", "amount_counted_known"):
            with self.assertRaisesRegex(AccessError, "Use the buttons of the form"):
                self.umbrella.write({name: 1})
            with self.assertRaisesRegex(AccessError, "Use the buttons of the form"):
                self._new_file(**{name: 1})
