"""What the tests of every room share: people, products and a digital file."""

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

ADDON = "souverainete_achat"


class SouveraineteCase(TransactionCase):
    """One user a role, a digital product, chairs, and two vendors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.public_entity_type = "ministry"
        cls.buyer = cls._new_user("buyer", "purchase.group_purchase_user")
        cls.purchase_manager = cls._new_user(
            "purchase_manager", "purchase.group_purchase_manager"
        )
        cls.officer = cls._new_user("officer", f"{ADDON}.group_officer")
        cls.officer2 = cls._new_user("officer2", f"{ADDON}.group_officer")
        cls.ambassador = cls._new_user("ambassador", f"{ADDON}.group_ambassador")
        cls.dinum = cls._new_user("dinum", f"{ADDON}.group_dinum")
        cls.dae = cls._new_user("dae", f"{ADDON}.group_dae")
        cls.referent = cls._new_user("referent", f"{ADDON}.group_manager")
        cls.referent2 = cls._new_user("referent2", f"{ADDON}.group_manager")
        cls.software, cls.chair = cls.env["product.product"].create(
            [
                {"name": "Video meetings, subscription", "cpv_code": "48515000"},
                {"name": "Chair", "cpv_code": "39112000"},
            ]
        )
        cls.vendor, cls.other_vendor = cls.env["res.partner"].create(
            [{"name": "Éditions du Logiciel"}, {"name": "Autre Éditeur"}]
        )

    @classmethod
    def _new_user(cls, login, groups, **kwargs):
        return new_test_user(
            cls.env,
            login=f"sa_{login}",
            groups=f"base.group_user,{groups}",
            tz="Europe/Paris",
            **kwargs,
        )

    @classmethod
    def _new_file(cls, product=None, price=100000.0, user=None, **vals):
        """A draft agreement of the buyer, for one product."""
        product = product or cls.software
        line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
        user = user or cls.buyer
        file = (
            cls.env["purchase.requisition"]
            .with_user(user)
            .create(
                {
                    "requisition_type": "blanket_order",
                    "vendor_id": cls.vendor.id,
                    "line_ids": [Command.create(line)],
                    "purchase_nature": "licence",
                    "purchase_route": "own",
                    **vals,
                }
            )
        )
        return file.with_user(user)

    @classmethod
    def _new_order(cls, product=None, price=100000.0, user=None, **vals):
        """A draft order of the buyer, for one product."""
        product = product or cls.software
        line = {"product_id": product.id, "product_qty": 1, "price_unit": price}
        user = user or cls.buyer
        order = (
            cls.env["purchase.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.vendor.id,
                    "order_line": [Command.create(line)],
                    **vals,
                }
            )
        )
        return order.with_user(user)

    def _codes(self, record, stage=None):
        """Codes of what blocks a file (at one stage) or an order."""
        findings = record._findings(stage) if stage else record._findings()
        return {finding.rule.code for finding in findings if finding.blocking}
