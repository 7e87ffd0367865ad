"""Circuits: dated thresholds, and small orders of one need that add up."""

from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..flow import FlowCase

ANSWERS = {
    "light_mutualised": "yes",
    "light_cloud": "yes",
    "light_sensitive": "no",
}


class CircuitCase(FlowCase):
    """Small orders, confirmed by a purchase manager: no approval stands in the way."""

    def _small(self, product=None, price=30000.0, **vals):
        order = self._new_order(product, price, **{**ANSWERS, **vals})
        return order.with_user(self.purchase_manager)

    def _confirmed(self, *args, **vals):
        order = self._small(*args, **vals)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def _product(self, name, code):
        return self.env["product.product"].create({"name": name, "cpv_code": code})

    def _need(self, code="4851", basis="cpv"):
        return self.env["souverainete.light.need"].search(
            [("basis", "=", basis), ("code", "=", code)]
        )

    def _assert_refused(self, order, pattern="add up", code="order_file"):
        with self._refused(code) as caught:
            order.button_confirm()
        self.assertRegex(str(caught.exception), pattern)
        with self._refused(code):
            order.write({"state": "purchase"})


@tagged("post_install", "-at_install")
class TestCircuitOfAFile(FlowCase):
    def test_a_need_of_a_million_is_reinforced(self):
        file = self._new_file(price=1000)
        self.assertEqual(file.circuit, "light")
        file.write({"amount_estimated": 999999, "amount_estimated_known": True})
        self.assertEqual(file.circuit, "standard")
        file.amount_estimated = 1000000
        self.assertEqual(file.circuit, "reinforced")

    def test_an_unknown_value_is_never_light(self):
        file = self._new_file(line_ids=[])
        self.assertEqual(file.circuit, "standard")

    def test_an_agreement_goes_by_the_value_of_its_need(self):
        need = self._new_file(price=2e6, requisition_type="purchase_template")
        agreement = self._new_file(price=1000, need_id=need.id)
        self.assertEqual(agreement.circuit, "reinforced")

    def test_a_ministry_lowers_the_floor_only(self):
        floor = self.env.ref("souverainete_achat.threshold_reinforced")
        own = floor.with_user(self.referent).copy({"company_id": self.company.id})
        own.amount = 400000
        own.with_user(self.referent2).action_approve()
        self.assertEqual(self._new_file(price=500000).circuit, "reinforced")
        with self.assertRaisesRegex(ValidationError, "not raise it nor state"):
            floor.copy({"company_id": self.company.id, "amount": 2e6})


