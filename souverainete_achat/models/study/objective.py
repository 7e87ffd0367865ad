from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from . import scoring
from .band import FULL
from .grid_cells import get_choice, get_flag, get_number, get_text, mark
from .level import LEVELS


class Objective(models.Model):
    """One of the objectives of a grid, with the weight the ministry gives it."""

    _name = "souverainete.objective"
    _inherit = ["souverainete.grid.part"]
    _grid_path = "grid_id"
    _description = "Objective of a grid"
    _order = "grid_id, sequence, id"
    _rec_names_search = ["code", "name"]
    _code_uniq = models.Constraint(
        "UNIQUE (grid_id, code)", "Two objectives of a grid cannot share a code."
    )
    _weight_range = models.Constraint(
        "CHECK (weight >= 0 AND weight <= 100)",
        "A weight is a percentage, from 0 to 100.",
    )
    _weight_known = models.Constraint(
        "CHECK (weight_known OR weight = 0)",
        "An objective that carries a weight is weighted: tick the box, or empty it.",
    )
    _points_positive = models.Constraint(
        "CHECK (nominal_points >= 0 AND max_points >= 0)",
        "Points cannot be negative.",
    )

    grid_id = fields.Many2one(
        "souverainete.grid", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Code of the objective in the source.")
    name = fields.Char(required=True, translate=True)
    weight = fields.Float(
        string="Weight (%)",
        help="Share of the overall score. The weights of a grid add up to 100. "
        "Circular 6519/SG sets none: they are the ministry's own choice.",
    )
    weight_known = fields.Boolean(
        string="Weighted",
        help="Not ticked: no weight was given to this objective, which is not the same "
        "as a weight of zero.",
    )
    example_weight = fields.Float(
        string="Example weight (%)",
        help="A weight that can be loaded as an example; it counts for nothing until a "
        "referentials manager loads it.",
    )
    nominal_points = fields.Float(
        string="Nominal maximum",
        help="Maximum the source announces, where it differs from the sum of the best "
        "answers (1000 in the Commission's framework). 0: the sum of the best answers.",
    )
    max_points = fields.Float(
        string="Maximum points",
        compute="_compute_max_points",
        inverse="_inverse_max_points",
        store=True,
        copy=False,
        help="Points the objective is measured against: the source's own maximum, or "
        "the sum of the best answers.",
    )
    criterion_ids = fields.One2many("souverainete.criterion", "objective_id", copy=True)

    required_level = fields.Selection(
        LEVELS,
        help="Published level below which an offer is irregular: it is set aside, and "
        "no derogation lifts it. Empty: no level is required.",
    )
    is_price = fields.Boolean(
        string="Scored from the price",
        help="Offers get the lowest regular price divided by their own, times the "
        "weight. The objective then asks nothing else.",
    )

    # === WHAT IT SAYS === #

    def _is_binding(self):
        """Whether the objective ranks offers, or has a level they must reach."""
        return bool(self.weight or self.required_level)

    def _get_announced_label(self):
        return f"{self.name} ({self.weight:g} %)" if self.weight else self.name

    def _get_max_points(self, of_offer=False, band=FULL):
        """Points a bid or a study is measured against: a criterion that is not asked
        takes its own out, so that the best answers still get the whole weight.
        """
        scored = self.criterion_ids._get_scored(of_offer, band)
        if scored == self.criterion_ids:
            return self.max_points
        best = sum(scored.mapped("points_max"))
        every = sum(self.criterion_ids.mapped("points_max"))
        nominal = self.nominal_points
        return nominal * best / every if nominal and every else best

    def _get_scoring_objective(self, of_offer=False, band=FULL):
        """This objective as plain data for `scoring.assess`."""
        return scoring.Objective(
            key=self.id,
            weight=self.weight if self.weight_known else None,
            max_points=self._get_max_points(of_offer, band),
            criteria=tuple(
                criterion._get_scoring_criterion(of_offer)
                for criterion in self.criterion_ids._get_scored(of_offer, band)
            ),
        )

    # === COMPUTE METHODS === #

    @api.depends("nominal_points", "criterion_ids.points_max")
    def _compute_max_points(self):
        for objective in self:
            best = sum(objective.criterion_ids.mapped("points_max"))
            objective.max_points = objective.nominal_points or best

    def _inverse_max_points(self):
        for objective in self:
            objective.nominal_points = objective.max_points
        # Written as 0, it comes back to the sum of the best answers.
        summed = self.filtered(lambda objective: not objective.nominal_points)
        self.env.add_to_compute(self._fields["max_points"], summed)

    @api.depends("code", "name")
    def _compute_display_name(self):
        for objective in self:
            objective.display_name = objective.name

    # === CONSTRAINTS === #

    @api.constrains("is_price", "grid_id")
    def _check_price_once(self):
        """One figure: counted twice, it would weigh more than what was published."""
        for grid in self.filtered("is_price").grid_id:
            if len(grid.objective_ids.filtered("is_price")) > 1:
                raise ValidationError(
                    self.env._(
                        "The price is scored once: keep one objective scored from it "
                        "in %(grid)s.",
                        grid=grid.display_name,
                    )
                )

    @api.constrains("is_price", "criterion_ids", "required_level")
    def _check_price_asks_nothing(self):
        for objective in self.filtered("is_price"):
            if objective.criterion_ids or objective.required_level:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is scored from the price: it has no criterion and "
                        "no required level.",
                        name=objective.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_weight(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_weight(vals))

    @api.model
    def _prepare_weight(self, vals):
        """Whoever gives a weight, zero included, has weighted the objective."""
        if "weight_known" in vals:
            return vals if vals["weight_known"] else {"weight": 0.0} | vals
        return vals | {"weight_known": True} if "weight" in vals else vals

    # === WORKBOOK === #

    def _get_workbook_row(self):
        weight = self.weight if self.weight_known else None
        return (
            self.code,
            self.name,
            weight,
            self.nominal_points or None,
            self.required_level,
            mark(self.is_price),
            self.example_weight or None,
        )

    @api.model
    def _prepare_row_command(self, row, rank, criteria, rungs):
        code = get_text("objectives", row, "code")
        own = criteria.get((code,), [])
        return Command.create(
            {
                "sequence": rank,
                "code": code,
                "name": get_text("objectives", row, "name"),
                **self._prepare_row_figures(row),
                "criterion_ids": [
                    self.env["souverainete.criterion"]._prepare_row_command(
                        each, number, code, rungs
                    )
                    for number, each in enumerate(own, start=1)
                ],
            }
        )

    @api.model
    def _prepare_row_figures(self, row):
        """What the objective weighs and requires. No weight is not a weight of 0."""
        place = ("objectives", row)
        weight = get_number(*place, "weight", most=100)
        levels = {"", *dict(self._fields["required_level"].selection)}
        return {
            "nominal_points": get_number(*place, "nominal_points") or 0.0,
            **({} if weight is None else {"weight": weight}),
            "example_weight": get_number(*place, "example_weight", most=100) or 0.0,
            "required_level": get_choice(*place, "required_level", levels) or False,
            "is_price": get_flag(*place, "is_price"),
        }
