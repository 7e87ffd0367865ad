from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .flow import FlowCase


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_launch_is_refused_with_all_that_is_missing(self):
        file = self._new_file(purchase_nature=False)
        with self.assertRaises(ValidationError) as refusal:
            file.action_launch()
        message = str(refusal.exception)
        for part in ("nature", "Need and doctrine", "Data and hosting", "DINUM"):
            self.assertIn(part, message)

    def test_whole_doctrine(self):
        file = self._launched_file()
        self.assertTrue(file.date_launch)
        self.assertEqual(file.compliance_state, "launched")
        self._retain_offer(file)
        file.action_confirm()
        self.assertEqual(file.state, "confirmed")
        self.assertEqual(file.compliance_state, "compliant")
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_order_goes_to_the_retained_vendor(self):
        file = self._confirmed_file()
        order = self._new_order(
            requisition_id=file.id, price=10, partner_id=self.other_vendor.id
        )
        with self.assertRaises(UserError):
            order.button_confirm()
