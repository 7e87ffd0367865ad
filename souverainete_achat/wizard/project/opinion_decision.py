from odoo import fields, models


class OpinionDecision(models.TransientModel):
    """Dialog that ends a request or goes against an opinion: always with a reason."""

    _name = "souverainete.opinion.decision"
    _description = "Decision on a DINUM opinion"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [
            ("withdraw", "Withdraw the request"),
            ("stale", "Declare the opinion stale"),
            ("depart", "Go against the simple opinion"),
        ],
        required=True,
        default="withdraw",
    )
    reason = fields.Text(
        required=True, help="Kept with the opinion and in the journal, for good."
    )
    authority = fields.Char(
        string="Decided by",
        help="Who decides for the ministry or body: name and function.",
    )

    def action_apply(self):
        """Apply the decision; refused with the reason when it may not be."""
        self.check_access("read")
        self.ensure_one()
        opinion = self.opinion_id
        if self.decision == "withdraw":
            opinion.action_withdraw(self.reason)
        elif self.decision == "stale":
            opinion.action_declare_stale(self.reason)
        else:
            opinion.action_depart(self.reason, self.authority)
        return {"type": "ir.actions.act_window_close"}
