from odoo import api, fields, models


class Launch(models.TransientModel):
    """What leaves when a consultation is launched, said once before it does."""

    _name = "souverainete.launch"
    _description = "Launch of a consultation"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    ref_place = fields.Char(related="requisition_id.ref_place", readonly=False)
    ref_chorus_da = fields.Char(related="requisition_id.ref_chorus_da", readonly=False)
    is_value_unknown = fields.Boolean(compute="_compute_standing")
    waived = fields.Text(
        compute="_compute_standing",
        help="What is missing and blocks nothing: it leaves as it is.",
    )

    @api.depends("requisition_id")
    @api.depends_context("uid", "lang")
    def _compute_standing(self):
        for launch in self:
            need = launch.requisition_id
            points = need._read_judgement()
            launch.is_value_unknown = not need._get_value().known
            launch.waived = "\n".join(
                f"• {point['message']}"
                for point in points
                if point["stage"] == "launch" and not point["blocking"]
            )

    def action_launch(self):
        """Let the consultation leave."""
        self.check_access("read")
        self.ensure_one()
        self.requisition_id.action_launch()
        return {"type": "ir.actions.act_window_close"}
