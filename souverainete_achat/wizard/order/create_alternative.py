from odoo import models


class CreateAlternative(models.TransientModel):
    """Core drops the agreement of an alternative, and its need with it."""

    _inherit = "purchase.requisition.create.alternative"

    def _get_alternative_values(self):
        vals_list = super()._get_alternative_values()
        partners = self.env["res.partner"]
        for vals in vals_list:
            vendor = partners.browse(vals["partner_id"])
            vals.update(self.origin_po_id._prepare_alternative_vals(vendor))
        return vals_list
