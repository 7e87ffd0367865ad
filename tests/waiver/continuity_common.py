"""A contract signed in order, with what is bought under it, that lapses."""

from odoo.fields import Command

from ..flow import FlowCase


class LapseCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reversibility, cls.training = cls.env["product.product"].create(
            [
                {"name": "Reversibility, flat rate", "cpv_code": "72000000"},
                {"name": "Another module", "cpv_code": "48000000"},
            ]
        )

    def _signed_file(self):
        """On the contract: subscription (100,000 €) and reversibility (20,000 €)."""
        prices = {self.software: 100000, self.reversibility: 20000}
        lines = [
            Command.create(
                {"product_id": product.id, "product_qty": 1, "price_unit": price}
            )
            for product, price in prices.items()
        ]
        return self._confirmed_file(line_ids=lines)

    def _order_of(self, file, price=1000, confirm=True, **vals):
        order = self._new_order(requisition_id=file.id, price=price, **vals)
        if confirm:
            self._confirm(order)
        return order

    def _confirm(self, order):
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")

    def _withdraw_qualification(self):
        self.qualification.with_user(self.officer).write(
            {"state": "withdrawn", "date_withdrawn": self.company._souverainete_today()}
        )
