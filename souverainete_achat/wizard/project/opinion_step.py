from odoo import Command, api, fields, models

from ...models.project.opinion_event import EVENTS
from ...models.project.recommendation_text import split_recommendations


class OpinionStep(models.TransientModel):
    """Dialog that records one event of an opinion: the rights are the opinion's."""

    _name = "souverainete.opinion.step"
    _description = "Record what the DINUM wrote"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, ondelete="cascade"
    )
    channel = fields.Selection(related="opinion_id.channel")
    step = fields.Selection(
        EVENTS,
        string="Event",
        required=True,
        default="received",
    )
    date = fields.Date(
        default=lambda self: self.env.company._souverainete_today(),
        help="Date written on the document. An opinion given here is dated today.",
    )
    reason = fields.Text(string="Information asked")
    date_to = fields.Date(
        string="Already answered on",
        help="Day the information was received, where the request is recorded "
        "afterwards: the time limit runs again from then. Empty: still awaited.",
    )
    reference = fields.Char(string="Reference of the letter")
    recommendations = fields.Text(
        help="Recommendations the opinion carries, as written. They are then proposed "
        "one by one below: correct the list before recording."
    )
    line_ids = fields.One2many(
        "souverainete.opinion.step.line",
        "step_id",
        string="One by one",
        help="Each recommendation is then answered and followed on its own.",
    )
    appraisal = fields.Html(
        string="Opinion by aspect",
        default=lambda self: self.env["souverainete.opinion"]._get_headings(),
        help="What the DINUM says of each aspect it judges; empty, nothing is kept.",
    )
    security_observation = fields.Text(
        string="Observation of the ANSSI",
        help="What the ANSSI says of the project's security, where it was heard.",
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_step_document_rel",
        string="Documents",
        help="The document received. Required for an acknowledgement and for what "
        "came by letter.",
    )

    @api.onchange("recommendations")
    def _onchange_recommendations(self):
        """A proposal, made again when the text changes."""
        texts = split_recommendations(self.recommendations)
        self.line_ids = [
            Command.clear(),
            *(Command.create({"text": text}) for text in texts),
        ]

    def action_apply(self):
        """Record the event; refused with the reason when it may not be."""
        self.check_access("read")
        self.ensure_one()
        self.opinion_id._apply_step(self.step, self._prepare_step())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_step(self):
        """What the opinion records; without a list the text is cut by itself."""
        texts = self.line_ids.mapped("text")
        return {
            "recommendation_texts": texts or None,
            "date": self.date,
            "date_to": self.step == "suspend" and self.date_to,
            "reason": self.reason,
            "reference": self.reference,
            "recommendations": self.recommendations or "\n".join(texts),
            "appraisal": self.appraisal,
            "security_observation": self.security_observation,
            "documents": self.document_ids,
        }
