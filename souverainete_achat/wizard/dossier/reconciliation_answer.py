from odoo import fields, models


class ReconciliationAnswer(models.TransientModel):
    """One reason for several facts at once."""

    _name = "souverainete.reconciliation.answer"
    _description = "Answer what was found"

    fact_ids = fields.Many2many(
        "souverainete.reconciliation",
        "souverainete_reconciliation_answer_rel",
        string="Facts",
        required=True,
        default=lambda self: self.env.context.get("active_ids", []),
    )
    reason = fields.Text(
        required=True, help="Why this may stand, or what is done about it."
    )

    def action_answer(self):
        """Answer all of these facts with this reason."""
        self.check_access("read")
        self.ensure_one()
        self.fact_ids.action_answer(self.reason)
        return {"type": "ir.actions.act_window_close"}
