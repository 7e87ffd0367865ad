from odoo import api, fields, models

from .finding import get_banner_points


class PurchaseOrder(models.Model):
    """Banner: what the order is missing, and the way out."""

    _inherit = "purchase.order"

    gate_banner = fields.Html(
        compute="_compute_gate_banner",
        sanitize=False,
        help="What is missing before the order can be confirmed, and who can act.",
    )
    gate_needs_file = fields.Boolean(compute="_compute_gate_needs_file")

    @api.depends_context("uid", "lang")
    def _compute_gate_banner(self):
        for order in self:
            order.gate_banner = order._is_banner_shown() and order._render_banner()

    @api.depends("scope_status", "need_id", "requisition_id", "amount_untaxed", "state")
    def _compute_gate_needs_file(self):
        for order in self:
            digital = order.scope_status == "in"
            waiting = order.state in ("draft", "sent")
            order.gate_needs_file = digital and waiting and order._is_file_missing()

    def _is_banner_shown(self):
        return bool(
            self._origin
            and self.scope_status != "out"
            and self.state in ("draft", "sent", "to approve")
        )

    def _get_banner_findings(self):
        """What the banner lists; rooms leave out what they show elsewhere."""
        return self._findings()

    def _render_banner(self):
        points = get_banner_points(self._origin._get_banner_findings())
        label = self.env._("Before confirming this order")
        return self.env["ir.qweb"]._render(
            "souverainete_achat.gate_banner",
            {"stages": [{"label": label, "points": points}]},
        )
