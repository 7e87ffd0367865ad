"""A referral file that may leave: its required pieces are there."""

from odoo.fields import Command

LETTER = b"The letter of the secretary-general"


def complete_referral(opinion):
    """Join what is required, as who prepares the request does."""
    opinion.note = "<p>What the project is for</p>"
    line = opinion.piece_ids.filtered(lambda p: p.piece_id.code == "letter")
    attachments = opinion.env["ir.attachment"]
    letter = attachments.create({"name": "courrier.pdf", "raw": LETTER})
    line.document_ids = [Command.link(letter.id)]
    return opinion
