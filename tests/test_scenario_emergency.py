"""An emergency at night, confirmed by the duty person, and regularised late."""

import json

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ADDON
from .emergency_common import NIGHT, EmergencyCase


@tagged("post_install", "-at_install")
class TestEmergencyScenario(EmergencyCase):
    def test_an_emergency_regularised_late(self):
        with freeze_time(NIGHT):
            self._refuse_the_order()
            self._ask_from_the_order()
            self._confirm_from_the_activity()
            self._leave(self.order)
        with freeze_time("2026-12-24 12:00:00"):
            self._run_job()
            self.assertFalse(self.emergency.overdue_on, "the last day is in time")
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
        action = self.order.action_ask_emergency()
        forms = self.env[action["res_model"]].with_user(self.buyer)
        self.emergency = forms.with_context(**action["context"]).create(
            {"reason": "The payroll is down", "date_end": "2026-11-30"}
        )
        self.assertEqual(self.emergency.order_ids, self.order)
        self.emergency.action_request()
        self.assertEqual(self.emergency.amount, 90000)
        self.assertEqual(self.order.action_ask_emergency()["res_id"], self.emergency.id)

    def _confirm_from_the_activity(self):
        """The notification opens the urgency; one button confirms it."""
        told = self.emergency.sudo().activity_ids.user_id
        self.assertEqual(told, self.officer | self.officer2 | self.duty)
        seen = self.emergency.with_user(self.duty)
        self.assertTrue(seen.web_read({"order_ids": {"fields": {"name": {}}}}))
        seen.action_confirm()
        self.assertEqual(self.emergency.regularise_before.isoformat(), "2026-12-24")
        self.assertEqual(self.emergency.sudo().activity_ids.user_id, self.buyer)

    def _escalate_and_show_the_dae(self):
        self.assertEqual(self.emergency.overdue_on.isoformat(), "2026-12-25")
        told = self.emergency.sudo().activity_ids.user_id
        self.assertLessEqual(self.officer | self.officer2, told)
        action = self.env.ref(f"{ADDON}.emergency_overdue_action").sudo()
        domain = [("state", "=", "confirmed"), ("overdue_on", "!=", False)]
        self.assertIn("overdue_on", action.domain)
        listed = self.env["souverainete.emergency"].with_user(self.dae).search(domain)
        self.assertEqual(listed, self.emergency)

    def _buy_something_else(self):
        """The same buyer, the same vendor, the same product."""
        light = self._new_order(
            price=300, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        light.button_confirm()
        self.assertEqual(light.state, "purchase")

    def _refuse_an_empty_file(self):
        self.emergency.file_id = self._new_file(
            requisition_type="purchase_template", purchase_route="no_competition"
        )
        with self.assertRaisesRegex(UserError, "regularising the urgency"):
            self.emergency.action_regularise()

    def _regularise(self):
        self.file = self._regularising_file()
        self.emergency.file_id = self.file
        self.emergency.action_regularise()
        self.assertEqual(self.emergency.state, "regularised")
        self.assertTrue(self.file.date_launch, "what regularises no longer changes")

    def _keep_the_trace(self):
        self.assertEqual(self.emergency.days_late, 12)
        self.assertFalse(self.emergency.sudo().activity_ids)
        self.env.cr.precommit.run()
        self.file.invalidate_recordset()
        entry = self.file.sudo().journal_ids.filtered(lambda e: e.event == "emergency")
        payload = json.loads(entry.payload)
        self.assertEqual(payload["days_late"], 12)
        self.assertEqual(payload["orders"][0]["order"], self.order.name)
        self.assertEqual(payload["answered_by"], self.duty.name)
        self.assertEqual(self.file._get_placed_amount(), (90000, True))
