"""Laptops: are they digital? Then what others buy together comes first."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestLaptops(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laptop = cls.env["product.product"].create(
            {"name": "Laptop", "cpv_code": "30213100"}
        )

    def _new_laptops(self, **vals):
        return self._new_file(
            self.laptop, 300000, purchase_nature=False, vendor_id=False, **vals
        )

    def _complete(self, file):
        """The steps common to all; no cloud service, so one question on the data."""
        self._prepare_launch(file)
        file.write(
            {
                "cpv_code": "30213100",
                "purchase_nature": "hardware",
                "need_effect": "Work away from the office, eight hours on battery",
                "need_measure": "Battery test on 20 laptops",
                "has_cloud": "no",
            }
        )

    def _get_shared_points(self, file):
        codes = [finding.rule.code for finding in file._findings("launch")]
        return codes.count("shared_support")

    def test_scope_is_asked_before_anything(self):
        file = self._new_laptops()
        self.assertEqual(file.scope_status, "ask")
        self.assertEqual(self._codes(file, "launch"), {"scope"})
        with self.assertRaisesRegex(UserError, "digital"):
            file.action_launch()
        file.action_scope_in()
        self.assertIn("characterisation", self._codes(file, "launch"))

    def test_bought_alone_once_shared_contracts_were_examined(self):
        file = self._new_laptops()
        file.action_scope_in()
        self._complete(file)
        self.assertEqual(self._get_shared_points(file), 1)
        file.write(
            {
                "shared_support": "none_fits",
                "shared_support_reason": "UGAP, DAE: no laptop for the field",
            }
        )
        self.assertFalse(self._get_shared_points(file))
        file.action_launch()
        with self.assertRaisesRegex(ValidationError, "data answers and weights"):
            file.shared_support_reason = "Written afterwards"
        self._retain_laptops(file)
        file.action_confirm()
        self.assertEqual(file.compliance_state, "compliant")

    def _retain_laptops(self, file):
        offer = self.env["souverainete.option"].with_user(self.buyer)
        offer.create(
            {
                "requisition_id": file.id,
                "kind": "offer",
                "name": "Laptops",
                "path": "off_the_shelf",
                "partner_id": self.vendor.id,
                "verdict": "retained",
                "reason": "Ranked first",
            }
        )
        file.vendor_id = self.vendor

    def test_ordered_under_an_interministerial_contract(self):
        order = self._new_order(self.laptop, 300000)
        with self.assertRaisesRegex(UserError, "digital"):
            order.button_confirm()
        order.action_scope_in()
        with self.assertRaisesRegex(UserError, "purchase file"):
            order.button_confirm()
        file = self.env["purchase.requisition"].browse(
            order.action_create_file()["res_id"]
        )
        file = file.with_user(self.buyer)
        self._complete(file)
        file.purchase_route = "interministerial"
        self.assertFalse(self._get_shared_points(file))
        order.button_confirm()
        self.assertIn(order.state, ("purchase", "to approve"))
        self.assertTrue(file.date_launch)

    def test_hardware_is_no_way_around_a_cloud_service(self):
        """A cloud service called hardware is still asked about its data."""
        file = self._new_laptops()
        file.action_scope_in()
        self._complete(file)
        file.write(
            {
                "has_cloud": "yes",
                "data_protected_secret": "unknown",
                "data_breach_harm": "unknown",
            }
        )
        self.assertIn("data_questions", self._codes(file, "launch"))

    def test_few_laptops_are_light(self):
        order = self._new_order(self.laptop, 900)
        order.action_scope_in()
        order.write(
            {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}
        )
        order.button_confirm()
        self.assertFalse(order.need_id)
