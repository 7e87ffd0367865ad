from odoo import api, fields, models


class Bannered(models.AbstractModel):
    """An order that shows what it is missing, and the way out."""

    _name = "souverainete.bannered"
    _description = "Order with a banner"

    gate_needs_file = fields.Boolean(compute="_compute_gate_needs_file")

    @api.depends(
        "scope_status",
        "need_id",
        "requisition_id",
        "amount_untaxed",
        "state",
        "partner_id",
        "order_line.product_id",
    )
    def _compute_gate_needs_file(self):
        for order in self:
            digital = order.scope_status == "in"
            missing = digital and order.state in ("draft", "sent")
            order.gate_is_light = order._is_strip_shown()
            # Nothing but the strip is asked of it, and it has its own buttons.
            order.gate_needs_file = (
                missing and not order.gate_is_light and order._is_file_missing()
            )

    def _is_banner_shown(self):
        """Once the strip says it all, there is no banner to read."""
        shown = (
            self._origin
            and self.scope_status != "out"
            and self.state in ("draft", "sent", "to approve")
        )
        if shown and self._origin.gate_is_light:
            return bool(self._origin._get_banner_findings())
        return bool(shown)
