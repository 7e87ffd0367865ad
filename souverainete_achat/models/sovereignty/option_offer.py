from odoo import api, fields, models

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

    # === REGULARITY === #

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
                    for criterion in objective.criterion_ids
                    if criterion.id in answers
                )
            )
        )

    def _is_regular(self):
        return not self._get_irregular_objectives()

    def _is_ranked(self):
        """In the running: a regular bid not set aside on a listed ground."""
        return self.kind == "offer" and not self.set_aside_ground and self._is_regular()

    def _get_unsettled_count(self):
        """Criteria with neither an answer nor a blank recorded."""
        answers = self._get_scoring_answers()
        settled = {key for key, answer in answers.items() if answer.settled}
        return len(set(self.grid_id.criterion_ids.ids) - settled)

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
