"""One judgement an act, and fields that say who may write them."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestOneJudgement(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file()

    def setUp(self):
        super().setUp()
        self._prepare_launch(self.file)

    def _sign(self):
        self.file.action_launch()
        self._retain_offer(self.file)
        self.file.action_confirm()

    @contextmanager
    def _judged(self, times):
        """The files are judged so many times, and by whatever road they are."""
        model = type(self.env["purchase.requisition"])
        judge, calls = model._judge, []

        def counted(files, asked, *args, **kwargs):
            calls.extend([1] if asked else [])
            return judge(files, asked, *args, **kwargs)

        with patch.object(model, "_judge", counted):
            yield
        self.assertEqual(len(calls), times)

    def _orders(self, number):
        orders = self.env["purchase.order"].with_user(self.buyer)
        for _number in range(number):
            orders |= self._new_order(price=1000, requisition_id=self.file.id)
        return orders

    def test_a_launch_is_judged_once(self):
        with self._judged(1):
            self.file.action_launch()
        self.assertTrue(self.file.date_launch)

    def test_a_signature_is_judged_once(self):
        self.file.action_launch()
        self._retain_offer(self.file)
        with self._judged(1):
            self.file.action_confirm()
        self.assertEqual(self.file.compliance_state, "compliant")

    def test_an_order_is_judged_once(self):
        self._sign()
        order = self._orders(1)
        with self._judged(1):
            order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_twenty_orders_are_judged_once(self):
        self._sign()
        orders = self._orders(20)
        with self._judged(1):
            orders.button_confirm()
        self.assertEqual(set(orders.mapped("state")), {"purchase"})

    def test_a_change_of_a_signed_file_is_judged_before_and_after(self):
        self._sign()
        with self._judged(2):
            self.file.write({"amount_estimated": 499999})
        self.assertEqual(self.file.compliance_state, "compliant")

    def test_orders_that_only_fit_one_by_one_are_refused_together(self):
        self._sign()
        orders = self._orders(2)
        for order in orders:
            order.order_line.price_unit = 60000
        with self._refused("order_envelope"):
            orders.button_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_a_refusal_that_is_swallowed_leaves_nothing_unjudged(self):
        self._sign()
        right, wrong = self._orders(2)
        wrong.partner_id = self.other_vendor
        try:
            (right | wrong).button_confirm()
        except Exception as refusal:
            self.assertIn("holder", str(refusal))
        self.assertEqual((right.state, wrong.state), ("draft", "draft"))

    def test_a_refused_order_changes_no_sum(self):
        self._sign()
        order = self._orders(1)
        order.order_line.price_unit = 60000
        order.button_confirm()
        with self._refused("order_envelope"):
            order.order_line.price_unit = 110000
        self.assertEqual(order.amount_judged, 60000)


@tagged("post_install", "-at_install")
class TestGuards(FlowCase):
    def test_a_field_of_the_host_keeps_its_type(self):
        """Declared again with another type, it would silently be another field."""
        for model in self.env.registry.values():
            for field in model._fields.values():
                types = {base.type for base in getattr(field, "_base_fields__", ())}
                if ADDON in field._modules and len(types) > 1:
                    self.fail(f"{field} is declared as {types}")

    def test_every_guard_is_known(self):
        known = {"server", "judged", "frozen", "free", None}
        for model in self.env.registry.values():
            for field in model._fields.values():
                self.assertIn(getattr(field, "guard", None), known, field)

    def test_code_that_runs_below_a_grant_finds_nothing_to_write_with(self):
        """An automation rule, or a compute, runs within a write of the server."""
        file = self._new_file()
        model = type(file)
        write = model.write

        def automated(files, vals):
            result = write(files, vals)
            if "evidence_rev" in vals:
                files.env[files._name].browse(files.ids).write({"is_prior": True})
            return result

        with patch.object(model, "write", automated), self.assertRaises(AccessError):
            file._write_server({"evidence_rev": 7})
        self.assertFalse(file.is_prior)

    def test_a_grant_is_for_these_values_and_these_records(self):
        file, other = self._new_file(), self._new_file()
        with file._granting("write", [{"evidence_rev": 7}]):
            file.write({"evidence_rev": 7})
            for record, vals in (
                (file, {"evidence_rev": 8}),
                (file, {"evidence_rev": 7, "is_prior": True}),
                (other, {"evidence_rev": 7}),
            ):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    record.write(vals)
        with self.assertRaises(AccessError):
            file.write({"evidence_rev": 7})

    def test_no_key_of_the_context_is_a_grant(self):
        file = self._new_file()
        for key in ("souverainete_server", "server", "guard"):
            with self.assertRaises(AccessError):
                file.with_context(**{key: True}).write({"is_prior": True})
