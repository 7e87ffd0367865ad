from odoo import fields, models


class PurchaseRequisition(models.Model):
    """What was ordered under a file, and for how much."""

    _inherit = "purchase.requisition"

    need_order_ids = fields.One2many(
        "purchase.order", "need_id", string="Orders of this need"
    )

    def _get_placed_orders(self):
        """Confirmed orders under this file.

        Read again: the cache may hold only the orders the user may see.
        """
        self.invalidate_recordset(["purchase_ids", "need_order_ids"])
        orders = self.need_order_ids | (self | self.agreement_ids).purchase_ids
        return orders.filtered(lambda o: o.state == "purchase")

    def _get_placed_amount(self):
        """Sum of the confirmed orders under this file, HT, in its currency."""
        placed = self._get_placed_orders()
        return sum(order._get_amount_ht(self.currency_id) for order in placed)
