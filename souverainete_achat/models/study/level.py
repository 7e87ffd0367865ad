from odoo import Command, api, fields, models

from . import scoring
from .grid_cells import fail, get_choice, get_number, get_text

LEVELS = [
    ("0", "Level 0"),
    ("1", "Level 1"),
    ("2", "Level 2"),
    ("3", "Level 3"),
    ("4", "Level 4"),
]


class Level(models.Model):
    """A rung of a criterion's ladder: something that can be observed and proved.

    An attribute of the offer; where it is one of whoever makes the offer, its criterion
    says so and stays out of awards (see `award_use`).
    """

    _name = "souverainete.level"
    _inherit = ["souverainete.grid.part"]
    _grid_path = "criterion_id.objective_id.grid_id"
    _description = "Rung of a criterion's ladder"
    _order = "criterion_id, sequence, points, id"
    _points_positive = models.Constraint(
        "CHECK (points >= 0)", "Points cannot be negative."
    )

    criterion_id = fields.Many2one(
        "souverainete.criterion", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="What is observed",
        required=True,
        translate=True,
        help="An attribute of the offer that can be observed and proved.",
    )
    level = fields.Selection(
        LEVELS,
        required=True,
        help="Level this answer reaches. The lowest level among the answers is the "
        "level reached by the option.",
    )
    points = fields.Float(
        required=True, help="Points of this answer, out of the objective's maximum."
    )

    # === WHAT IT SAYS === #

    def _get_meaning(self):
        """The same observation, at the same level; its points may have changed."""
        return (self.level, self.name)

    def _get_scoring_answer(self):
        """This rung as plain data for `scoring.assess`."""
        return scoring.Answer(self.points, self.level)

    def _prepare_card(self):
        return {"id": self.id, "level": self.level, "name": self.name}

    # === COMPUTE METHODS === #

    @api.depends("level", "name")
    def _compute_display_name(self):
        for rung in self:
            rung.display_name = f"{rung.level} – {rung.name}" if rung.level else ""

    # === WORKBOOK === #

    def _get_workbook_row(self):
        return (
            self.criterion_id.objective_id.code,
            self.criterion_id.code,
            self.level,
            self.points,
            self.name,
        )

    @api.model
    def _prepare_row_command(self, row, rank):
        points = get_number("ladder", row, "points")
        if points is None:
            fail("ladder", row, "points")
        choices = dict(self._fields["level"].selection)
        return Command.create(
            {
                "sequence": rank,
                "level": get_choice("ladder", row, "level", choices),
                "points": points,
                "name": get_text("ladder", row, "name"),
            }
        )
