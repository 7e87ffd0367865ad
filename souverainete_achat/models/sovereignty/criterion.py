from odoo import api, fields, models

from . import scoring


class Criterion(models.Model):
    """A question put to every option, answered by a rung of its ladder."""

    _name = "souverainete.criterion"
    _inherit = "souverainete.grid.part"
    _description = "Criterion of a grid"
    _order = "objective_id, sequence, id"
    _rec_names_search = ["code", "name"]

    objective_id = fields.Many2one(
        "souverainete.objective", required=True, index=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(related="objective_id.grid_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(
        required=True, help="Code of the criterion in the source, such as SOV-1.1."
    )
    name = fields.Char(string="Question", required=True, translate=True)
    axis = fields.Selection(
        [
            ("immunity", "Immunity to extra-European law"),
            ("exit", "Capacity to substitute"),
            ("mastery", "Mastery of key technology"),
            ("none", "None"),
        ],
        string="Question of the circular",
        required=True,
        default="none",
        help="Which of the three questions of circular 6519/SG on digital sovereignty "
        "the criterion informs.",
    )
    help = fields.Text(
        string="How to answer",
        translate=True,
        help="What to look at in the offer, and what proves it.",
    )
    level_ids = fields.One2many(
        "souverainete.level", "criterion_id", string="Ladder", copy=True
    )
    points_min = fields.Float(
        string="Least points", compute="_compute_points", store=True
    )
    points_max = fields.Float(
        string="Most points", compute="_compute_points", store=True
    )

    _code_uniq = models.Constraint(
        "UNIQUE (objective_id, code)",
        "Two criteria of an objective cannot share a code.",
    )

    @api.model
    def _get_server_fields(self):
        own = {"grid_id", "points_min", "points_max"}
        return super()._get_server_fields() | own

    @api.depends("level_ids.points")
    def _compute_points(self):
        for criterion in self:
            points = criterion.level_ids.mapped("points")
            criterion.points_min = min(points, default=0.0)
            criterion.points_max = max(points, default=0.0)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = criterion.name

    def _get_grids(self):
        return self.objective_id.grid_id

    def _get_scoring_criterion(self):
        """This criterion as plain data for `scoring.assess`."""
        return scoring.Criterion(self.id, self.points_min, self.points_max)
