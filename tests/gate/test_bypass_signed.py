"""After launch, after confirmation, on orders: every edit that would get past what
was judged, tried as buyer, purchase manager and through sudo."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import EMPTY
from ..flow import FlowCase


class BypassCase(FlowCase):
    def _new_software(self):
        return self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )

    def _assert_refused(self, expected, record, attempt, users=None):
        """`attempt` is refused to each role, and to sudo."""
        for user in users or (self.buyer, self.purchase_manager):
            for door in (record.with_user(user), record.with_user(user).sudo()):
                said = {"login": user.login, "su": door.env.su}
                said["defaults"] = attempt.__defaults__
                with self.subTest(**said), self._refused_as(expected):
                    attempt(door)
                    self.env.flush_all()


@tagged("post_install", "-at_install")
class TestLaunchedFile(BypassCase):
    def setUp(self):
        super().setUp()
        self.file = self._launched_file()
        self.study = self.file.option_ids

    def test_frozen_header(self):
        frozen = "its need, study, data answers and weights left"
        for expected, vals in (
            (frozen, {"need_effect": "Anything"}),
            (frozen, {"need_measure": "Nothing"}),
            (frozen, {"cpv_code": "72000000"}),
            (frozen, {"purchase_nature": "hardware"}),
            (frozen, {"purchase_route": "no_competition"}),
            ("answers on the data left", {"data_breach_harm": "no"}),
            ({"cloud_contradiction"}, {"has_cloud": "no"}),
            (frozen, {"sovereignty_statement": "Rewritten"}),
            (frozen, {"project_id": False}),
            (frozen, {"scope_override": "out", "scope_reason": "No"}),
            ({"umbrella_clauses"}, {"is_umbrella": True}),
        ):
            self._assert_refused(expected, self.file, lambda f, v=vals: f.write(v))

    def test_frozen_study(self):
        retained = self.study.filtered(lambda o: o.verdict == "retained")
        rejected = self.study - retained
        self._assert_refused(
            "data answers and weights",
            rejected,
            lambda o: o.write({"reason": "Other reason"}),
        )
        self._assert_refused(
            {"mutualised_verdicts"}, rejected, lambda o: o.write({"verdict": "pending"})
        )
        self._assert_refused(
            "Set them aside with a reason", rejected, lambda o: o.unlink()
        )
        self._assert_refused(
            "data answers and weights",
            retained,
            lambda o: o.write({"verdict": "rejected"}),
        )
        self._assert_refused(
            {"mutualised_verdicts"},
            self.file,
            lambda f: f.write(
                {"option_ids": [Command.update(rejected.id, {"path": "custom"})]}
            ),
        )

    def test_late_study_is_no_study(self):
        def add(file):
            file.env["souverainete.option"].create(
                {"requisition_id": file.id, "name": "Late", "path": "mutualised"}
            )

        self._assert_refused({"mutualised_verdicts"}, self.file, add)

    def test_relaunch_is_possible_after_cancelling(self):
        self.file.action_cancel()
        self.file.action_draft()
        self.assertFalse(self.file.date_launch)
        self.file.need_effect = "Corrected"
        self.file.action_launch()
        self.assertTrue(self.file.date_launch)
        self.assertEqual(self.file.compliance_state, "launched")

    def test_unlaunched_cannot_be_confirmed(self):
        file = self._new_file()
        self._prepare_launch(file)
        with self.assertRaisesRegex(ValidationError, "not launched"):
            file.action_confirm()

    def test_offer_is_accepted(self):
        offer = self._retain_offer(self.file)
        self.assertEqual(offer.verdict, "retained")
        self.assertFalse(self._codes(self.file, "award"))


@tagged("post_install", "-at_install")
class TestSharedNeed(BypassCase):
    """Lots share a need: another purchase cannot hide behind it."""

    def setUp(self):
        super().setUp()
        self.need = self._launched_file()
        self._retain_offer(self.need)

    def _lot(self, **vals):
        return self._new_file(need_id=self.need.id, user=self.purchase_manager, **vals)

    def test_lot_covered_by_its_need(self):
        lot = self._lot()
        lot.action_confirm()
        self.assertEqual(lot.state, "confirmed")

    def test_lot_of_other_products(self):
        lot = self._lot(product=self._new_software())
        self._assert_refused(
            {"need_covers"}, lot, lambda f: f.action_confirm(), [self.purchase_manager]
        )

    def test_lots_above_the_value_of_the_need(self):
        self._lot(price=300000).action_confirm()
        lot = self._lot(price=300000)
        self._assert_refused(
            {"need_covers"}, lot, lambda f: f.action_confirm(), [self.purchase_manager]
        )

    def test_signed_agreement_changes_need(self):
        lot = self._lot()
        lot.action_confirm()
        other = self._new_file()
        self._assert_refused(
            (*EMPTY, "envelope"), lot, lambda f: f.write({"need_id": other.id})
        )


@tagged("post_install", "-at_install")
class TestConfirmedFile(BypassCase):
    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()
        self.offer = self.file._get_judged_options()

    def test_edits_after_confirmation(self):
        line = self.file.line_ids
        other = self._new_software()
        added = {"product_id": other.id, "product_qty": 1, "price_unit": 1}
        for also, vals in (
            ("award_option", {"vendor_id": self.other_vendor.id}),
            ("project_cost", {"amount_max": 1e9, "amount_max_known": True}),
            ("", {"line_ids": [Command.update(line.id, {"price_unit": 200000})]}),
            ("", {"line_ids": [Command.update(line.id, {"product_qty": 2})]}),
            ("", {"line_ids": [Command.update(line.id, {"product_id": other.id})]}),
            ("", {"line_ids": [Command.create(added)]}),
        ):
            # Prices of a signed agreement are the manager's in core already.
            self._assert_refused(
                {"envelope", also} - {""},
                self.file,
                lambda f, v=vals: f.write(v),
                [self.purchase_manager],
            )

    def test_lines_written_directly(self):
        line = self.file.line_ids
        for vals in ({"price_unit": 200000}, {"product_qty": 2}):
            self._assert_refused(
                {"envelope"},
                line,
                lambda r, v=vals: r.write(v),
                [self.purchase_manager],
            )

    def test_company_swap(self):
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        self.purchase_manager.company_ids |= other
        self._assert_refused(
            "cannot change ministry",
            self.file,
            lambda f: f.write({"company_id": other.id}),
            [self.purchase_manager],
        )

    def test_components_after_confirmation(self):
        component = self.offer.component_ids
        shadow = {"qualification_id": False, "name": "Shadow host"}
        for expected, attempt in (
            ({"hosting_qualified"}, lambda c: c.write({"qualification_id": False})),
            ("The award was made on these offers", lambda c: c.unlink()),
            ({"hosting_qualified"}, lambda c: c.copy(shadow)),
        ):
            self._assert_refused(expected, component, attempt)

    def test_verdict_after_confirmation(self):
        for vals in (
            {"verdict": "rejected"},
            {"verdict": "pending"},
            {"partner_id": self.other_vendor.id},
        ):
            self._assert_refused(
                {"award_option", "envelope"}, self.offer, lambda o, v=vals: o.write(v)
            )
        self._assert_refused(
            "Set them aside with a reason", self.offer, lambda o: o.unlink()
        )

    def test_back_to_confirmed_asks_again(self):
        self.qualification.sudo().write({"date_end": "2025-02-01"})
        file = self.file.with_user(self.purchase_manager)
        file.action_done()
        self._assert_refused(
            {"hosting_qualified"}, file, lambda f: f.write({"state": "confirmed"})
        )

    def test_what_must_be_accepted(self):
        file = self.file.with_user(self.purchase_manager)
        file.line_ids.product_qty = 0.5
        file.line_ids.price_unit = 90000
        file.write({"ref_chorus_ej": "1300000001", "description": "<p>Note</p>"})
        file.message_post(body="Noted")
        file.action_done()
        self.assertEqual(file.state, "done")
        self.assertEqual(file.line_ids.price_unit, 90000)
        self.assertEqual(file.ref_chorus_ej, "1300000001")

    def test_lapse_blocks_the_next_order_only(self):
        order = self._new_order(requisition_id=self.file.id, price=10)
        late = self._new_order(requisition_id=self.file.id, price=10)
        order.with_user(self.purchase_manager).button_confirm()
        qualification = self.qualification.with_user(self.officer)
        qualification.write(
            {"state": "withdrawn", "date_withdrawn": self.company._souverainete_today()}
        )
        self.assertEqual(self.file.compliance_state, "lapsed")
        with self._refused("hosting_qualified"):
            late.with_user(self.purchase_manager).button_confirm()
        order.order_line.with_user(self.purchase_manager).product_qty = 0.5
        order.with_user(self.purchase_manager).button_cancel()
        self.file.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.file.state, "cancel")

    def test_expiry_is_the_servers_day_not_the_clients(self):
        order = self._new_order(requisition_id=self.file.id, price=10)
        self.qualification.date_end = "2026-11-22"
        with freeze_time("2026-11-22 23:30:00"):
            for tz in ("America/New_York", "Pacific/Pago_Pago", "UTC"):
                with self._refused("hosting_qualified"):
                    order.with_context(tz=tz).button_confirm()


@tagged("post_install", "-at_install")
class TestOrderBypass(BypassCase):
    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()

    def _order(self, price=1000, **vals):
        return self._new_order(requisition_id=self.file.id, price=price, **vals)

    def _confirmed(self, **vals):
        order = self._order(**vals)
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def test_confirm_outside_the_envelope(self):
        for codes, vals in (
            ({"order_envelope", "order_option"}, {"partner_id": self.other_vendor.id}),
            ({"order_envelope"}, {"price": 100000.01}),
            ({"order_envelope"}, {"product": self._new_software()}),
        ):
            order = self._order(**vals)
            self._assert_refused(codes, order, lambda o, v=vals: o.button_confirm())
            self._assert_refused(
                codes, order, lambda o, v=vals: o.write({"state": "purchase"})
            )

    def test_two_orders_share_the_amount(self):
        self._confirmed(price=60000)
        second = self._order(price=60000)
        self._assert_refused({"order_envelope"}, second, lambda o: o.button_confirm())

    def test_edits_after_confirmation(self):
        order = self._confirmed()
        other = self._new_software()
        line = order.order_line
        for codes, vals in (
            ({"order_envelope", "order_option"}, {"partner_id": self.other_vendor.id}),
            ({"order_light"}, {"requisition_id": False, "need_id": False}),
            ({"order_option"}, {"option_id": False}),
            *(
                ({"order_envelope"}, {"order_line": [Command.update(line.id, values)]})
                for values in (
                    {"price_unit": 200000},
                    {"product_qty": 200},
                    {"product_id": other.id},
                )
            ),
        ):
            self._assert_refused(codes, order, lambda o, v=vals: o.write(v))
        for vals in ({"price_unit": 200000}, {"product_qty": 200}):
            self._assert_refused({"order_envelope"}, line, lambda r, v=vals: r.write(v))

    def test_line_without_product(self):
        line = {
            "name": "Subscription",
            "product_qty": 1,
            "price_unit": 500,
            "date_planned": "2027-01-01",
        }
        order = self._order(order_line=[Command.create(line)])
        self._assert_refused(
            "order lines are missing a product", order, lambda o: o.button_confirm()
        )
        self._assert_refused(
            "some order lines are missing",
            order,
            lambda o: o.write({"state": "purchase"}),
        )
        confirmed = self._confirmed()
        self._assert_refused(
            "some order lines are missing",
            confirmed,
            lambda o: o.write({"order_line": [Command.create(line)]}),
        )

    def test_scope_of_an_order_under_a_digital_file(self):
        order = self._order()
        order.write({"scope_override": "out", "scope_reason": "Not digital at all"})
        self.assertEqual(order.scope_status, "in")

    def test_foreign_currency(self):
        other = self.env.ref("base.CHF")
        other.active = True
        order = self._order(currency_id=other.id)
        self._assert_refused({"order_envelope"}, order, lambda o: o.button_confirm())

    def test_imported_confirmed(self):
        result = (
            self.env["purchase.order"]
            .with_user(self.purchase_manager)
            .load(
                [
                    "partner_id",
                    "state",
                    "order_line/product_id",
                    "order_line/product_qty",
                    "order_line/price_unit",
                    "order_line/name",
                ],
                [[self.vendor.name, "purchase", self.software.name, "1", "90000", "x"]],
            )
        )
        self.assertFalse(result["ids"])

    def test_context_keys(self):
        order = self._order(partner_id=self.other_vendor.id)
        self._assert_refused(
            {"order_envelope", "order_option"},
            order,
            lambda o: o.with_context(
                souverainete_server=True, skip_alternative_check=True, force=True
            ).button_confirm(),
        )
        self._assert_refused(
            {"order_envelope", "order_option"},
            order,
            lambda o: o.with_context(x=1).button_approve(force=True),
        )

    def test_server_fields(self):
        order = self._order()
        for name, value in (
            ("gate_state", "purchase"),
            ("gate_findings", []),
            ("gate_settled", [self.software.id]),
            ("is_digital", False),
            ("scope_status", "out"),
            ("parked_by_id", self.buyer.id),
        ):
            with self.assertRaises(AccessError):
                order.write({name: value})

    def test_lowering_and_cancelling_are_free(self):
        order = self._confirmed()
        order.order_line.product_qty = 0.5
        order.with_user(self.purchase_manager).button_cancel()
        self.assertEqual(order.state, "cancel")
        order.button_draft()
        self.assertEqual((order.state, order.gate_state), ("draft", "draft"))

    def test_closed_need_takes_no_order(self):
        self.file.with_user(self.purchase_manager).action_done()
        order = self._order()
        self._assert_refused({"order_open"}, order, lambda o: o.button_confirm())
