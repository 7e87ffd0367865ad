from odoo import api, models

# What the gate judges on a line. The rest (analytics, descriptions) is free.
JUDGED_FIELDS = frozenset({"product_id", "product_qty", "price_unit", "requisition_id"})


class PurchaseRequisitionLine(models.Model):
    _name = "purchase.requisition.line"
    _inherit = ["purchase.requisition.line", "souverainete.declaration"]
    _file_path = "requisition_id"

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | (set(self._fields) - JUDGED_FIELDS)
