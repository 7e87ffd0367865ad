from odoo import api, fields, models

from ..policy.applicability import CIRCUITS


class PurchaseRequisition(models.Model):
    """How much is asked of a file: from what the whole need is worth, and its data."""

    _inherit = "purchase.requisition"

    circuit = fields.Selection(
        CIRCUITS,
        compute="_compute_circuit",
        help="How much is asked: from the estimated value (€ HT) of the whole need "
        "over its whole duration, from its project and from its data. The amounts are "
        "dated thresholds.",
    )

    @api.depends(
        "amount_estimated", "amount_estimated_known", "amount_max", "amount_max_known"
    )
    def _compute_circuit(self):
        for file in self:
            file.circuit = file.need_id._get_circuit() if file.need_id else "standard"

    def _get_circuit(self):
        """`light` only when the value is known to be below the light ceiling."""
        if self._is_reinforced():
            return "reinforced"
        return "light" if self._is_light() else "standard"

    def _is_reinforced(self):
        """Rooms say what else makes a file reinforced (data, project)."""
        amount, known = self._get_value()
        return known and self._is_reached("reinforced", amount)

    def _is_light(self):
        amount, known = self._get_value()
        return known and self._is_below("light", amount)
