from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round
from odoo.tools.misc import formatLang

from . import scoring
from .level import LEVELS

SCORE_FIELDS = frozenset(scoring.Result._fields) - {"objectives"}


class Option(models.Model):
    """What an option is worth on the grid of its need, and how far that is known."""

    _inherit = "souverainete.option"

    score_known = fields.Boolean(
        string="Score known",
        compute="_compute_score",
        store=True,
        help="The grid is weighted and at least one answer is given. Where there "
        "is no score, the figures read 0 and mean nothing.",
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score out of 100 that the answers given so far establish. It helps to "
        "compare and to explain: it never decides alone, and never blocks.",
    )
    score_low = fields.Float(
        string="Score at worst",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score if every criterion not assessed got its worst answer.",
    )
    score_high = fields.Float(
        string="Score at best",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score if every criterion not assessed got its best answer.",
    )
    coverage = fields.Float(
        string="Coverage (%)",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Share of the grid's criteria that are assessed.",
    )
    unassessed_count = fields.Integer(
        string="Criteria not assessed",
        compute="_compute_score",
        store=True,
        help="Criteria of the grid that nobody assessed for this option.",
    )
    level_reached = fields.Selection(
        LEVELS,
        string="Level reached",
        compute="_compute_score",
        store=True,
        help="Lowest level among the answers given: an average never hides a "
        "weakness. Empty: nothing is assessed.",
    )
    score_interval = fields.Char(
        string="Score interval",
        compute="_compute_score_interval",
        help="From the score at worst to the score at best, out of 100.",
    )
    objective_results = fields.Html(
        string="Results by objective",
        compute="_compute_objective_results",
        sanitize=False,
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | SCORE_FIELDS

    @api.depends(
        "kind",
        "grid_id.objective_ids.criterion_ids.award_use",
        "grid_id.objective_ids.criterion_ids.object_link",
        "grid_id.objective_ids.weight",
        "grid_id.objective_ids.weight_known",
        "grid_id.objective_ids.max_points",
        "grid_id.objective_ids.criterion_ids.points_min",
        "grid_id.objective_ids.criterion_ids.points_max",
        "answer_ids.criterion_id",
        "answer_ids.level_id.points",
        "answer_ids.level_id.level",
    )
    def _compute_score(self):
        for option, result in self._get_results():
            for name in SCORE_FIELDS:
                option[name] = getattr(result, name)

    @api.depends_context("lang")
    @api.depends("score_known", "score_low", "score_high", "level_reached")
    def _compute_score_interval(self):
        for option in self:
            option.score_interval = option._get_score_text()

    @api.depends_context("lang")
    @api.depends("grid_id", "answer_ids.level_id", "score", "coverage")
    def _compute_objective_results(self):
        for option, result in self._get_results():
            option.objective_results = self.env["ir.qweb"]._render(
                "souverainete_achat.objective_results",
                option._prepare_results_table(result),
            )

    @api.constrains(*SCORE_FIELDS)
    def _check_score(self):
        """A stored figure is what the answers make it, whoever wrote it."""
        for option, result in self._get_results():
            for name in SCORE_FIELDS:
                if option[name] != (getattr(result, name) or False):
                    raise ValidationError(option._get_score_written_message())

    def _get_score_written_message(self):
        return self.env._(
            "The score of %(option)s follows from its answers and cannot be written: "
            "correct the answers instead.",
            option=self.display_name,
        )

    def _get_results(self):
        """Pairs of an option and its `scoring.Result`, from inputs alone."""
        objectives = {
            (grid, of_offer): grid._get_scoring_objectives(of_offer)
            for (grid, of_offer) in {option._get_scale() for option in self}
        }
        return [
            (
                option,
                scoring.assess(
                    objectives[option._get_scale()], option._get_scoring_answers()
                ),
            )
            for option in self
        ]

    def _get_scale(self):
        """(grid, whether it is used on a bid): what the option is measured with."""
        return self.grid_id, self.kind == "offer"

    def _get_scoring_answers(self):
        """What is known of this option, as plain data for `scoring.assess`."""
        scored = self.answer_ids.filtered(lambda answer: answer._is_scored())
        return {
            criterion.id: self._get_scoring_answer(criterion, answers)
            for criterion, answers in scored.grouped("criterion_id").items()
        }

    def _get_scoring_answer(self, criterion, answers):
        """What these answers to one criterion are worth together."""
        return scoring.get_weakest([a._get_scoring_answer() for a in answers])

    def _get_score_text(self):
        """The score in words: an interval, or why there is none."""
        self.ensure_one()
        if not self.level_reached:
            return self.env._("Not assessed")
        if not self.score_known:
            return self.env._("No weights set")
        return self._format_interval(self.score_low, self.score_high)

    @api.model
    def _format_interval(self, low, high):
        low, high = self._format_number(low), self._format_number(high)
        return low if low == high else f"{low} – {high}"

    @api.model
    def _format_number(self, number):
        """One decimal at most, in the user's language."""
        rounded = float_round(number, precision_digits=1)
        return formatLang(self.env, rounded, digits=0 if rounded.is_integer() else 1)

    def _prepare_results_table(self, result):
        """Values of the table of results, one row an objective."""
        self.ensure_one()
        return {
            "rows": [
                {
                    "name": objective.name,
                    "weight": row.weight is not None
                    and self._format_number(row.weight),
                    "points": self._format_interval(row.points_low, row.points_high),
                    "max_points": self._format_number(row.max_points),
                    "answered": row.answered,
                    "asked": row.asked,
                }
                for objective, row in zip(
                    self.grid_id.objective_ids, result.objectives, strict=True
                )
            ],
        }
