from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .level import LEVELS


class Grid(models.Model):
    """What the consultation publishes of the way offers are scored."""

    _inherit = "souverainete.grid"

    blank_rule = fields.Selection(
        [
            ("worst", "The worst answer of the criterion"),
            ("zero", "No point, and level 0"),
        ],
        string="What a bidder leaves blank is worth",
        required=True,
        default="worst",
        help="Published with the weights, and frozen with them: how a criterion that "
        "the bidder left blank is scored.",
    )

    def _is_binding(self):
        """Whether offers are ranked by this grid, or have levels to reach."""
        return self.is_weighted or any(self.objective_ids.mapped("required_level"))


class Objective(models.Model):
    """What is published of an objective: the level required, or the price."""

    _inherit = "souverainete.objective"

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

    def _is_binding(self):
        """Whether the objective ranks offers, or has a level they must reach."""
        return bool(self.weight or self.required_level)

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


class Criterion(models.Model):
    _inherit = "souverainete.criterion"

    @api.constrains("objective_id")
    def _check_price_asks_nothing(self):
        self.objective_id._check_price_asks_nothing()

    def _get_scoring_criterion(self, of_offer=False):
        """What a bid may still leave blank is part of the worst it may obtain."""
        criterion = super()._get_scoring_criterion(of_offer)
        if not of_offer:
            return criterion
        blank, _level = self._get_blank_answer()
        return criterion._replace(worst=min(criterion.worst, blank))

    def _get_blank_answer(self):
        """(points, level) of what a bidder left blank, as published."""
        worst = self.level_ids.sorted(lambda rung: (rung.points, rung.level))[:1]
        if self.grid_id.blank_rule == "zero" or not worst:
            return 0.0, "0"
        return worst.points, min(self.level_ids.mapped("level"))
