"""A database that bought before the addon: what ran goes on, and no further."""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.hooks import post_init_hook

from .flow import FlowCase


@tagged("post_install", "-at_install")
class TestInstalledLater(FlowCase):
    """Products have no CPV code yet: everything was bought as not digital."""

    def setUp(self):
        super().setUp()
        # Nothing says yet that it is digital: neither a code nor a word.
        self.software.cpv_code = False
        self.vendor.name = "Dupont et fils"
        self.file = self._new_file(date_start="2020-01-01", date_end="2030-01-01")
        self.template = self._new_file(requisition_type="purchase_template")
        self.order = self._new_order(requisition_id=self.file.id, price=1000)
        self.file.action_confirm()
        self.template.action_confirm()
        self.order.with_user(self.purchase_manager).button_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_requisition "
            "SET gate_state = NULL, gate_envelope = NULL WHERE id IN %s",
            [(self.file | self.template)._ids],
        )
        self.env.cr.execute(
            "UPDATE purchase_order SET gate_state = NULL, gate_settled = NULL "
            "WHERE id = %s",
            self.order.ids,
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.file = self.file.with_user(self.purchase_manager)

    def _classify(self):
        self.software.cpv_code = "48515000"
        self.env.flush_all()

    def test_envelope_is_what_the_addon_would_have_judged(self):
        self.assertEqual(self.file.gate_envelope, self.file._prepare_envelope())

    def test_contract_runs(self):
        self.assertTrue(self.file.is_prior)
        self._classify()
        self.assertTrue(self.file.scope_drift)
        order = self._new_order(requisition_id=self.file.id, price=1000)
        self.assertEqual(order.scope_status, "in")
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        self.file.line_ids.product_qty = 0.9
        order.order_line.with_user(self.purchase_manager).price_unit = 500
        self.env.flush_all()
        self.assertEqual(order.amount_untaxed, 500)
        self.assertEqual(order.state, "purchase")

    def test_contract_is_not_amended_once_digital(self):
        self._classify()
        for vals in (
            {"date_end": "2099-12-31"},
            {"vendor_id": self.other_vendor.id},
            {"holder_ids": [Command.link(self.other_vendor.id)]},
            {"line_ids": [Command.update(self.file.line_ids.id, {"price_unit": 9e6})]},
        ):
            with self._refused("envelope", msg=str(vals)):
                self.file.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_contract_amended_before_it_was_classified(self):
        """Amended meanwhile, it is no longer what ran: the next order is refused."""
        self.file.line_ids.price_unit = 9e6
        self._classify()
        order = self._new_order(requisition_id=self.file.id, price=5e6)
        with self._refused("envelope"):
            order.with_user(self.purchase_manager).button_confirm()

    def test_contract_that_is_not_digital_is_amended_freely(self):
        self.file.write({"date_end": "2040-01-01"})
        self.file.line_ids.price_unit = 9e6
        self.env.flush_all()
        self.assertEqual(self.file.line_ids.price_unit, 9e6)
        self.assertEqual(self.file.scope_status, "out")

    def test_order_goes_on(self):
        self._classify()
        line = self.order.order_line.with_user(self.purchase_manager)
        line.price_unit = 900
        self.env.flush_all()
        order = self.order.with_user(self.purchase_manager)
        chair = {"product_id": self.chair.id, "product_qty": 1, "price_unit": 10}
        order.write({"order_line": [Command.create(chair)]})
        self.env.flush_all()
        order.button_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(len(order.order_line), 2)

    def test_order_settled_its_amount_too(self):
        """As much of it as was ordered before; more is bought as what it is today."""
        self._classify()
        line = self.order.order_line.with_user(self.purchase_manager)
        with self._refused("order_envelope"):
            line.price_unit = 1e6
            self.env.flush_all()

    def test_order_takes_nothing_new_that_is_digital(self):
        self._classify()
        other = self.env["product.product"].create(
            {"name": "Cloud", "cpv_code": "72317000"}
        )
        line = {"product_id": other.id, "product_qty": 1, "price_unit": 1e6}
        with self._refused("order_envelope"):
            self.order.with_user(self.purchase_manager).write(
                {"order_line": [Command.create(line)]}
            )
            self.env.flush_all()

    def test_template_is_no_contract(self):
        self.assertFalse(self.template.is_prior)
        self.assertEqual(self.template.gate_state, "confirmed")
        self._classify()
        order = self._new_order(need_id=self.template.id, price=90000)
        with self._refused("order_file", "order_open", "order_option"):
            order.with_user(self.purchase_manager).button_confirm()
