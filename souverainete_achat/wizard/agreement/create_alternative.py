from odoo import models


class CreateAlternative(models.TransientModel):
    """Core drops the agreement of an alternative, and its need with it."""

    _inherit = "purchase.requisition.create.alternative"

    def _get_alternative_values(self):
        vals_list = super()._get_alternative_values()
        for order in self.origin_po_id:
            for vals in vals_list:
                vendor = self.env["res.partner"].browse(vals["partner_id"])
                vals.update(order._prepare_alternative_vals(vendor))
        return vals_list
