from odoo import models


class PurchaseRequisition(models.Model):
    _inherit = "purchase.requisition"

    def action_give_verdict(self):
        """Answer at once the options of the need that remain to examine."""
        self.ensure_one()
        return self.need_id.studied_ids.filtered(
            lambda option: option.verdict == "pending"
        ).action_give_verdict()
