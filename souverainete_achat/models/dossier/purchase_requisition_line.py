from odoo import fields, models


class PurchaseRequisitionLine(models.Model):
    """What the gate judges on a line; the rest (analytics, descriptions) is free."""

    _name = "purchase.requisition.line"
    _inherit = [
        "purchase.requisition.line",
        "souverainete.declaration",
        "souverainete.worded",
    ]
    _guard = "free"
    _file_path = "requisition_id"
    _text_fields = ("product_id", "product_description_variants")

    requisition_id = fields.Many2one(guard="judged")
    product_id = fields.Many2one(guard="judged")
    product_qty = fields.Float(guard="judged")
    price_unit = fields.Float(guard="judged")

    def _get_typed_amount(self):
        """€ HT of the line, as typed; a negative one hides none."""
        return max(self.product_qty * self.price_unit, 0.0)
