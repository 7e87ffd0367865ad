from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ...models.study.option import REASONS


class OptionVerdict(models.TransientModel):
    """One verdict for several options: the same reason, written once."""

    _name = "souverainete.option.verdict"
    _description = "One verdict for several options"

    option_ids = fields.Many2many(
        "souverainete.option", string="Options", help="Options this verdict answers."
    )
    verdict = fields.Selection(
        [("rejected", "Set aside"), ("retained", "Retained")],
        required=True,
        default="rejected",
    )
    assessment = fields.Selection(
        selection=lambda self: (
            self.env["souverainete.option"]
            ._fields["assessment"]
            ._description_selection(self.env)
        ),
        help="Do they meet the need?",
    )
    reason_code = fields.Selection(REASONS, string="Main reason", required=True)
    reason = fields.Text(
        string="Reason of the verdict",
        required=True,
        help="Why, in a few sentences a third party understands: it must be true of "
        "each option.",
    )

    def action_apply(self):
        """Give the verdict, as the user, on every option."""
        self.check_access("read")
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write the reason of the verdict."))
        self.option_ids._give_verdict(
            {
                "verdict": self.verdict,
                "assessment": self.assessment,
                "reason_code": self.reason_code,
                "reason": self.reason,
            }
        )
        return {"type": "ir.actions.act_window_close"}

    def action_retain(self):
        """Retain this offer; those it competed with, and nobody set aside, are not."""
        self.action_apply()
        self.option_ids._rank_others_lower()
        return {"type": "ir.actions.act_window_close"}

    def action_retain_and_prepare(self):
        """Retain this offer, and prepare the agreement of its bidder."""
        self.action_retain()
        # What the dialog started with is no default of the agreements.
        env = self.env(context=clean_context(self.env.context))
        return self.with_env(env).option_ids.requisition_id.action_prepare_agreement()

    def action_apply_to_all(self):
        """The same verdict on all those of the need that are left to examine."""
        left = self.option_ids.requisition_id.studied_ids.filtered(
            lambda option: option.verdict == "pending"
        )
        self.option_ids |= left
        return self.action_apply()
