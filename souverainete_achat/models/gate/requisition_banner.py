from odoo import api, fields, models

from .finding import get_banner_points


class PurchaseRequisition(models.Model):
    """Banner: what is missing on the file and who can act, at one glance."""

    _inherit = "purchase.requisition"

    gate_banner = fields.Html(
        compute="_compute_gate_banner",
        sanitize=False,
        help="What is missing, by stage, with who can act and where.",
    )

    @api.depends_context("uid", "lang")
    def _compute_gate_banner(self):
        for file in self:
            file.gate_banner = file._is_banner_shown() and file._render_banner()

    def _is_banner_shown(self):
        return bool(
            self._origin
            and self.scope_status != "out"
            and self.state in ("draft", "confirmed")
        )

    def _render_banner(self):
        return self.env["ir.qweb"]._render(
            "souverainete_achat.gate_banner", self._origin._prepare_banner()
        )

    def _prepare_banner(self):
        """Values of the banner's template: points by stage, those that block first."""
        stages = [("award", self._get_award_label())]
        if not self.need_id.date_launch and not self.is_prior:
            stages.insert(0, ("launch", self.env._("Before launching")))
        return {
            "stages": [
                {"label": label, "points": get_banner_points(self._findings(stage))}
                for stage, label in stages
            ],
        }

    def _get_award_label(self):
        """Confirming a template signs nothing: its orders do."""
        if self.state != "confirmed":
            return self.env._("Before signing")
        if self.requisition_type == "purchase_template":
            return self.env._("Before ordering")
        return self.env._("Signed agreement")
