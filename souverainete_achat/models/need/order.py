from odoo import models


class PurchaseOrder(models.Model):
    """What an order owes to the lot of its agreement."""

    _inherit = "purchase.order"

    def _get_broken_limits(self, file):
        """With the file's own limits, the value that the holders of a lot share."""
        broken = super()._get_broken_limits(file)
        own = file == self._get_file()
        return [*broken, "lot"] if own and self._is_above_lot(file.lot_id) else broken

    def _is_above_lot(self, lot):
        """Whether the orders to all the holders of the lot exceed its value."""
        if not lot:
            return False
        ceiling, known = lot._get_shared_ceiling()
        placed = lot._get_placed_amount()
        if self.state != "purchase":
            placed += self._get_amount_ht(lot.currency_id)
        return known and lot.currency_id.compare_amounts(placed, ceiling) > 0

    def _get_envelope_messages(self, file):
        messages = super()._get_envelope_messages(file)
        messages["lot"] = self.env._(
            "With this order, the orders to the holders of lot %(lot)s exceed the "
            "value of the lot, which they share (€ excl. tax).",
            lot=file.lot or "",
        )
        return messages

    def _prepare_file_vals(self):
        """The file of an order under a framework names that framework."""
        vals = super()._prepare_file_vals()
        agreement = self.requisition_id
        if not agreement:
            return vals
        return vals | {
            "framework_ref": agreement.ref_contract or agreement.name,
            "framework_body_id": agreement.company_id.partner_id.id,
        }
