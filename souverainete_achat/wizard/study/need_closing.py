from odoo import fields, models


class NeedClosing(models.TransientModel):
    """How a need ends without a purchase: met otherwise, or given up."""

    _name = "souverainete.need.closing"
    _description = "Close a need without a purchase"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    outcome = fields.Selection(
        [
            ("mutualised", "Met by a mutualised solution"),
            ("existing_contract", "Met by a contract already running"),
            ("internal", "Done internally"),
            ("abandoned", "Abandoned"),
        ],
        required=True,
        default="mutualised",
    )
    option_id = fields.Many2one(
        "souverainete.option",
        string="Met by",
        domain="[('requisition_id', '=', requisition_id), ('kind', '=', 'studied'),"
        " ('path', '=', 'mutualised'), ('verdict', '=', 'retained')]",
        help="The mutualised option retained for this need.",
    )
    reason = fields.Text(
        required=True, help="How the need is met, or why it is given up."
    )

    def action_close(self):
        """Close the need with this outcome."""
        self.check_access("read")
        self.ensure_one()
        self.requisition_id._close_need(self.outcome, self.reason, self.option_id)
        return {"type": "ir.actions.act_window_close"}
