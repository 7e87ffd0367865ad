from odoo import fields, models


class ChorusCommitment(models.Model):
    """What Chorus says was committed: one vendor and one group of goods of a legal
    commitment. Ministries commit there, not here; an officer imports its extraction."""

    _name = "souverainete.chorus.commitment"
    _inherit = ["souverainete.guarded"]
    _description = "Commitment extracted from Chorus"
    _order = "date desc, amount desc, id"
    _rec_name = "number"
    _guard = "server"
    _key_uniq = models.Constraint(
        "UNIQUE (company_id, key)", "This commitment was already imported."
    )

    company_id = fields.Many2one(
        "res.company", string="Ministry", required=True, index=True
    )
    key = fields.Char(required=True, help="Commitment, vendor and group of goods.")
    number = fields.Char(
        string="Commitment (EJ)",
        required=True,
        index=True,
        help="Number of the legal commitment (engagement juridique).",
    )
    siret = fields.Char(string="SIRET", help="SIRET or SIREN of the vendor.")
    vendor_name = fields.Char(string="Vendor", help="The vendor, as Chorus names it.")
    goods_group = fields.Char(
        string="Group of goods",
        help="Code of the groupe de marchandises, by which Chorus classes purchases.",
    )
    goods_label = fields.Char(string="Label of the group")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        string="Committed (excl. tax)", help="What was committed, in € HT."
    )
    date = fields.Date(help="Day of the commitment.")
