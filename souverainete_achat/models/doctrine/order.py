from odoo import models


class PurchaseOrder(models.Model):
    """An order that passes is a purchase made for its need."""

    _inherit = "purchase.order"

    def _pass_gate(self):
        result = super()._pass_gate()
        order = self.sudo()
        (order.need_id or order.requisition_id.need_id)._record_purchase()
        return result
