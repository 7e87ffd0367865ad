from odoo import fields, models


class JournalSealLine(models.Model):
    """The head of one file's journal, as it stood when it was sealed."""

    _name = "souverainete.journal.seal.line"
    _inherit = ["souverainete.evidence"]
    _description = "Sealed head of a journal"
    _log_access = False
    _order = "seal_id desc, requisition_id"
    _rec_name = "requisition_id"

    seal_id = fields.Many2one(
        "souverainete.journal.seal", required=True, index=True, ondelete="restrict"
    )
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        required=True,
        index=True,
        ondelete="restrict",
    )
    seq = fields.Integer(
        string="Last entry",
        required=True,
        aggregator=None,
        help="Number of the last entry of the journal when it was sealed.",
    )
    head = fields.Char(required=True, help="Hash of that entry.")
