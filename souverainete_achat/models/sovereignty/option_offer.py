from odoo import api, fields, models
from odoo.exceptions import ValidationError

GROUNDS = [
    ("irregular", "Irregular offer"),
    ("unacceptable", "Unacceptable offer"),
    ("inappropriate", "Inappropriate offer"),
    ("abnormally_low", "Abnormally low offer"),
    ("late", "Received late"),
    ("candidate", "Candidate excluded or not admitted"),
    ("withdrawn", "Withdrawn by the bidder"),
    ("other_lot", "Limit of lots a bidder may hold"),
]


class Option(models.Model):
    """A bid among others: whether it is regular, and on what ground it is set aside."""

    _inherit = "souverainete.option"

    set_aside_ground = fields.Selection(
        GROUNDS,
        string="Ground for setting aside",
        copy=False,
        help="After a competition the best-ranked regular offer is retained; a better "
        "one is set aside only on a ground the code lists (CCP L. 2152-1 to L. 2152-8, "
        "cited from memory by a practitioner: to be checked on Legifrance). Empty for "
        "an offer that simply ranks lower.",
    )
    irregularities = fields.Text(
        compute="_compute_irregularities",
        help="Objectives on which the offer stays below the level published.",
    )
    ranking_score = fields.Float(
        compute="_compute_ranking",
        help="Out of 100: the score of the answers and, where an objective is scored "
        "from the price, its part. Shown once every criterion is settled.",
    )
    ranking = fields.Integer(
        compute="_compute_ranking",
        help="Rank among the regular offers not set aside. 0: not ranked.",
    )

    @api.depends("answer_ids.left_blank", "grid_id.blank_rule")
    def _compute_score(self):
        return super()._compute_score()

    # === INTEGRITY === #

    @api.constrains("set_aside_ground", "verdict", "kind")
    def _check_ground(self):
        """A ground belongs to an offer set aside: it takes it out of the ranking."""
        for option in self.filtered("set_aside_ground"):
            if option.kind != "offer" or option.verdict != "rejected":
                raise ValidationError(
                    self.env._(
                        "%(option)s is not an offer set aside: set it aside first, or "
                        "empty the ground for setting aside.",
                        option=option.display_name,
                    )
                )

    def write(self, vals):
        if "set_aside_ground" in vals:
            self._check_not_settled()
        if {"cost", "cost_known"} & set(vals):
            self.filtered(lambda option: option.kind == "offer")._check_not_settled()
        return super().write(vals)

    def _get_verdict_content(self):
        content = super()._get_verdict_content()
        if self.set_aside_ground:
            content["set_aside_ground"] = self.set_aside_ground
        return content

    def _is_evidence(self):
        """A bid that was read takes part in the ranking, even while it is pending."""
        read = self.answer_ids.filtered(lambda answer: not answer._is_blank())
        return super()._is_evidence() or bool(self.kind == "offer" and read)

    # === REGULARITY === #

    def _get_scored(self, criteria):
        """Those of `criteria` that count for this option."""
        _grid, of_offer = self._get_scale()
        return criteria._get_scored(of_offer)

    @api.depends_context("lang")
    @api.depends("answer_ids.level_id", "answer_ids.left_blank", "kind")
    def _compute_irregularities(self):
        for option in self:
            names = option._get_irregular_objectives().mapped("name")
            option.irregularities = option.kind == "offer" and "\n".join(names)

    def _get_irregular_objectives(self):
        """Objectives whose published level one answer at least does not reach."""
        answers = self._get_scoring_answers()
        return self.grid_id.objective_ids.filtered(
            lambda objective: (
                objective.required_level
                and any(
                    answers[criterion.id].level < objective.required_level
                    for criterion in self._get_scored(objective.criterion_ids)
                    if criterion.id in answers
                )
            )
        )

    def _get_published_grid(self):
        """The grid that was published for what this offer competes for."""
        return self.requisition_id.grid_id

    def _get_competition(self):
        """What tells apart the offers that compete with one another."""
        return False

    def _is_on_published_grid(self):
        grid = self._get_published_grid()
        return self.grid_id == grid or not grid._is_binding()

    def _is_regular(self):
        return self._is_on_published_grid() and not self._get_irregular_objectives()

    def _get_irregularity(self):
        """Why this offer cannot be retained, or empty. Nothing lifts it."""
        if not self._is_on_published_grid():
            return self.env._(
                "%(offer)s is not assessed on the grid that was published, “%(grid)s”: "
                "choose it in the option, page Sovereignty.",
                offer=self.name,
                grid=self._get_published_grid().display_name,
            )
        if objectives := self._get_irregular_objectives():
            return self.env._(
                "%(offer)s is irregular: below the level published for "
                "%(objectives)s. Set it aside.",
                offer=self.name,
                objectives=", ".join(objectives.mapped("name")),
            )
        return ""

    def _get_regularity_gap(self):
        """Why this offer cannot be signed yet, or ever; empty when it can."""
        unproven = self._get_unproven_objectives()
        if (irregularity := self._get_irregularity()) or not unproven:
            return irregularity
        return self.env._(
            "%(offer)s: a level to reach was published for %(objectives)s, and not all "
            "of it is settled. Settle it in the option, page Sovereignty.",
            offer=self.name,
            objectives=", ".join(unproven.mapped("name")),
        )

    def _get_unproven_objectives(self):
        """Objectives with a published level on which some answer is still missing:
        unknown is not reached."""
        answers = self._get_scoring_answers()
        settled = {key for key, answer in answers.items() if answer.settled}
        return self.grid_id.objective_ids.filtered(
            lambda objective: (
                objective.required_level
                and set(self._get_scored(objective.criterion_ids).ids) - settled
            )
        )

    def _is_ranked(self):
        """In the running: a regular bid not set aside on a listed ground."""
        return self.kind == "offer" and not self.set_aside_ground and self._is_regular()

    def _get_unsettled_count(self):
        """Criteria with neither an answer nor a blank recorded."""
        answers = self._get_scoring_answers()
        settled = {key for key, answer in answers.items() if answer.settled}
        asked = self._get_scored(self.grid_id.criterion_ids)
        return len(set(asked.ids) - settled)

    # === RANKING === #

    @api.depends(
        "score", "cost", "cost_known", "set_aside_ground", "requisition_id.option_ids"
    )
    def _compute_ranking(self):
        ranked = {}
        for need in self.requisition_id:
            ranked |= need._get_ranking()
        for option in self:
            option.ranking, option.ranking_score = ranked.get(option, (0, 0.0))
