from odoo import fields, models


class TakeOverLine(models.TransientModel):
    """What becomes of one contract, or of a document that belongs to none."""

    _name = "souverainete.take.over.line"
    _inherit = ["souverainete.guarded"]
    _description = "Line of a take-over"
    _order = "sequence, id"
    _rec_name = "documents"
    # The plan is the server's: what is proved by what is decided here.
    _guard = "server"

    wizard_id = fields.Many2one(
        "souverainete.take.over", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer()
    requisition_id = fields.Many2one(
        "purchase.requisition", string="Contract", ondelete="cascade"
    )
    documents = fields.Char(help="Names of the documents that go with it.")
    sources = fields.Json(
        help="Where its documents are: [attachment, entry of the .zip, size]."
    )
    size = fields.Float(help="Bytes of its documents.")
    status = fields.Selection(
        [
            ("planned", "To take over"),
            ("taken", "Taken over"),
            ("skipped", "Already taken over"),
            ("refused", "Not taken over"),
            ("unused", "Document without a contract"),
        ],
        required=True,
        index=True,
    )
    message = fields.Text(string="Why")
