from odoo import fields, models


class PurchaseRequisitionLine(models.Model):
    """What the gate judges on a line; the rest (analytics, descriptions) is free."""

    _name = "purchase.requisition.line"
    _inherit = ["purchase.requisition.line", "souverainete.declaration"]
    _guard = "free"
    _file_path = "requisition_id"

    requisition_id = fields.Many2one(guard="judged")
    product_id = fields.Many2one(guard="judged")
    product_qty = fields.Float(guard="judged")
    price_unit = fields.Float(guard="judged")
