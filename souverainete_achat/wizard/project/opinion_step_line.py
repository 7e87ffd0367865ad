from odoo import fields, models


class OpinionStepLine(models.TransientModel):
    """One recommendation of the letter being transcribed."""

    _name = "souverainete.opinion.step.line"
    _description = "Recommendation being transcribed"
    _order = "sequence, id"

    step_id = fields.Many2one(
        "souverainete.opinion.step", required=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    text = fields.Text(string="Recommendation", required=True)
