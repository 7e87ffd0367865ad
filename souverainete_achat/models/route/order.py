from odoo import models


class PurchaseOrder(models.Model):
    """A central purchasing body stays one: its route is not stated twice."""

    _inherit = "purchase.order"

    def _prepare_file_vals(self):
        vals = super()._prepare_file_vals()
        if not self.requisition_id and self._is_from_central_body():
            vals["purchase_route"] = "central_body"
        return vals

    def _is_from_central_body(self):
        """Whether this ministry already launched a file by that route, with this
        vendor. The buyer may still correct it."""
        vendor = self.partner_id.commercial_partner_id
        return bool(
            self.env["purchase.requisition"].search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("vendor_id.commercial_partner_id", "=", vendor.id),
                    ("purchase_route", "=", "central_body"),
                    ("date_launch", "!=", False),
                ],
                limit=1,
            )
        )
