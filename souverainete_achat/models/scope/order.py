from odoo import api, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "souverainete.scoped"]

    @api.depends(
        "scope_override",
        "scope_reason",
        "scope_officer_id",
        "order_line.product_id",
        "requisition_id",
        "need_id",
    )
    def _compute_scope(self):
        return super()._compute_scope()

    def _get_bought_products(self):
        return self.order_line.product_id

    def _derive_scope(self):
        """An order under a digital file is digital, whatever its lines say."""
        scope = super()._derive_scope()
        return "in" if scope != "in" and self._get_file().is_digital else scope

    def _get_scope_amount(self):
        return self._get_amount_ht(), bool(self.order_line)