@tagged("post_install", "-at_install")
class TestSplit(CircuitCase):
    """One need cut in small orders, by every cut we could think of."""

    def test_two_vendors(self):
        self._confirmed()
        order = self._small(partner_id=self.other_vendor.id)
        self._assert_refused(order, r"P\d+ \(Éditions du Logiciel\)")

    def test_two_products_of_one_code(self):
        self._confirmed()
        twin = self._product("Video meetings, rooms", "48515000-3")
        self._assert_refused(self._small(twin, partner_id=self.other_vendor.id))

    def test_two_codes_of_one_category_from_one_vendor(self):
        self._confirmed()
        near = self._product("Video meetings, phones", "48515100")
        self._assert_refused(self._small(near), "CPV 4851")

    def test_two_codes_of_one_class_from_two_vendors(self):
        """Whatever the number of vendors (CCP R. 2121-6)."""
        self._confirmed()
        near = self._product("Video meetings, phones", "48516000")
        order = self._small(near, partner_id=self.other_vendor.id)
        self._assert_refused(order, "CPV 4851")

    def test_twin_vendors_of_what_has_no_code(self):
        """One bank account, or one SIREN under two SIRET, is one vendor."""
        self.vendor.company_registry = "73282932000074"
        self.other_vendor.company_registry = "732 829 320 00082"
        self._confirmed(self._product("Nameless", False), scope_override="in")
        other = self._product("Nameless too", False)
        order = self._small(other, scope_override="in", partner_id=self.other_vendor.id)
        self._assert_refused(order, "without class")
        self.other_vendor.company_registry = False
        for vendor in (self.vendor, self.other_vendor):
            vendor.bank_ids = [Command.create({"acc_number": "FR76 1234"})]
        self._assert_refused(order, "without class")

    def test_a_product_without_code(self):
        bare = self._product("Nameless", False)
        self._confirmed(bare, scope_override="in")
        order = self._small(bare, scope_override="in", partner_id=self.other_vendor.id)
        self._assert_refused(order)
        other = self._product("Nameless too", False)
        self._assert_refused(self._small(other, scope_override="in"), "without class")

    def test_a_product_that_changed_code(self):
        """Neither its past nor its future leaves the need it was bought for."""
        self._confirmed()
        self.software.product_tmpl_id.cpv_code = "72212000"
        self._assert_refused(self._small(partner_id=self.other_vendor.id))
        twin = self._product("Video meetings, rooms", "48515000")
        self._assert_refused(self._small(twin, partner_id=self.other_vendor.id))

    def test_a_branch_of_the_ministry(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        (self.buyer | self.purchase_manager).company_ids += branch
        self._confirmed()
        order = self._small(company_id=branch.id).with_company(branch)
        self._assert_refused(order)

    def test_another_ministry_has_its_own_needs(self):
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        (self.buyer | self.purchase_manager).company_ids += other
        self._confirmed()
        self._confirmed(company_id=other.id)

    def test_cancelled_then_confirmed_again(self):
        first = self._confirmed()
        first.button_cancel()
        self._confirmed()
        first.button_draft()
        self._assert_refused(first)
        with self._refused("order_file"):
            first.write({"state": "purchase"})

    def test_negative_lines_make_no_room(self):
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": -25000}
        first = self._small()
        first.write({"order_line": [Command.create(line)]})
        first.button_confirm()
        self.assertEqual(self._need().amount, 30000)
        self._assert_refused(self._small())

    def test_a_currency_worth_more(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        self._confirmed(price=15000, currency_id=currency.id)
        self.assertEqual(self._need().amount, 30000)
        self._assert_refused(self._small())
        self._assert_refused(self._small(price=15000, currency_id=currency.id))

    def test_what_else_an_order_buys_is_no_part_of_the_need(self):
        order = self._small(price=100)
        other = self._product("Training", "72212000")
        for product in (other, self.chair):
            line = {"product_id": product.id, "product_qty": 1, "price_unit": 25000}
            order.write({"order_line": [Command.create(line)]})
        order.button_confirm()
        self.assertEqual(self._need().amount, 100)
        self.assertEqual(self._need("7221").amount, 25000)
        self.assertFalse(self._need("3911"))
        self._confirmed(price=55000)

    def test_an_order_of_long_ago(self):
        with freeze_time("2026-05-10 10:00:00"):
            self._confirmed()
        with freeze_time("2027-05-10 10:00:00"):
            self._assert_refused(self._small())
        with freeze_time("2027-05-11 10:00:00"):
            self._confirmed()

    def test_a_draft_of_long_ago_counts_from_its_confirmation(self):
        with freeze_time("2025-05-10 10:00:00"):
            order = self._small()
        with freeze_time("2026-11-10 10:00:00"):
            order.button_confirm()
            order.write({"date_approve": "2020-01-01", "date_order": "2020-01-01"})
            self._assert_refused(self._small())

    def test_the_period_is_a_dated_record(self):
        time_limit = self.env.ref("souverainete_achat.time_limit_split")
        today = self.company._souverainete_today()
        with freeze_time(today - relativedelta(months=14)):
            self._confirmed(price=20000)
        own = time_limit.with_user(self.referent).copy({"company_id": self.company.id})
        own.number = 24
        own.with_user(self.referent2).action_approve()
        self._assert_refused(self._small(price=40000))

    def test_without_a_period_nothing_is_too_old(self):
        with freeze_time("2020-05-10 10:00:00"):
            self._confirmed(price=20000)
        time_limit = self.env.ref("souverainete_achat.time_limit_split")
        time_limit._write_server({"date_end": "2021-01-01"})
        self._assert_refused(self._small(price=40000))

    def test_a_confirmed_order_is_raised(self):
        order = self._confirmed()
        self._confirmed(price=20000, partner_id=self.other_vendor.id)
        with self._refused("order_file") as refusal:
            order.order_line.price_unit = 41000
            self.env.flush_all()
        self.assertIn("add up", str(refusal.exception))
        order.order_line.price_unit = 35000
        self.env.flush_all()
        self.assertEqual(self._need().amount, 55000)

    def test_an_amount_moves_to_another_need(self):
        """The total stays, and nothing is new: the other need is nevertheless full."""
        other = self._product("Training", "72212000")
        self._confirmed(other, price=50000, partner_id=self.other_vendor.id)
        line = {"product_id": other.id, "product_qty": 1, "price_unit": 1000}
        order = self._small(price=30000)
        order.write({"order_line": [Command.create(line)]})
        order.button_confirm()
        first, second = order.order_line
        with self._refused("order_file") as refusal:
            order.write(
                {
                    "order_line": [
                        Command.update(first.id, {"price_unit": 1000}),
                        Command.update(second.id, {"price_unit": 30000}),
                    ]
                }
            )
            self.env.flush_all()
        self.assertIn("CPV 7221", str(refusal.exception))

    def test_cut_in_light_files(self):
        self._confirmed(price=40000)
        need = self._new_file(
            price=30000,
            has_cloud="no",
            requisition_type="purchase_template",
            purchase_route="no_competition",
        )
        need._run_search("visioconférence")
        need.action_confirm()
        order = self._small(need_id=need.id)
        self.assertEqual(need.circuit, "light")
        findings = [f.message for f in order._findings() if f.key == "split"]
        self.assertRegex(findings[0], "whole need")
        with self._refused("order_file"):
            order.button_confirm()

    def test_created_in_its_final_state(self):
        self._confirmed()
        with self._refused("order_file"):
            self._small(state="purchase")

    def test_context_keys_change_nothing(self):
        self._confirmed()
        order = self._small().with_context(
            souverainete_server=True, default_gate_state="purchase", tracking_disable=1
        )
        self._assert_refused(order)


@tagged("post_install", "-at_install")
class TestAnswers(CircuitCase):
    def test_answers_stay_as_they_were_given(self):
        order = self._confirmed(price=300, light_cloud="no")
        for user in (self.buyer, self.purchase_manager, self.officer):
            for answer in ("yes", "unknown", False):
                with self.assertRaisesRegex(
                    ValidationError, "set it back to RFQ and answer"
                ) as refusal:
                    order.with_user(user).light_sensitive = answer
                self.assertIn("as they were given", str(refusal.exception))
        with self.assertRaisesRegex(ValidationError, "set it back to RFQ and answer"):
            order.sudo().light_cloud = "yes"

    def test_answers_are_traced_when_an_order_starts_again(self):
        order = self._confirmed(price=300)
        self.env.cr.precommit.run()
        order.button_cancel()
        order.button_draft()
        order.light_cloud = "no"
        order.button_confirm()
        lines = self._need().line_ids.sorted("id")
        self.assertEqual(lines.mapped("light_cloud"), ["yes", "no"])
        self.assertEqual([bool(line.ended_on) for line in lines], [True, False])
        self.assertEqual(lines.user_id, self.purchase_manager)
        self.env.cr.precommit.run()
        tracked = order.sudo().message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("light_cloud", tracked)

    def test_a_copy_answers_nothing(self):
        copy = self._confirmed(price=300).copy()
        self.assertFalse(copy.light_cloud or copy.light_sensitive)

    def test_the_data_question_at_any_amount(self):
        for price in (0, 1, 59999):
            order = self._small(price=price, light_sensitive=False)
            with self.subTest(price=price):
                self._assert_refused(order, "Sensitive data", "order_light")

    def test_what_was_confirmed_is_not_deleted(self):
        order = self._confirmed(price=300)
        order.button_cancel()
        with self.assertRaisesRegex(UserError, "answers"):
            order.unlink()


@tagged("post_install", "-at_install")
class TestNeeds(CircuitCase):
    """What officers see of small purchases, and nobody writes."""

    def _night(self, needs):
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *a, **k: 60.0):
            needs._cron_refresh_totals()

    def test_figures_of_a_need(self):
        self._confirmed(price=12000)
        self._confirmed(price=18000, partner_id=self.other_vendor.id)
        need = self._need()
        self.assertEqual((need.order_count, need.amount), (2, 30000))
        self.assertEqual(need.date_last, self.company._souverainete_today())
        self.assertAlmostEqual(need.share, need.amount / need.ceiling, 4)
        self.assertFalse(self._need("48515", "vendor"), "a need is a family of goods")

    def test_a_cancelled_order_no_longer_counts(self):
        order = self._confirmed()
        order.button_cancel()
        self.assertEqual((self._need().order_count, self._need().amount), (0, 0))
        self.assertTrue(self._need().line_ids.ended_on)

    def test_what_was_received_or_billed_counts_for_good(self):
        """Cancelling, or ordering again, gives no room back."""
        order = self._confirmed(price=50000)
        order.order_line.qty_received = 1
        order.button_cancel()
        line = self._need().line_ids
        self.assertEqual((line.amount, line.ended_on), (50000, False))
        self._assert_refused(self._small())
        order.button_draft()
        order.order_line.price_unit = 100
        order.button_confirm()
        self.assertEqual(self._need().amount, 50000)
        order.button_cancel()
        self._assert_refused(self._small())

    def test_an_order_that_goes_to_a_file_no_longer_counts(self):
        order = self._confirmed()
        file = self._new_file(
            price=100000,
            requisition_type="purchase_template",
            purchase_route="no_competition",
        )
        order.write({"need_id": file.id, "option_id": self._study(file).id})
        self.assertEqual(self._need().amount, 0)

    def test_the_night_forgets_what_is_old(self):
        with freeze_time("2024-05-10 10:00:00"):
            self._confirmed()
        need = self._need()
        self.assertEqual(need.amount, 30000)
        self._night(need)
        self.assertEqual((need.amount, need.share), (0, 0))

    def test_one_activity_a_need_and_officer(self):
        self._confirmed()
        self._small()
        self._small(partner_id=self.other_vendor.id)
        activities = self._need().activity_ids
        officers = self.company._get_role_users("group_officer")
        self.assertEqual(activities.user_id, officers)
        self.assertEqual(len(activities), len(officers))
        with self.assertRaisesRegex(AccessError, "marks it as done"):
            activities.with_user(self.buyer).unlink()
        one = activities[:1]
        one.with_user(one.user_id).action_feedback("A file is opened")
        self._small(price=31000)
        self.assertFalse(self._need().activity_ids, "told once a period")

    def test_who_asks_is_not_the_officer_told(self):
        officers = self.env.ref("souverainete_achat.group_officer").all_user_ids
        (officers - self.officer - self.officer2).active = False
        self._confirmed()
        self._new_order(price=30000, user=self.officer, **ANSWERS)
        self.assertEqual(self._need().activity_ids.user_id, self.officer2)

    def test_an_order_too_large_alone_tells_nobody(self):
        self._confirmed()
        self._new_order(price=90000)
        self.assertFalse(self._need().activity_ids)

    def test_a_lowered_ceiling_is_told(self):
        self._confirmed()
        ceiling = self.env.ref("souverainete_achat.threshold_light_2026")
        own = ceiling.with_user(self.referent).copy({"company_id": self.company.id})
        own.amount = 20000
        own.with_user(self.referent2).action_approve()
        self._night(self._need())
        officers = self.company._get_role_users("group_officer")
        self.assertEqual(self._need().activity_ids.user_id, officers)
        self.assertEqual(self._need().order_count, 1)
        # What somebody deletes in the database comes back while it stands.
        need = self._need()
        self.env.cr.execute("DELETE FROM mail_activity WHERE res_id = %s", need.ids)
        self.env.invalidate_all()
        self._night(need)
        self.assertEqual(need.activity_ids.user_id, officers)

    def test_a_ceiling_lowered_to_what_was_bought_is_told(self):
        """The ceiling itself is no small purchase any more."""
        self._confirmed()
        ceiling = self.env.ref("souverainete_achat.threshold_light_2026")
        own = ceiling.with_user(self.referent).copy({"company_id": self.company.id})
        own.amount = self._need().amount
        own.with_user(self.referent2).action_approve()
        self._night(self._need())
        self.assertEqual(self._need().share, 1)
        self.assertTrue(self._need().activity_ids)

    def test_nobody_writes_the_needs(self):
        self._confirmed()
        need, line = self._need(), self._need().line_ids
        for user in (self.buyer, self.officer, self.dae, self.env.user):
            with self.assertRaises(AccessError):
                need.with_user(user).amount = 0
            with self.assertRaises(AccessError):
                line.with_user(user).ended_on = "2026-01-01"
            with self._refused_as("not allowed to delete|are evidence"):
                line.with_user(user).unlink()
        with self.assertRaises(AccessError):
            line.sudo().with_context(souverainete_server=True).amount = 0
        with self.assertRaises(AccessError):
            self.env["souverainete.light.need.line"].sudo().create(
                {"need_id": need.id, "order_id": line.order_id.id, "amount": -9e6}
            )

    def test_who_reads_the_needs(self):
        self._confirmed()
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            "souverainete_achat.group_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        needs = self.env["souverainete.light.need"]
        for user in (self.officer, self.dae, self.ambassador):
            self.assertIn(self._need(), needs.with_user(user).search([]))
            self.assertTrue(self._need().with_user(user).line_ids.order_id.name)
        self.assertFalse(needs.with_user(stranger).search([]))


@tagged("post_install", "-at_install")
class TestStrip(CircuitCase):
    """What the buyer sees of the light circuit."""

    def _banner(self, order):
        order.invalidate_recordset()
        return order.gate_banner and html.fromstring(order.gate_banner).text_content()

    def test_the_questions_are_asked_once(self):
        order = self._new_order(price=300)
        self.assertTrue(order.gate_is_light)
        self.assertFalse(order.gate_needs_file)
        self.assertFalse(self._banner(order))

    def test_the_strip_comes_with_the_line(self):
        form = Form(self.env["purchase.order"].with_user(self.buyer))
        form.partner_id = self.vendor
        with form.order_line.new() as line:
            line.product_id = self.software
            line.price_unit = 300
        self.assertTrue(form.gate_is_light)

    def test_above_the_ceiling_there_is_no_strip(self):
        order = self._new_order(price=90000)
        self.assertFalse(order.gate_is_light)
        self.assertTrue(order.gate_needs_file)
        self.assertIn("needs a purchase file", self._banner(order))

    def test_adding_up_takes_the_strip_away(self):
        self._confirmed()
        order = self._small()
        self.assertFalse(order.gate_is_light)
        self.assertTrue(order.gate_needs_file)
        self.assertIn("add up", self._banner(order))

    def test_the_answers_stay_in_sight(self):
        order = self._confirmed(price=300)
        self.assertTrue(order.gate_is_light)
        self.assertFalse(order.gate_needs_file)

    def test_the_file_of_a_split_need_is_worth_the_whole(self):
        self._confirmed(price=40000)
        order = self._small()
        order.action_create_file()
        self.assertEqual(order.need_id.amount_estimated, 70000)
        self.assertEqual(order.need_id.circuit, "standard")
        self.assertEqual(order.need_id.has_cloud, "yes")
