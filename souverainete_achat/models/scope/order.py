from odoo import api, models


class PurchaseOrder(models.Model):
    _name = "purchase.order"
    _inherit = ["purchase.order", "souverainete.scoped"]

    @api.depends(
        "scope_override",
        "scope_reason",
        "scope_agreed",
        "scope_officer_id",
        "company_id",
        "order_line.product_id",
        "requisition_id",
        "need_id",
    )
    def _compute_scope(self):
        return super()._compute_scope()

    def _get_bought_products(self):
        return self.order_line.product_id

    def _get_settled_products(self):
        """Products ordered as not digital stay so, whatever they became since."""
        settled = self.gate_settled if self.gate_state == "purchase" else []
        return self.env["product.product"].browse(settled or [])

    def _derive_scope(self):
        """An order under a digital file is digital, whatever its lines say, and one
        under a file nobody stated is to be stated."""
        scope, file = super()._derive_scope(), self._get_file()
        if file.is_digital:
            return "in"
        asked = scope == "out" and self.scope_override == "auto"
        return "ask" if asked and file.scope_status == "ask" else scope

    def _get_scope_amount(self):
        return self._get_judged_amount(), bool(self.order_line)
