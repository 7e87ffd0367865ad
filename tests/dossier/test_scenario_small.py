"""A 300 € online service, with and without sensitive data, by its people."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..browser_common import BrowserCase
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestSmallService(FlowCase):
    def _request(self):
        """The RFQ of a 300 € subscription, by a buyer who manages small orders."""
        return self._new_order(price=300, user=self.purchase_manager)

    def test_without_sensitive_data(self):
        """Three answers and the confirmation; no file, and the officer sees it."""
        order = self._request()
        self.assertTrue(order.gate_is_light)
        with self.assertRaisesRegex(UserError, r"\(3\)"):
            order.button_confirm()
        order.light_mutualised = "yes"
        order.light_cloud = "yes"
        order.light_sensitive = "no"
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.need_id or order.requisition_id)
        need = self.env["souverainete.light.need"].with_user(self.officer)
        need = need.search([("line_ids.order_id", "=", order.id)])
        self.assertEqual((need.basis, need.code), ("cpv", "4851"))
        self.assertEqual(need.line_ids.mapped("light_sensitive"), ["no"])

    def test_with_sensitive_data(self):
        """Refused whatever the amount; the button opens a file, which is completed by
        its people; then the order leaves."""
        order = self._request()
        order.write({"light_mutualised": "yes", "light_cloud": "yes"})
        order.light_sensitive = "yes"
        with self.assertRaisesRegex(UserError, "sensitive data needs a purchase file"):
            order.button_confirm()
        file = self._open_file(order)
        with self._refused("data_questions", "mutualisation_search"):
            order.button_confirm()
        self.env.flush_all()
        option = self._complete(file)
        self.assertEqual(order.option_id, option, "there is no choice: it is filled in")
        self.assertEqual(file.data_sensitivity, "sensitive")
        with self.assertRaisesRegex(UserError, "(?i)component|host"):
            order.button_confirm()
        self._declare_host(option)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.option_id, option)
        self.assertTrue(file.date_launch)
        self.assertFalse(
            self.env["souverainete.light.need.line"].search(
                [("order_id", "=", order.id)]
            )
        )

    def test_a_need_only_launched_has_not_lapsed(self):
        """Confirming the file launches its need; what the order owes is due by it."""
        order = self._request()
        order.write({"light_mutualised": "yes", "light_cloud": "yes"})
        order.light_sensitive = "yes"
        file = self._open_file(order)
        option = self._complete(file)
        file.action_confirm()
        self.assertEqual(file.compliance_state, "launched")
        self.assertEqual(file.next_step, "orders")
        self._declare_host(option)
        order.button_confirm()
        file._refresh_compliance()
        self.assertEqual(file.compliance_state, "compliant")
        self.qualification.date_end = "2025-12-31"
        file._refresh_compliance()
        self.assertEqual(file.compliance_state, "lapsed")

    def _open_file(self, order):
        action = order.action_create_file()
        file = self.env["purchase.requisition"].browse(action["res_id"])
        self.assertEqual(order.need_id, file)
        self.assertEqual(file.has_cloud, "yes", "what was said is not asked again")
        return file.with_user(order.env.user)

    def _complete(self, file):
        """What the doctrine asks of a sensitive cloud service of 300 €."""
        self._state_need(file)
        file.write({"amount_estimated": 300, "purchase_route": "no_competition"})
        option = self._study(file)
        self._answer_data_questions(file)
        self._declare_project(file, amount=500)
        return option

    def _declare_host(self, option):
        option.component_ids = [
            Command.create(
                {
                    "name": "Réunions souveraines",
                    "partner_id": self.vendor.id,
                    "role": "host",
                    "hosting": "commercial_cloud",
                    "qualification_id": self.qualification.id,
                }
            )
        ]


@tagged("post_install", "-at_install")
class TestSmallServiceInBrowser(BrowserCase, FlowCase):
    def test_four_clicks_from_the_request_to_the_order(self):
        order = self._new_order(price=300, user=self.purchase_manager)
        self.start_tour(
            f"/odoo/purchase-orders/{order.id}",
            "souverainete_light_order",
            login=self.purchase_manager.login,
        )
        order.invalidate_recordset()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.light_sensitive, "no")

    def test_a_sensitive_answer_opens_a_file_at_once(self):
        order = self._new_order(price=300, user=self.purchase_manager)
        self.start_tour(
            f"/odoo/purchase-orders/{order.id}",
            "souverainete_light_sensitive",
            login=self.purchase_manager.login,
        )
        order.invalidate_recordset()
        self.assertTrue(order.need_id)
        self.assertEqual(order.need_id.has_cloud, "yes")


@tagged("post_install", "-at_install")
class TestUnderAFile(FlowCase):
    def test_a_file_is_asked_the_questions_in_the_place_of_its_orders(self):
        """Three answers on an order under a file are no part of what was judged; who
        sells still is."""
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        order.light_cloud = "no"
        self.assertEqual(order.light_cloud, "no")
        with self._refused("order_envelope", "order_option"):
            order.partner_id = self.other_vendor
