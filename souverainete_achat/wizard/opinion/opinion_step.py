from odoo import fields, models


class OpinionStep(models.TransientModel):
    """Dialog that records one event of an opinion: the rights are the opinion's."""

    _name = "souverainete.opinion.step"
    _description = "Record what the DINUM wrote"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, ondelete="cascade"
    )
    channel = fields.Selection(related="opinion_id.channel")
    step = fields.Selection(
        [
            ("received", "The complete file was received"),
            ("suspend", "More information is asked"),
            ("resume", "The information was received"),
            ("favourable", "Favourable opinion"),
            ("unfavourable", "Unfavourable opinion"),
        ],
        string="Event",
        required=True,
        default="received",
    )
    date = fields.Date(
        default=lambda self: self.env.company._souverainete_today(),
        help="Date written on the document. An opinion given here is dated today.",
    )
    reason = fields.Text(string="Information asked")
    reference = fields.Char(string="Reference of the letter")
    recommendations = fields.Text(help="Recommendations the opinion carries.")
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_step_document_rel",
        string="Documents",
        help="The document received. Required for an acknowledgement and for an "
        "opinion that came by letter.",
    )

    def action_apply(self):
        """Record the event; refused with the reason when it may not be."""
        self.ensure_one()
        self.opinion_id._apply_step(self.step, self._prepare_step())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_step(self):
        return {
            "date": self.date,
            "reason": self.reason,
            "reference": self.reference,
            "recommendations": self.recommendations,
            "documents": self.document_ids,
        }
