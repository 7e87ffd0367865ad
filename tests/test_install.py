from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.souverainete_achat.hooks import post_init_hook


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    def test_addon_is_installed(self):
        module = self.env["ir.module.module"]._get("souverainete_achat")
        self.assertEqual(module.state, "installed")

    def test_what_was_confirmed_before_is_taken_over(self):
        """Rows as they stand right after installation: the gate knows no state yet."""
        product = self.env["product.product"].create({"name": "Old"})
        line = {"product_id": product.id, "product_qty": 1, "price_unit": 1}
        vendor = self.env["res.partner"].create({"name": "Old"})
        old, new = self.env["purchase.requisition"].create(
            [{"vendor_id": vendor.id, "line_ids": [(0, 0, dict(line))]}] * 2
        )
        (old | new).flush_recordset()
        new.action_confirm()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_requisition SET state = 'confirmed' WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertTrue(old.is_prior)
        self.assertEqual(old.gate_state, "confirmed")
        self.assertFalse(new.is_prior, "what the gate accepted is left alone")

    def test_an_instance_started_before_the_addon_goes_on(self):
        """It inserts in the tables of others what it knew of them, and nothing else."""
        line = {"product_id": self.env["product.product"].create({"name": "Old"}).id}
        vendor = self.env["res.partner"].create({"name": "Old"})
        order = self.env["purchase.order"].create({"partner_id": vendor.id})
        file = self.env["purchase.requisition"].create({"line_ids": [(0, 0, line)]})
        self.env.flush_all()
        for record in (order, file, self.env.company):
            with self.subTest(record._name):
                self._insert_known_columns(record)

    def _insert_known_columns(self, record):
        names = [
            name
            for name, field in record._fields.items()
            if field.store
            and field.column_type
            and name != "id"
            # The name of a company is unique.
            and field._modules[:1] != ("souverainete_achat",)
            and name != "name"
        ]
        columns = SQL(", ").join(map(SQL.identifier, names))
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (name, %(columns)s)"
                " SELECT name || ' bis', %(columns)s FROM %(table)s WHERE id = %(id)s",
                table=SQL.identifier(record._table),
                columns=columns,
                id=record.id,
            )
        )
        self.assertEqual(self.env.cr.rowcount, 1)
