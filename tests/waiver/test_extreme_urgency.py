"""Extreme urgency: who confirms, what it lifts, and every way of stretching it."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON, PDF, SIGNED
from .extreme_urgency_common import NIGHT, ExtremeUrgencyCase


class _Case(ExtremeUrgencyCase):
    def setUp(self):
        super().setUp()
        clock = freeze_time(NIGHT)
        clock.start()
        self.addCleanup(clock.stop)
        self.order = self._urgent_order()
        self.env.flush_all()

    def _assert_refused(self, expected, record, attempt, *users):
        for user in users or (self.buyer, self.purchase_manager):
            for door in (record.with_user(user), record.with_user(user).sudo()):
                with self.subTest(user=user.login), self._refused_as(expected):
                    attempt(door)
                    self.env.flush_all()
                self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestExtremeUrgencySteps(_Case):
    def test_only_asked_for_nothing_leaves(self):
        self._new_extreme_urgency(self.order)
        self._assert_refused({"order_file"}, self.order, lambda o: o.button_confirm())
        self._requested(self.order)
        self._assert_refused({"order_file"}, self.order, lambda o: o.button_confirm())
        self._assert_refused(
            {"order_file"}, self.order, lambda o: o.write({"state": "purchase"})
        )

    def test_officer_or_duty_person_confirms(self):
        for user in (self.officer, self.duty):
            extreme_urgency = self._requested(self._urgent_order())
            extreme_urgency.with_user(user).action_confirm()
            self.assertEqual(extreme_urgency.confirmed_by_id, user)

    def test_nobody_else_answers(self):
        extreme_urgency = self._requested(self.order)
        others = (self.buyer, self.purchase_manager, self.dae, self.referent)
        for user in (*others, self.ambassador):
            for door in (
                extreme_urgency.with_user(user),
                extreme_urgency.with_user(user).sudo(),
            ):
                for name in ("action_confirm", "action_refuse"):
                    with self.assertRaises(AccessError, msg=user.login):
                        getattr(door, name)()

    def test_four_eyes(self):
        """Neither who wrote it, who asked, nor who buys."""
        written = self._new_extreme_urgency(self.order, user=self.officer)
        written.with_user(self.buyer).action_request()
        asked = self._new_extreme_urgency(self._urgent_order())
        asked.with_user(self.officer).action_request()
        bought = self._requested(self._urgent_order(user=self.officer))
        for extreme_urgency in (written, asked, bought):
            for door in (
                extreme_urgency.with_user(self.officer),
                extreme_urgency.with_user(self.officer).sudo(),
            ):
                with self.assertRaises(AccessError):
                    door.action_confirm()
            extreme_urgency.with_user(self.officer2).action_confirm()

    def test_a_duty_person_who_buys_does_not_confirm_their_own(self):
        self.buyer.group_ids += self.env.ref(f"{ADDON}.group_duty")
        with self.assertRaises(AccessError):
            self._requested(self.order).action_confirm()

    def test_refused_then_the_ordinary_road(self):
        extreme_urgency = self._requested(self.order)
        extreme_urgency.with_user(self.duty).action_refuse()
        self._assert_refused({"order_file"}, self.order, lambda o: o.button_confirm())
        self.assertFalse(extreme_urgency.sudo().activity_ids)

    def test_bounded_duration(self):
        extreme_urgency = self._new_extreme_urgency(
            self._urgent_order(), date_end="2027-02-24"
        )
        extreme_urgency.action_request()
        self.assertEqual(extreme_urgency.state, "requested")
        for end, words in (
            ("2027-02-25", "limited to what it demands"),
            ("2036-01-01", "limited to what it demands"),
            (False, "Fill in before recording this: Until"),
        ):
            extreme_urgency = self._new_extreme_urgency(
                self._urgent_order(), date_end=end
            )
            with self.subTest(end), self.assertRaisesRegex(UserError, words):
                extreme_urgency.action_request()

    def test_a_start_put_off_lengthens_nothing(self):
        extreme_urgency = self._new_extreme_urgency(
            self.order, date_start="2027-06-01", date_end="2027-06-30"
        )
        with self.assertRaisesRegex(UserError, "extreme urgency is limited"):
            extreme_urgency.action_request()

    def test_needs_orders_and_a_reason(self):
        with self.assertRaisesRegex(UserError, "Fill in before recording this: Orders"):
            self._new_extreme_urgency(self.order.browse()).action_request()
        with self.assertRaisesRegex(UserError, "Fill in before recording this: Reason"):
            self._new_extreme_urgency(self.order, reason="  ").action_request()

    def test_a_need_is_not_launched_in_the_place_of_its_people(self):
        self.order.action_create_file()
        extreme_urgency = self._new_extreme_urgency(self.order)
        with self.assertRaisesRegex(UserError, "Empty the purchase file"):
            extreme_urgency.action_request()

    def test_given_up_while_nothing_left(self):
        extreme_urgency = self._confirmed_extreme_urgency(self.order)
        extreme_urgency.action_cancel()
        self._assert_refused({"order_file"}, self.order, lambda o: o.button_confirm())
        other = self._confirmed_extreme_urgency(self.order)
        self._leave(self.order)
        with self.assertRaisesRegex(UserError, "left under this urgency"):
            other.action_cancel()


@tagged("post_install", "-at_install")
class TestExtremeUrgencyCovers(_Case):
    def test_its_order_leaves(self):
        extreme_urgency = self._confirmed_extreme_urgency(self.order)
        self.assertIn(
            "Lifted by: Extreme urgency, until 11/30/2026.", self.order.gate_banner
        )
        self._leave(self.order)
        self.assertEqual(self.order.extreme_urgency_id, extreme_urgency)

    def test_a_sensitive_cloud_at_night(self):
        order = self._urgent_order(
            price=300,
            light_mutualised="no",
            light_cloud="yes",
            light_sensitive="unknown",
        )
        self._confirmed_extreme_urgency(order)
        self._leave(order)

    def test_an_order_in_order_needs_no_urgency(self):
        light = self._urgent_order(
            price=300, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        self._confirmed_extreme_urgency(light)
        self._leave(light)
        self.assertFalse(light.extreme_urgency_id)

    def test_under_a_contract_that_lapsed(self):
        file = self._confirmed_file()
        self.qualification.sudo().date_end = "2026-01-01"
        order = self._urgent_order(price=1000, requisition_id=file.id)
        self._assert_refused({"hosting_qualified"}, order, lambda o: o.button_confirm())
        self._confirmed_extreme_urgency(order)
        self._leave(order)
        self.assertFalse(
            file._get_regular_orders(), "it proves nothing of the contract"
        )

    def test_the_ceiling_of_a_contract_holds(self):
        file = self._confirmed_file()
        order = self._urgent_order(price=200000, requisition_id=file.id)
        self._confirmed_extreme_urgency(order)
        self._assert_refused({"order_envelope"}, order, lambda o: o.button_confirm())

    def test_only_a_confirmed_one_is_told_not_to_cover(self):
        order = self._urgent_order()
        urgency = self._requested(order)
        order.order_line.price_unit = 95000
        for told in (False, True):
            with self.assertRaises(UserError) as caught:
                order.button_confirm()
            self.assertEqual("does not cover" in str(caught.exception), told)
            order.order_line.price_unit = 90000
            if not told:
                urgency.with_user(self.duty).action_confirm()
            order.order_line.price_unit = 95000

    def test_no_other_order(self):
        self._confirmed_extreme_urgency(self.order)
        self._assert_refused(
            {"order_file"}, self._urgent_order(), lambda o: o.button_confirm()
        )

    def test_nothing_more_than_what_was_asked(self):
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )
        line = self.order.order_line
        more = {"product_id": other.id, "product_qty": 1, "price_unit": 1}
        for vals in (
            {"partner_id": self.other_vendor.id},
            {"order_line": [Command.update(line.id, {"price_unit": 90001})]},
            {"order_line": [Command.update(line.id, {"product_qty": 2})]},
            {"order_line": [Command.update(line.id, {"product_id": other.id})]},
            {"order_line": [Command.create(more)]},
        ):
            order = self._urgent_order()
            if "order_line" in vals and vals["order_line"][0][1]:
                update = Command.update(order.order_line.id, vals["order_line"][0][2])
                vals = {"order_line": [update]}
            self._confirmed_extreme_urgency(order)
            order.write(vals)
            self._assert_refused({"order_file"}, order, lambda o: o.button_confirm())
            self._assert_refused(
                {"order_file"}, order, lambda o: o.write({"state": "purchase"})
            )

    def test_raised_between_request_and_confirmation(self):
        """The officer confirms what they were asked, not what it became."""
        extreme_urgency = self._requested(self.order)
        self.order.order_line.price_unit = 900000
        with self.assertRaisesRegex(UserError, "no longer what was asked"):
            extreme_urgency.with_user(self.officer).action_confirm()
        self.order.order_line.price_unit = 80000
        extreme_urgency.with_user(self.officer).action_confirm()
        self.assertEqual(extreme_urgency.amount, 90000)
        self.order.order_line.price_unit = 900000
        self._assert_refused({"order_file"}, self.order, lambda o: o.button_confirm())

    def test_raised_once_confirmed(self):
        self._confirmed_extreme_urgency(self.order)
        self._leave(self.order)
        line = self.order.order_line
        for vals in ({"price_unit": 90001}, {"product_qty": 2}):
            self._assert_refused({"order_file"}, line, lambda r, v=vals: r.write(v))
        # Core prices anew what is bought by less than the vendor's least quantity.
        line.write({"product_qty": 0.5, "price_unit": 90000})
        self.env.flush_all()
        self.assertEqual((line.product_qty, self.order.state), (0.5, "purchase"))

    def test_until_its_last_day(self):
        self._confirmed_extreme_urgency(self.order)
        with freeze_time("2026-11-30 12:00:00"):
            self.assertFalse(self._codes(self.order))
        with freeze_time("2026-12-01 00:30:00"):
            self._assert_refused(
                {"order_file"}, self.order, lambda o: o.button_confirm()
            )

    def test_the_day_is_the_servers(self):
        self._confirmed_extreme_urgency(self.order)
        with freeze_time("2026-11-30 23:30:00"):
            for tz in ("America/New_York", "UTC"):
                with self._refused("order_file"):
                    self.order.with_context(tz=tz).button_confirm()

    def test_reopened_after_its_end(self):
        self._confirmed_extreme_urgency(self.order)
        self._leave(self.order)
        order = self.order.with_user(self.purchase_manager)
        order.button_cancel()
        order.button_draft()
        with freeze_time("2026-12-02 12:00:00"):
            self._assert_refused(
                {"order_file"}, self.order, lambda o: o.button_confirm()
            )

    def test_context_keys(self):
        forged = {
            "souverainete_server": True,
            "default_extreme_urgency_id": 1,
            "default_state": "confirmed",
            "extreme_urgency": True,
        }
        self._assert_refused(
            {"order_file"},
            self.order,
            lambda o: o.with_context(**forged).button_confirm(),
        )
        extreme_urgencies = self.env["souverainete.extreme.urgency"].with_user(
            self.buyer
        )
        made = extreme_urgencies.with_context(**forged).create({"reason": "x"})
        self.assertEqual(made.state, "draft")

    def test_it_hides_no_split(self):
        """Orders merely listed still add up; those that left in urgency do not."""
        answers = {
            "light_mutualised": "yes",
            "light_cloud": "no",
            "light_sensitive": "no",
        }
        first = self._new_order(price=45000, **answers)
        self._confirmed_extreme_urgency(first)
        self._leave(first)
        second = self._new_order(price=45000, **answers)
        self._assert_refused({"order_file"}, second, lambda o: o.button_confirm())


@tagged("post_install", "-at_install")
class TestExtremeUrgencyEvidence(_Case):
    def test_relinking(self):
        """No confirmed urgency takes another order, from either side."""
        extreme_urgency = self._confirmed_extreme_urgency(self.order)
        other = self._urgent_order()
        users = (self.buyer, self.officer, self.purchase_manager)
        for command in (
            Command.link(other.id),
            Command.set(other.ids),
            Command.unlink(self.order.id),
            Command.clear(),
        ):
            self._assert_refused(
                "was asked or decided is not rewritten",
                extreme_urgency,
                lambda e, c=command: e.write({"order_ids": [c]}),
                *users,
            )
        for vals in (
            {"extreme_urgency_ids": [Command.link(extreme_urgency.id)]},
            {"extreme_urgency_id": extreme_urgency.id},
        ):
            self._assert_refused(
                "Use the buttons of the form",
                other,
                lambda o, v=vals: o.write(v),
                *users,
            )
        self._assert_refused({"order_file"}, other, lambda o: o.button_confirm())

    def test_what_was_asked_is_not_rewritten(self):
        extreme_urgency = self._requested(self.order)
        for vals in (
            {"reason": "Rewritten"},
            {"date_end": "2027-12-31"},
            {"date_start": "2026-01-01"},
            {"file_id": self._new_file().id},
        ):
            self._assert_refused(
                "was asked or decided is not rewritten",
                extreme_urgency,
                lambda e, v=vals: e.write(v),
                self.buyer,
                self.officer,
            )

    def test_nobody_writes_the_server_s_fields(self):
        extreme_urgency = self._new_extreme_urgency(self.order)
        for vals in (
            {"state": "confirmed"},
            {"envelopes": {str(self.order.id): {}}},
            {"confirmed_by_id": self.officer.id},
            {"regularise_before": "2036-01-01"},
            {"overdue_on": False},
            {"days_late": 0},
            {"requested_by_id": self.officer.id},
        ):
            self._assert_refused(
                "Use the buttons of the form",
                extreme_urgency,
                lambda e, v=vals: e.write(v),
                self.buyer,
                self.officer,
            )
            with self.assertRaises(AccessError):
                self._new_extreme_urgency(self.order, **vals)

    def test_never_deleted_once_asked(self):
        self._new_extreme_urgency(self.order).unlink()
        extreme_urgency = self._requested(self.order)
        self._assert_refused(
            "was asked or decided is never deleted",
            extreme_urgency,
            lambda e: e.unlink(),
            self.buyer,
            self.officer,
        )

    def test_orders_of_one_ministry(self):
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        with self.assertRaisesRegex(UserError, "urgency holds orders of one"):
            self.env["souverainete.extreme.urgency"].create(
                {
                    "reason": "x",
                    "company_id": other.id,
                    "order_ids": [Command.set(self.order.ids)],
                }
            )

    def test_ministries_are_isolated(self):
        extreme_urgency = self._requested(self.order)
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        for login, group in (("o", "group_officer"), ("d", "group_duty")):
            stranger = self._new_user(
                f"stranger_{login}",
                f"{ADDON}.{group}",
                company_id=other.id,
                company_ids=[Command.set(other.ids)],
            )
            seen = self.env["souverainete.extreme.urgency"].with_user(stranger)
            self.assertFalse(seen.search([("id", "=", extreme_urgency.id)]))
            with self.assertRaises(AccessError):
                extreme_urgency.with_user(stranger).action_confirm()
            self.assertNotIn(stranger, extreme_urgency.sudo().activity_ids.user_id)

    def test_duty_person_sees_nothing_else(self):
        draft = self._new_extreme_urgency(self.order)
        orders = self.env["purchase.order"].with_user(self.duty)
        self.assertFalse(orders.search([("id", "=", self.order.id)]))
        draft.action_request()
        self.assertTrue(orders.search([("id", "=", self.order.id)]))
        for right in ("write", "create", "unlink"):
            self.assertFalse(draft.with_user(self.duty).has_access(right))

    def test_screens(self):
        for user in (self.duty, self.buyer, self.officer, self.dae):
            extreme_urgencies = self.env["souverainete.extreme.urgency"].with_user(user)
            extreme_urgencies.get_views(
                [(False, v) for v in ("list", "form", "search")]
            )
        visible = self.env["ir.ui.menu"].with_user(self.duty)._visible_menu_ids()
        self.assertIn(
            self.env.ref(f"{ADDON}.menu_digital_app_extreme_urgencies").id, visible
        )


@tagged("post_install", "-at_install")
class TestExtremeUrgencyRegularised(_Case):
    def setUp(self):
        super().setUp()
        self.extreme_urgency = self._confirmed_extreme_urgency(self.order)
        self._leave(self.order)

    def _try(self, file, message):
        self.extreme_urgency.file_id = file
        with self.assertRaisesRegex(UserError, message):
            self.extreme_urgency.action_regularise()

    def test_in_time(self):
        self.extreme_urgency.file_id = self._regularising_file()
        self.extreme_urgency.action_regularise()
        self.assertEqual(self.extreme_urgency.days_late, 0)

    def test_by_the_file_of_another_purchase(self):
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )
        self._try(self._regularising_file(product=other), "does not list")
        self._try(self._regularising_file(value=80000), "worth less")
        self._try(self._new_file(self.chair), "cannot regularise")

    def test_by_a_file_not_launched_or_taken_over(self):
        file = self._new_file()
        self._prepare_launch(file)
        self._try(file, "Launch")
        prior = self._new_file()
        document = self.env["ir.attachment"].create({"name": "c", "raw": PDF})
        prior.with_user(self.officer)._take_over(document, "Signed in 2024", SIGNED)
        self._try(prior, "cannot regularise")

    def test_two_urgencies_do_not_share_one_value(self):
        file = self._regularising_file()
        self.extreme_urgency.file_id = file
        self.extreme_urgency.action_regularise()
        second = self._urgent_order()
        extreme_urgency = self._confirmed_extreme_urgency(second)
        self._leave(second)
        extreme_urgency.file_id = file
        with self.assertRaisesRegex(UserError, "worth less"):
            extreme_urgency.action_regularise()

    def test_it_lifts_nothing_any_more(self):
        second = self._urgent_order()
        extreme_urgency = self._confirmed_extreme_urgency(second)
        extreme_urgency.file_id = self._regularising_file()
        extreme_urgency.action_regularise()
        self._assert_refused({"order_file"}, second, lambda o: o.button_confirm())

    def test_closed_with_a_reason_by_an_officer_who_did_not_ask(self):
        for user in (self.buyer, self.purchase_manager):
            with self.assertRaises(AccessError):
                self.extreme_urgency.with_user(user).write({"closure_reason": "Mine"})
        self.extreme_urgency.with_user(
            self.officer2
        ).closure_reason = "Credit note received"
        with self.assertRaises(AccessError):
            self.extreme_urgency.action_close()
        self.extreme_urgency.with_user(self.officer2).action_close()
        self.assertEqual(self.extreme_urgency.state, "regularised")

    def test_closed_without_a_reason(self):
        with self.assertRaisesRegex(UserError, "recording this: Reason of the closure"):
            self.extreme_urgency.with_user(self.officer2).action_close()

    def test_job_is_restartable_and_tells_once(self):
        with freeze_time("2027-02-01 12:00:00"):
            self._run_job()
            told = self.extreme_urgency.sudo().activity_ids
            self._run_job()
            self.assertEqual(self.extreme_urgency.sudo().activity_ids, told)

    def test_job_tells_nothing_of_what_is_regularised(self):
        self.extreme_urgency.file_id = self._regularising_file()
        self.extreme_urgency.action_regularise()
        with freeze_time("2027-02-01 12:00:00"):
            self._run_job()
        self.assertFalse(self.extreme_urgency.overdue_on)
