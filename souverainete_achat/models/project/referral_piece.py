from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ReferralPiece(models.Model):
    """A piece of the file that asks for the DINUM's opinion, where it is filed, or an
    aspect that is judged: a heading of the summary note and of the opinion."""

    _name = "souverainete.referral.piece"
    _inherit = ["souverainete.policy.coded"]
    _description = "Piece of the referral file"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Rank of the piece in the checklist, the PDF and the zip."
    )
    provision = fields.Selection(
        [
            ("document", "A document is joined"),
            ("note", "The summary note of the request, or a document"),
            ("costs", "Made from the cost lines of the project"),
            ("filing", "No piece: where the file is filed"),
            ("aspect", "No piece: an aspect that is judged"),
        ],
        required=True,
        default="document",
        help="Where the piece comes from.",
    )
    is_required = fields.Boolean(
        string="Required",
        help="Ticked, the request does not leave without it. Unticked, the piece is "
        "advised: it is joined, or the reason it is absent is given.",
    )
    description = fields.Text(
        translate=True, help="What the piece is, who signs it, where to find it."
    )
    address = fields.Char(help="Internet address people need for it.")

    def _render_headings(self):
        """HTML of the aspects among these pieces, each to be written under."""
        aspects = self.filtered(lambda piece: piece.provision == "aspect")
        return Markup().join(
            Markup("<h3>%s</h3><p><br></p>") % aspect.name for aspect in aspects
        )

    @api.constrains("is_required", "company_id", "code", "policy_state")
    def _check_ministry_hardens(self):
        """A ministry may ask more pieces than the common list, never fewer."""
        for piece in self.filtered(lambda p: p.company_id and not p.is_required):
            common = self.sudo().search(
                [
                    ("code", "=", piece.code),
                    ("company_id", "=", False),
                    ("policy_state", "=", "active"),
                ]
            )
            if any(common.mapped("is_required")):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is required of everybody: a ministry does not make "
                        "it optional.",
                        name=piece.name,
                    )
                )
