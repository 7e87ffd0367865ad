"""A qualification ends under a signed contract: what runs is kept, leaving is
ordered, nothing new is bought."""

import json

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ADDON
from .continuity_common import LapseCase

BEFORE, AFTER = "2027-06-30 12:00:00", "2027-07-01 12:00:00"


@tagged("post_install", "-at_install")
class TestLapsedScenario(LapseCase):
    def setUp(self):
        super().setUp()
        self.qualification.date_end = "2027-06-30"
        self.file = self._signed_file()
        self._order_of(self.file)

    def test_an_expired_qualification_with_a_migration_order(self):
        with freeze_time(BEFORE):
            self._order_of(self.file)
        with freeze_time(AFTER):
            self.file._refresh_compliance()
            self.assertEqual(self.file.compliance_state, "lapsed")
            self._refuse_the_next_order_and_show_the_way()
            self._order_the_reversibility()
            self._order_the_subscription_meanwhile()
            self._list_them_for_the_officer()

    def _refuse_the_next_order_and_show_the_way(self):
        order = self._order_of(self.file, confirm=False)
        self.assertTrue(order.continuity_offered)
        with self.assertRaisesRegex(UserError, "choose a ground"):
            order.with_user(self.purchase_manager).button_confirm()
        order.continuity_ground = "continuity"
        with self.assertRaisesRegex(UserError, "Give the reason"):
            order.with_user(self.purchase_manager).button_confirm()

    def _order_the_reversibility(self):
        """It was never ordered: one leaves only once."""
        self.migration = self._order_of(
            self.file,
            price=20000,
            product=self.reversibility,
            continuity_ground="migration",
            continuity_reason="Data goes to the State's own service by September",
        )
        self.assertTrue(self.migration.continuity_used)
        self.env.cr.precommit.run()
        self.file.invalidate_recordset()
        entry = self.file.sudo().journal_ids.filtered(lambda e: e.event == "order")[:1]
        payload = json.loads(entry.payload)["continuity"]
        self.assertEqual(payload["ground"], "migration")
        self.assertIn("hosting_qualified", payload["lapsed"])

    def _order_the_subscription_meanwhile(self):
        self.kept = self._order_of(
            self.file,
            continuity_ground="continuity",
            continuity_reason="500 users until the migration",
        )

    def _list_them_for_the_officer(self):
        action = self.env.ref(f"{ADDON}.action_lapsed_orders").sudo()
        for user in (self.officer, self.dae):
            orders = self.env["purchase.order"].with_user(user)
            listed = orders.search([("continuity_used", "=", True)])
            self.assertEqual(listed, self.migration | self.kept, user.login)
        self.assertEqual(action.res_model, "purchase.order")
        told = self.file.activity_ids.filtered(
            lambda a: (
                a.activity_type_id == self.env.ref(f"{ADDON}.activity_lapsed_order")
            )
        )
        officers = self.officer | self.officer2
        self.assertEqual(told.user_id, officers)
        self.assertEqual(len(told), len(officers), "one a file, not one an order")
