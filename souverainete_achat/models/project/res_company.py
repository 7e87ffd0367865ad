from odoo import fields, models


class ResCompany(models.Model):
    """How the DINUM answers this ministry."""

    _inherit = "res.company"

    opinion_channel = fields.Selection(
        selection=lambda self: (
            self.env["souverainete.opinion"]
            ._fields["channel"]
            ._description_selection(self.env)
        ),
        string="Answers of the DINUM",
        default="registered",
        required=True,
        help="What a new request proposes: letters transcribed here, or answers given "
        "here by reviewers of the DINUM who have an account.",
    )
