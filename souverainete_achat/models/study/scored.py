from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_round
from odoo.tools.misc import formatLang

from ..base.opening import open_form
from . import scoring
from .answer import Question
from .band import BANDS
from .level import LEVELS
from .statement import TO_WRITE

SCORE_FIELDS = frozenset(scoring.Result._fields) - {"objectives"}


class Scored(models.AbstractModel):
    """What is assessed with a grid: its answers, and the interval of its score.

    The model that inherits it has a need, a kind (`offer`: a bid, scored on what was
    published only), the links of a chain (`component_ids`), and says when it
    `_is_settled`: what was judged then stays as it was judged.
    """

    _name = "souverainete.scored"
    _inherit = ["souverainete.guarded"]
    _description = "Assessed with a grid"

    grid_id = fields.Many2one(
        "souverainete.grid",
        compute="_compute_grid_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Grid the option is assessed with: that of its need, unless changed.",
    )
    answer_ids = fields.One2many("souverainete.answer", "option_id", copy=False)
    current_answer_ids = fields.One2many(
        "souverainete.answer",
        "option_id",
        string="Answers to the grid",
        domain=[("is_current", "=", True)],
        copy=False,
    )
    # After the answers, which an option may be created with: each of its links makes
    # the blank ones that are still missing.
    component_ids = fields.One2many(
        "souverainete.component",
        "option_id",
        string="Components",
        help="Every link of the chain: publisher, operator, host, subcontractor with "
        "access. The strictest rule applies over the chain.",
    )
    has_missing_answers = fields.Boolean(
        compute="_compute_has_missing_answers",
        help="Criteria of the grid have no line to answer them on.",
    )
    oldest_answer_on = fields.Date(
        string="Oldest answer",
        compute="_compute_oldest_answer_on",
        store=True,
        help="Day of the oldest answer to the grid: what ages first.",
        guard="server",
    )

    band = fields.Selection(
        BANDS,
        string="Criteria asked",
        compute="_compute_band",
        store=True,
        help="Which criteria the value and the data of the need ask of it.",
        guard="server",
    )
    score_known = fields.Boolean(
        string="Score known",
        compute="_compute_score",
        store=True,
        help="The grid is weighted and at least one answer is given. Where there "
        "is no score, the figures read 0 and mean nothing.",
        guard="server",
    )
    score = fields.Float(
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score out of 100 that the answers given so far establish. It helps to "
        "compare and to explain: it never decides alone, and never blocks.",
        guard="server",
    )
    score_low = fields.Float(
        string="Score at worst",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score if every criterion not assessed got its worst answer.",
        guard="server",
    )
    score_high = fields.Float(
        string="Score at best",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Score if every criterion not assessed got its best answer.",
        guard="server",
    )
    coverage = fields.Float(
        string="Coverage (%)",
        compute="_compute_score",
        store=True,
        aggregator="avg",
        help="Share of the grid's criteria that are assessed.",
        guard="server",
    )
    unassessed_count = fields.Integer(
        string="Criteria not assessed",
        compute="_compute_score",
        store=True,
        help="Criteria of the grid that nobody assessed for this option.",
        guard="server",
    )
    level_reached = fields.Selection(
        LEVELS,
        string="Level reached",
        compute="_compute_score",
        store=True,
        help="Lowest level among the answers given: an average never hides a "
        "weakness. Empty: nothing is assessed.",
        guard="server",
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

    has_link_answers = fields.Boolean(
        compute="_compute_has_link_answers",
        help="Some criteria are answered link by link.",
    )

    # === COMPUTE METHODS === #

    @api.depends("requisition_id")
    def _compute_grid_id(self):
        for option in self:
            option.grid_id = option.grid_id or option.requisition_id.grid_id

    @api.depends(
        "requisition_id.amount_estimated",
        "requisition_id.amount_estimated_known",
        "requisition_id.amount_max",
        "requisition_id.amount_max_known",
        "requisition_id.asked_band",
        "requisition_id.date_launch",
    )
    def _compute_band(self):
        for option in self:
            option.band = option.requisition_id._get_asked_band()

    @api.depends(
        "answer_ids.date",
        "answer_ids.is_current",
        "answer_ids.level_id",
        "answer_ids.to_confirm",
    )
    def _compute_oldest_answer_on(self):
        for option in self:
            dates = option._get_assessed_answers().filtered("date").mapped("date")
            option.oldest_answer_on = min(dates, default=False)

    @api.depends(
        "answer_ids.criterion_id",
        "component_ids",
        "grid_id.criterion_ids",
        "grid_id.criterion_ids.per_link",
    )
    def _compute_has_missing_answers(self):
        for option in self:
            option.has_missing_answers = bool(option._get_missing_questions())

    @api.depends("answer_ids.component_id")
    def _compute_has_link_answers(self):
        for option in self:
            option.has_link_answers = bool(option.answer_ids.component_id)

    @api.depends(
        "answer_ids.component_id",
        "answer_ids.criterion_id",
        "answer_ids.left_blank",
        "answer_ids.level_id.level",
        "answer_ids.level_id.points",
        "answer_ids.to_confirm",
        "awarded",
        "band",
        "component_ids",
        "grid_id.blank_rule",
        "grid_id.objective_ids.criterion_ids.asked_of_bidders",
        "grid_id.objective_ids.criterion_ids.asked_from",
        "grid_id.objective_ids.criterion_ids.award_use",
        "grid_id.objective_ids.criterion_ids.object_link",
        "grid_id.objective_ids.criterion_ids.per_link",
        "grid_id.objective_ids.criterion_ids.points_max",
        "grid_id.objective_ids.criterion_ids.points_min",
        "grid_id.objective_ids.max_points",
        "grid_id.objective_ids.required_level",
        "grid_id.objective_ids.weight",
        "grid_id.objective_ids.weight_known",
        "kind",
        "verdict",
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

    # === CONSTRAINTS === #

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for option in self:
            option.grid_id._check_usable(option.company_id)

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

    # === QUESTIONS === #

    def _get_questions(self):
        """What the grid asks: one question a criterion, or one for each link of it."""
        self.ensure_one()
        links = self._get_links()
        return [
            Question(criterion.id, link)
            for criterion in self.grid_id.criterion_ids
            for link in (links if criterion.per_link and links else [False])
        ]

    def _get_links(self):
        """Ids of the links that answer. Read sudo: who reads the answers of an option
        may not read its chain.

        Those judged at the award stay the same, whatever is declared afterwards.
        """
        option = self.sudo()
        if option._is_settled():
            return option.answer_ids.component_id.ids
        return option.component_ids.ids

    def _get_missing_questions(self):
        """Questions of the grid that have no line to answer them on."""
        answered = {answer._get_question() for answer in self.answer_ids}
        return [q for q in self._get_questions() if q not in answered]

    def _prepare_answers(self):
        """One line a question, not assessed, so that nothing to answer is hidden."""
        self.env["souverainete.answer"].create(
            [
                {"option_id": option.id, **question._asdict()}
                for option in self
                for question in option._get_missing_questions()
            ]
        )

    def _refresh_questions(self):
        """Prepare the lines still missing; drop those that are asked no more."""
        self._drop_blank_answers()
        self._prepare_answers()

    def _drop_blank_answers(self):
        """Lines prepared for what is no longer asked, in which nothing was recorded."""
        dropped = self.env["souverainete.answer"]
        for option in self:
            asked = set(option._get_questions())
            dropped |= option.answer_ids.filtered(
                lambda a, asked=asked: a._get_question() not in asked and a._is_blank()
            )
        dropped._unlink_server()

    # === ANSWERS === #

    def _get_assessed_answers(self):
        """Answers that count: a rung was chosen, on the grid in use."""
        return self.answer_ids.filtered(lambda a: a.is_current and a._is_assessed())

    def _is_aged(self, day):
        """Whether the grid's period of validity is over for an answer on `day`."""
        self.ensure_one()
        months = self.grid_id.validity_months
        if not (months and self.oldest_answer_on):
            return False
        return fields.Date.add(self.oldest_answer_on, months=months) < day

    def _get_unsettled_count(self):
        """Criteria with neither an answer nor a blank recorded."""
        answers = self._get_scoring_answers()
        settled = {key for key, answer in answers.items() if answer.settled}
        return len(set(self._get_asked_criteria().ids) - settled)

    def _get_launch_answers(self):
        """Grid and answers of a studied option, as they are frozen at launch.

        A criterion that is absent is not assessed.
        """
        self.ensure_one()
        answers = self._get_assessed_answers()
        return {
            "grid": self.grid_id.code or "",
            "criteria": dict(answer._get_launch_item() for answer in answers),
        }

    # === SCORE === #

    def _get_scale(self):
        """(grid, whether it is used on a bid, criteria asked): what the option is
        measured with."""
        return self.grid_id, self.kind == "offer", self.band

    def _get_scored(self, criteria):
        """Those of `criteria` that count for this option."""
        _grid, of_offer, band = self._get_scale()
        return criteria._get_scored(of_offer, band)

    def _get_asked_criteria(self):
        """The criteria that this option is graded on."""
        return self._get_scored(self.grid_id.criterion_ids)

    def _get_results(self):
        """Pairs of an option and its `scoring.Result`, from inputs alone."""
        objectives = {
            scale: scale[0]._get_scoring_objectives(*scale[1:])
            for scale in {option._get_scale() for option in self}
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

    def _get_scoring_answers(self):
        """What is known of this option, as plain data for `scoring.assess`."""
        scored = self.answer_ids.filtered(lambda answer: answer._is_scored())
        return {
            criterion.id: self._get_scoring_answer(criterion, answers)
            for criterion, answers in scored.grouped("criterion_id").items()
        }

    def _get_scoring_answer(self, criterion, answers):
        """What these answers to one criterion are worth together: the weakest; not
        settled while a link has none.

        An answer given for the whole counts as one more: declaring a link never makes
        an option look better.
        """
        weakest = scoring.get_weakest([a._get_scoring_answer() for a in answers])
        if not criterion.per_link:
            return weakest
        missing = set(self._get_links()) - set(answers.component_id.ids)
        return weakest._replace(settled=weakest.settled and not missing)

    def _refresh_scores(self):
        """The figures follow at once, from the answers as they now stand."""
        names = [*SCORE_FIELDS, "oldest_answer_on"]
        for name in names:
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset(names)

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
        if low == high:
            return low
        return self.env._("%(low)s – %(high)s", low=low, high=high)

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
                if row.asked or objective.is_price
            ],
        }

    # === IN WORDS === #

    def _get_axes_text(self):
        """What the three questions of the circular showed of this option."""
        asked = self._get_asked_criteria().filtered(lambda c: c.axis != "none")
        return "\n".join([f"{self.name} –", *self._get_graded_texts(asked)])

    def _get_graded_texts(self, criteria):
        """One line a criterion: the level given, or what is left to write."""
        given = self._get_assessed_answers().grouped("criterion_id")
        empty = self.env["souverainete.answer"]
        return [
            f"- {criterion.name} {self._get_levels_text(given.get(criterion, empty))}"
            for criterion in criteria
        ] or [TO_WRITE]

    def _get_levels_text(self, answers):
        return ", ".join(answers.level_id.mapped("name")) or TO_WRITE

    # === CALCULATION === #
    # How the score is counted, line by line, in words people read.

    def _get_calculation(self, objective):
        """Lines of one objective: what each criterion was answered, and its worth."""
        self.ensure_one()
        answers = self.current_answer_ids.grouped("criterion_id")
        return [
            line
            for criterion in self._get_scored(objective.criterion_ids)
            for line in self._get_calculation_lines(
                criterion, answers.get(criterion, self.env["souverainete.answer"])
            )
        ]

    def _get_calculation_lines(self, criterion, answers):
        """One line, or the weakest link and each link under it."""
        if not answers.component_id:
            return [self._prepare_calculation_line(criterion.name, answers)]
        return [
            self._prepare_weakest_line(criterion, answers),
            *(self._prepare_link_line(answer) for answer in answers),
        ]

    def _prepare_calculation_line(self, name, answer):
        """`answer`: one, or none where no line was prepared."""
        worth = answer._get_scoring_answer() if answer and answer._is_scored() else None
        return {
            "name": name,
            "answer": answer._get_answer_text(),
            "points": self._format_number(worth.points) if worth else "",
            "level": worth.level if worth else "",
            "is_known": bool(worth),
            "is_link": False,
        }

    def _prepare_weakest_line(self, criterion, answers):
        """What the whole chain is worth, and why."""
        worth = self._get_scoring_answers().get(criterion.id)
        settled = bool(worth and worth.settled)
        return {
            "name": criterion.name,
            "answer": self._get_weakest_text(answers, worth),
            "points": self._format_number(worth.points) if settled else "",
            "level": worth.level if settled else "",
            "is_known": settled,
            "is_link": False,
        }

    def _get_weakest_text(self, answers, worth):
        if worth and worth.settled:
            return self.env._("The weakest of the links below")
        missing = len(answers.filtered(lambda answer: not answer._is_scored()))
        if not worth:
            return self.env._("Not assessed")
        return self.env._(
            "Not assessed: links without an answer: %(missing)s of %(links)s; at most "
            "%(points)s points, from the links answered",
            missing=missing,
            links=len(answers),
            points=self._format_number(worth.points),
        )

    def _prepare_link_line(self, answer):
        name = answer.link_name or self.env._("The whole")
        return self._prepare_calculation_line(name, answer) | {"is_link": True}

    # === ACTIONS === #

    def action_prepare_answers(self):
        """Ask what the grid asks now, after criteria were added to it."""
        self.check_access("read")
        self._refresh_questions()

    def action_show_calculation(self):
        """Show how the score of this option is counted, line by line."""
        self.check_access("read")
        self.ensure_one()
        comparison = self.env["souverainete.comparison"].create(
            {"requisition_id": self.requisition_id.id, "option_ids": self.ids}
        )
        view = self.env.ref("souverainete_achat.comparison_view_form_calculation")
        name = self.env._("Calculation")
        return open_form(comparison, name, views=[(view.id, "form")])
