from odoo import fields, models


class Solution(models.Model):
    """What the catalogue knows of a solution beside its card: its assessments."""

    _inherit = "souverainete.solution"

    assessment_ids = fields.One2many(
        "souverainete.assessment", "solution_id", string="Shared assessments"
    )
