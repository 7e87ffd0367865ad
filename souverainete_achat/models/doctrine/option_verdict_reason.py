from odoo import fields, models
from odoo.exceptions import UserError

REASONS = [
    ("meets", "Meets the need"),
    ("function", "Does not do what is needed"),
    ("capacity", "Not enough capacity or performance"),
    ("security", "Security or sensitivity of data not met"),
    ("integration", "Cannot be connected to what exists"),
    ("eligibility", "Not open to this administration"),
    ("delay", "Not available in time"),
    ("compliance", "Accessibility, language or legal obligation not met"),
    ("cost", "Costs more over the duration of the need"),
    ("other", "Other"),
]


class Option(models.Model):
    """The kind of reason behind a verdict, so that reasons can be counted."""

    _inherit = "souverainete.option"

    reason_code = fields.Selection(
        REASONS,
        string="Main reason",
        copy=False,
        help="The main reason of the verdict; the text says it in full. It tells the "
        "operators of mutualised solutions what they lack.",
    )

    def _get_verdict_content(self):
        """Absent while no code is given: what was frozen before stays as it was."""
        content = super()._get_verdict_content()
        if self.verdict != "pending" and self.reason_code:
            content["reason_code"] = self.reason_code
        return content

    def action_give_verdict(self):
        """Ask for one verdict that answers all these options."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("One verdict for several options"),
            "res_model": "souverainete.option.verdict",
            "view_mode": "form",
            "target": "new",
            "context": {"default_option_ids": self.ids},
        }

    def _give_verdict(self, vals):
        """Write the same verdict on several options of one kind: all, or none."""
        if not self:
            raise UserError(self.env._("Choose at least one option."))
        if len(self.requisition_id) > 1:
            raise UserError(
                self.env._(
                    "These options are of several needs: give a verdict need by need."
                )
            )
        self.write(vals)
