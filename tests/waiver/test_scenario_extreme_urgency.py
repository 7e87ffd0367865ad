"""An emergency at night, confirmed by the duty person, and regularised late."""

import json

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ADDON
from .extreme_urgency_common import NIGHT, ExtremeUrgencyCase


@tagged("post_install", "-at_install")
class TestExtremeUrgencyScenario(ExtremeUrgencyCase):
    def test_an_extreme_urgency_regularised_late(self):
        with freeze_time(NIGHT):
            self._refuse_the_order()
            self._ask_from_the_order()
            self._confirm_from_the_activity()
            self._leave(self.order)
        with freeze_time("2026-12-24 12:00:00"):
            self._run_job()
            self.assertFalse(self.extreme_urgency.overdue_on, "the last day is in time")
        with freeze_time("2026-12-25 12:00:00"):
            self._run_job()
            self._escalate_and_show_the_dae()
            self._buy_something_else()
        with freeze_time("2027-01-05 12:00:00"):
            self._refuse_an_empty_file()
            self._regularise()
            self._keep_the_trace()

    def _refuse_the_order(self):
        self.order = self._urgent_order()
        with self.assertRaisesRegex(UserError, "needs a purchase file"):
            self.order.button_confirm()

    def _ask_from_the_order(self):
        action = self.order.action_ask_extreme_urgency()
        forms = self.env[action["res_model"]].with_user(self.buyer)
        self.extreme_urgency = forms.with_context(**action["context"]).create(
            {"reason": "The payroll is down", "date_end": "2026-11-30"}
        )
        self.assertEqual(self.extreme_urgency.order_ids, self.order)
        self.extreme_urgency.action_request()
        self.assertEqual(self.extreme_urgency.amount, 90000)
        self.assertEqual(
            self.order.action_ask_extreme_urgency()["res_id"], self.extreme_urgency.id
        )

    def _confirm_from_the_activity(self):
        """The notification opens the urgency; one button confirms it."""
        told = self.extreme_urgency.sudo().activity_ids.user_id
        self.assertEqual(told, self.officer | self.officer2 | self.duty)
        seen = self.extreme_urgency.with_user(self.duty)
        self.assertTrue(seen.web_read({"order_ids": {"fields": {"name": {}}}}))
        seen.action_confirm()
        self.assertEqual(
            self.extreme_urgency.regularise_before.isoformat(), "2026-12-24"
        )
        self.assertEqual(self.extreme_urgency.sudo().activity_ids.user_id, self.buyer)

    def _escalate_and_show_the_dae(self):
        self.assertEqual(self.extreme_urgency.overdue_on.isoformat(), "2026-12-25")
        told = self.extreme_urgency.sudo().activity_ids.user_id
        self.assertLessEqual(self.officer | self.officer2, told)
        action = self.env.ref(f"{ADDON}.extreme_urgency_overdue_action").sudo()
        domain = [("state", "=", "confirmed"), ("overdue_on", "!=", False)]
        self.assertIn("overdue_on", action.domain)
        listed = (
            self.env["souverainete.extreme.urgency"].with_user(self.dae).search(domain)
        )
        self.assertEqual(listed, self.extreme_urgency)

    def _buy_something_else(self):
        """The same buyer, the same vendor, the same product."""
        light = self._new_order(
            price=300, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        light.button_confirm()
        self.assertEqual(light.state, "purchase")

    def _refuse_an_empty_file(self):
        self.extreme_urgency.file_id = self._new_file(
            requisition_type="purchase_template", purchase_route="no_competition"
        )
        with self.assertRaisesRegex(UserError, "regularising the urgency"):
            self.extreme_urgency.action_regularise()

    def _regularise(self):
        self.file = self._regularising_file()
        self.extreme_urgency.file_id = self.file
        self.extreme_urgency.action_regularise()
        self.assertEqual(self.extreme_urgency.state, "regularised")
        self.assertTrue(self.file.date_launch, "what regularises no longer changes")

    def _keep_the_trace(self):
        self.assertEqual(self.extreme_urgency.days_late, 12)
        self.assertFalse(self.extreme_urgency.sudo().activity_ids)
        self.env.cr.precommit.run()
        self.file.invalidate_recordset()
        entry = self.file.sudo().journal_ids.filtered(
            lambda e: e.event == "extreme_urgency"
        )
        payload = json.loads(entry.payload)
        self.assertEqual(payload["days_late"], 12)
        self.assertEqual(payload["orders"][0]["order"], self.order.name)
        self.assertEqual(payload["answered_by"], self.duty.name)
        self.assertEqual(self.file._get_placed_amount(), (90000, True))
