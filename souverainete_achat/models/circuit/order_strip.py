from odoo import api, fields, models

from .order_light import QUESTIONS


class PurchaseOrder(models.Model):
    """The strip of the light circuit: all that a small purchase asks of its buyer."""

    _inherit = "purchase.order"

    gate_is_light = fields.Boolean(
        string="Light circuit",
        compute="_compute_gate_needs_file",
        help="The three questions on the order stand for a purchase file.",
    )

    @api.depends("partner_id", "order_line.product_id")
    def _compute_gate_needs_file(self):
        result = super()._compute_gate_needs_file()
        for order in self:
            order.gate_is_light = order._is_strip_shown()
            # Nothing but the strip is asked of it, and it has its own buttons.
            order.gate_needs_file = order.gate_needs_file and not order.gate_is_light
        return result

    def _is_strip_shown(self):
        """Asked while it waits; afterwards, the answers it was confirmed on."""
        if self.scope_status != "in" or self._get_file():
            return False
        if self.state in ("draft", "sent", "to approve"):
            return self._is_light()
        return all(self[name] for name in QUESTIONS)

    def _get_banner_findings(self):
        """What the strip itself shows is not listed a second time."""
        findings = super()._get_banner_findings()
        if not self.gate_is_light:
            return findings
        shown = {("order_light", name) for name in QUESTIONS}
        shown.add(("order_file", "sensitive"))
        return [finding for finding in findings if finding.identity not in shown]

    def _is_banner_shown(self):
        """Once the strip says it all, there is no banner to read."""
        shown = super()._is_banner_shown()
        if shown and self._origin.gate_is_light:
            return bool(self._origin._get_banner_findings())
        return shown
