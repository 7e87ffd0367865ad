from odoo import fields, models


class Option(models.Model):
    """One way of meeting one need, studied from public sources or offered by a bidder."""

    _name = "souverainete.option"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Option studied for a need"
    _order = "sequence, id"
    _file_path = "requisition_id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="cascade",
        help="The purchase file that carries the need this option would meet.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [("studied", "Studied"), ("offer", "Offer")],
        required=True,
        default="studied",
        help="Studied: before launch, from public sources. Offer: a bid, confidential "
        "to the file's analysts until award.",
    )
    path = fields.Selection(
        [
            ("mutualised", "Mutualised solution"),
            ("off_the_shelf", "Off the shelf"),
            ("custom", "Custom development"),
        ],
        required=True,
        help="Step of circular 6519/SG: mutualise first, buy off the shelf second, "
        "develop last.",
    )
    verdict = fields.Selection(
        [
            ("pending", "To examine"),
            ("retained", "Retained"),
            ("rejected", "Set aside"),
        ],
        required=True,
        default="pending",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contract holder",
        help="Who would sign the contract: an order must go to this vendor.",
    )
