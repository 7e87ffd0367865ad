"""Roads that lead beside what was judged: another company, units, archives, copies,
wizards and mails of the host. Each is refused by its rule."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .reconciliation_common import LIGHT, ReconciliationCase


@tagged("post_install", "-at_install")
class TestRoadsBeside(ReconciliationCase):
    def setUp(self):
        super().setUp()
        self.small = self._small_order().with_user(self.purchase_manager)

    def _draft(self, **vals):
        order = self._new_order(price=900000.0, **vals)
        return order.with_user(self.purchase_manager)

    def test_a_confirmed_order_keeps_its_company(self):
        companies = self.env["res.company"].create(
            [
                {"name": "Branch", "parent_id": self.company.id},
                {"name": "Ministry", "public_entity_type": "ministry"},
            ]
        )
        self.purchase_manager.company_ids |= companies
        for company in companies:
            with (
                self.subTest(company.name),
                self.assertRaisesRegex(ValidationError, "keeps its vendor and its co"),
            ):
                self.small.company_id = company

    def test_a_confirmed_order_raised(self):
        """By its unit, its quantity, its price once the product is archived."""
        dozen = self.env.ref("uom.product_uom_dozen").id
        for vals in (
            {"product_uom_id": dozen, "product_qty": 1000},
            {"product_qty": 1000},
            {"price_unit": 900000},
        ):
            with self.subTest(vals=vals), self._refused("order_file"):
                self.software.active = "price_unit" not in vals
                self.small.order_line.write(vals)
                self.env.flush_all()

    def test_a_discount_that_stays_under_the_ceiling_is_none(self):
        """What is owed is what counts: full price is judged when it comes back."""
        self.small.order_line.write({"price_unit": 900000, "discount": 99.9})
        self.assertEqual(self.small.amount_untaxed, 900)
        with self._refused("order_file"):
            self.small.order_line.discount = 0
            self.env.flush_all()

    def test_by_the_hosts_own_doors(self):
        keys = {
            "tracking_disable": True,
            "install_mode": True,
            "import_file": True,
            "skip_alternative_check": True,
            "from_alternative": True,
        }
        mail = {"subject": "Order"}
        for name, attempt in {
            "context": lambda o: o.with_context(**keys).button_confirm(),
            "approval": lambda o: o.button_approve(force=True),
            "to approve": lambda o: o.write({"state": "to approve"}),
            "cancelled": lambda o: (o.button_cancel(), o.write({"state": "purchase"})),
            "web_save": lambda o: o.web_save({"state": "purchase"}, {"state": {}}),
            "mail": lambda o: o.message_update(mail, {"state": "purchase"}),
            "backdated": lambda o: (
                o.write({"date_approve": "2020-01-01", "date_order": "2020-01-01"}),
                o.button_confirm(),
            ),
        }.items():
            with self.subTest(name), self._refused("order_file"):
                attempt(self._draft())
                self.env.flush_all()

    def test_a_product_renamed_archived_or_copied(self):
        for name, change in {
            "renamed": lambda: self.software.write({"name": "Chair"}),
            "archived": lambda: self.software.write({"active": False}),
        }.items():
            order = self._draft()
            with self.subTest(name), self._refused("order_file"):
                change()
                order.button_confirm()

    def test_what_a_combo_is_made_of_is_asked(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Pack",
                "combo_item_ids": [Command.create({"product_id": self.software.id})],
            }
        )
        bundle = self.env["product.product"].create(
            {"name": "Bundle", "type": "combo", "combo_ids": [Command.set(combo.ids)]}
        )
        order = self._new_order(bundle, 900000.0, user=self.purchase_manager)
        order.order_line.name = "Logiciel"
        with self._refused("order_scope"):
            order.button_confirm()

    def test_an_alternative_raised(self):
        order = self._new_order(price=1000.0, **LIGHT)
        wizards = self.env["purchase.requisition.create.alternative"]
        wizards.with_user(self.purchase_manager).create(
            {
                "origin_po_id": order.id,
                "partner_ids": [Command.set(self.other_vendor.ids)],
                "copy_products": True,
            }
        ).action_create_alternative()
        other = order.alternative_po_ids - order
        other.order_line.price_unit = 900000
        with self._refused("order_file"):
            other.with_context(skip_alternative_check=True).button_confirm()
