from odoo import fields, models


class PurchaseRequisition(models.Model):
    """What left in urgency counts on the file that regularised it, and only there."""

    _inherit = "purchase.requisition"

    emergency_ids = fields.One2many(
        "souverainete.emergency",
        "file_id",
        string="Urgencies",
        readonly=True,
        help="Imperative urgencies that this file regularised.",
    )

    def _get_placed_orders(self):
        regularised = self.sudo().emergency_ids.filtered(
            lambda urgency: urgency.state == "regularised"
        )
        return super()._get_placed_orders() | regularised._get_placed_orders()

    def _get_regular_orders(self):
        """An order that left in urgency proves nothing of its file."""
        return super()._get_regular_orders().filtered(lambda o: not o.emergency_id)

    def _has_evidence(self):
        return bool(super()._has_evidence() or self.sudo().emergency_ids)
