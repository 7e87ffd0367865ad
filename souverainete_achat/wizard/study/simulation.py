from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...models.base.opening import open_dialog
from ...models.study import robustness

LETTERS = ("a", "b", "c", "d")
# Enough for shares that are stable to about one percent.
_DRAWS = 10_000


class Simulation(models.TransientModel):
    """Before the launch, with fictitious offers: how far the ranking would depend on
    the weights. Once real offers are expected, weights are no longer to be tried."""

    _name = "souverainete.simulation"
    _description = "Robustness of the weights"

    requisition_id = fields.Many2one(
        "purchase.requisition", string="Need", required=True, ondelete="cascade"
    )
    grid_id = fields.Many2one(related="requisition_id.grid_id")
    offer_count = fields.Selection(
        [("2", "2"), ("3", "3"), ("4", "4")],
        string="Fictitious offers",
        required=True,
        default="3",
    )
    seed = fields.Integer(
        default=2026,
        help="The same seed draws the same weights: the result can be obtained again.",
    )
    line_ids = fields.One2many(
        "souverainete.simulation.line",
        "simulation_id",
        string="Objectives",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    result = fields.Html(readonly=True, sanitize=False)

    @api.depends("requisition_id")
    def _compute_line_ids(self):
        for simulation in self:
            objectives = simulation.grid_id.objective_ids
            simulation.line_ids = [
                fields.Command.create(simulation._prepare_line(number, objective))
                for number, objective in enumerate(objectives)
            ]

    def _prepare_line(self, number, objective):
        """Three contrasted offers to start from: one even, one that leads on the first
        objectives, one on the last. A grid without weights starts from even ones."""
        grid = objective.grid_id
        even = 100 / len(grid.objective_ids)
        first = number < len(grid.objective_ids) / 2
        return {
            "objective_id": objective.id,
            "weight": objective.weight if grid.is_weighted else even,
            "value_a": 60,
            "value_b": 80 if first else 40,
            "value_c": 40 if first else 80,
            "value_d": 50,
        }

    @api.constrains("requisition_id")
    def _check_before_launch(self):
        for simulation in self:
            need = simulation.requisition_id
            if need.sudo().need_id.date_launch:
                raise UserError(
                    self.env._(
                        "%(need)s was launched: its weights are announced, and are no "
                        "longer tried out.",
                        need=need.display_name,
                    )
                )
            if need.sudo().need_id.offer_ids:
                raise UserError(
                    self.env._(
                        "%(need)s has received offers: weights are tried out on "
                        "fictitious ones only, before any is known.",
                        need=need.display_name,
                    )
                )

    # === RUNNING === #

    def action_run(self):
        """Compute where the ranking flips, and who leads over which weights."""
        self.check_access("read")
        self.ensure_one()
        self._check_before_launch()
        self._check_weights()
        self.result = self.env["ir.qweb"]._render(
            "souverainete_achat.simulation_result", self._prepare_result()
        )
        return open_dialog(self, self.env._("Robustness of the weights"))

    def _check_weights(self):
        total = sum(self.line_ids.mapped("weight"))
        if abs(total - 100) > 1e-4:
            raise UserError(
                self.env._(
                    "The weights to try add up to %(total)s %%: make them 100 %%.",
                    total=self._format(total),
                )
            )

    def _get_offers(self):
        letters = LETTERS[: int(self.offer_count)]
        return [
            tuple(line[f"value_{letter}"] / 100 for line in self.line_ids)
            for letter in letters
        ]

    def _prepare_result(self):
        weights, offers = self.line_ids.mapped("weight"), self._get_offers()
        scores = robustness.rank(weights, offers)
        shares = robustness.get_lead_shares(offers, _DRAWS, self.seed)
        return {
            "seed": self.seed,
            "draws": _DRAWS,
            "offers": [
                {
                    "name": self._get_name(index),
                    "score": self._format(score),
                    "share": self._format(100 * share),
                    "leads": index in robustness.get_leaders(scores),
                }
                for index, (score, share) in enumerate(zip(scores, shares, strict=True))
            ],
            "objectives": [
                {
                    "name": line.objective_id.name,
                    "weight": self._format(line.weight),
                    "flips": self._get_flips(weights, offers, index),
                }
                for index, line in enumerate(self.line_ids)
            ],
        }

    def _get_flips(self, weights, offers, index):
        """In words, who leads over which weights of one objective."""
        stretches = robustness.get_stretches(weights, offers, index)
        return [
            self.env._(
                "%(start)s to %(end)s %%: %(offers)s",
                start=self._format(stretch.start),
                end=self._format(stretch.end),
                offers=", ".join(self._get_name(i) for i in stretch.leaders),
            )
            for stretch in stretches
        ]

    def _get_name(self, index):
        return self.env._("Offer %(letter)s", letter=LETTERS[index].upper())

    def _format(self, number):
        return self.env["souverainete.option"]._format_number(
            float_round(number, precision_digits=1)
        )
