from odoo import api, fields, models


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
            ("abandoned", "No further action"),
            ("unsuccessful", "Unsuccessful consultation"),
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
    connected = fields.Boolean(
        compute="_compute_connected",
        help="The operator's confirmation is already recorded.",
    )
    answered_on = fields.Date(
        string="Connection confirmed on",
        help="Day on which the operator confirmed the connection that exists.",
    )
    respondent = fields.Char(
        string="Confirmed by", help="Who confirmed it for the operator."
    )
    reason = fields.Text(
        required=True, help="How the need is met, or why it is given up."
    )

    @api.depends("option_id")
    def _compute_connected(self):
        for closing in self:
            need = closing.requisition_id
            closing.connected = need._is_connected(closing.option_id)

    def action_close(self):
        """Close the need with this outcome."""
        self.check_access("read")
        self.ensure_one()
        if self.outcome == "mutualised" and not self.connected:
            self._record_existing_connection()
        self.requisition_id._close_need(self.outcome, self.reason, self.option_id)
        return {"type": "ir.actions.act_window_close"}

    def _record_existing_connection(self):
        """A connection that works already is recorded with its evidence."""
        said = self.answered_on and (self.respondent or "").strip()
        if not (said and self.option_id and self.option_id._meets_need()):
            return
        need = self.requisition_id
        need.check_access("write")
        need._check_connectable(self.option_id)
        names = ("answered_on", "respondent")
        vals = {name: self[name] for name in names}
        need._make_connection(
            self.option_id,
            {
                **vals,
                "state": "confirmed",
                "answer": self.reason,
                "recorded_by_id": self.env.uid,
            },
        )
