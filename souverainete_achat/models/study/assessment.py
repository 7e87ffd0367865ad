from odoo import api, fields, models
from odoo.tools import format_date


class Assessment(models.Model):
    """What is known of a catalogued solution on each criterion of a grid: graded once
    from public sources, then copied wherever the solution is studied, to be confirmed.

    It says nothing of any need, nor of any bid: none is ever graded from it.
    """

    _name = "souverainete.assessment"
    _inherit = ["souverainete.guarded"]
    _description = "Shared assessment of a solution"
    _order = "date desc, id desc"
    _rec_name = "solution_id"
    _solution_grid_uniq = models.Constraint(
        "UNIQUE (solution_id, grid_id)",
        "This solution already has a shared assessment on this grid: correct it.",
    )

    solution_id = fields.Many2one(
        "souverainete.solution", required=True, index=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(
        "souverainete.grid", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(
        string="Assessed on",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
    )
    source = fields.Char(
        required=True,
        help="Who assessed it and from what: study of a need, audit, public page.",
    )
    confidence = fields.Selection(
        [("high", "High"), ("medium", "Medium"), ("low", "Low")],
        help="How far the assessment as a whole can be relied on.",
    )
    line_ids = fields.One2many(
        "souverainete.assessment.line", "assessment_id", string="Answers"
    )
    line_count = fields.Integer(
        string="Criteria assessed", compute="_compute_line_count"
    )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for assessment in self:
            assessment.line_count = len(assessment.line_ids)

    def _prepare_grade_source(self):
        """How it is proposed to whoever grades an option of the solution."""
        name = self.env._(
            "the shared assessment of %(solution)s, %(date)s",
            solution=self.solution_id.name,
            date=format_date(self.env, self.date),
        )
        return {
            "kind": "assessment",
            "id": self.id,
            "name": name,
            "count": self.line_count,
        }

    def _get_shared_answers(self):
        """{key: values} of what it lends: each answer about the whole."""
        label = self._prepare_grade_source()["name"]
        return {
            line._get_copy_key(): line._prepare_proof() | {"copied_from": label}
            for line in self.line_ids
        }
