from odoo import api, models


class PurchaseRequisition(models.Model):
    """What lots are worth, counted once, whatever the number of holders."""

    _inherit = "purchase.requisition"

    def _get_value(self):
        """At least what the lots are worth together; a lot of unknown value leaves the
        total unknown, unless the whole need was estimated."""
        amount, known = super()._get_value()
        lots = self.sudo().lot_ids
        if not lots:
            return amount, known
        valued = lots.filtered("amount_known")
        return max(amount, sum(valued.mapped("amount"))), known or valued == lots

    @api.depends("lot_ids.amount", "lot_ids.amount_known")
    def _compute_circuit(self):
        return super()._compute_circuit()

    def _get_agreed_amount(self, files):
        """Holders of one lot share its value, and holders of the whole need its
        maximum: an amount repeated on each agreement counts once."""
        lots = files.lot_id
        others = files.filtered(lambda file: not file.lot_id)
        shared = sum(lot._get_shared_ceiling()[0] for lot in lots)
        if others and self.amount_max_known:
            ceilings = [file._get_ceiling()[0] for file in others]
            return shared + max([self.amount_max, *ceilings])
        return shared + super()._get_agreed_amount(others)
