from odoo import api, fields, models

from .answer import LinkQuestion


class Option(models.Model):
    """Where the chain matters, an option is worth what its weakest link is."""

    _inherit = "souverainete.option"

    has_link_answers = fields.Boolean(
        compute="_compute_has_link_answers",
        help="Some criteria are answered link by link.",
    )

    @api.depends("answer_ids.component_id")
    def _compute_has_link_answers(self):
        for option in self:
            option.has_link_answers = bool(option.answer_ids.component_id)

    @api.depends(
        "answer_ids.component_id",
        "awarded",
        "component_ids",
        "grid_id.objective_ids.criterion_ids.per_link",
        "verdict",
    )
    def _compute_score(self):
        return super()._compute_score()

    @api.depends("component_ids", "grid_id.criterion_ids.per_link")
    def _compute_has_missing_answers(self):
        return super()._compute_has_missing_answers()

    # === QUESTIONS === #

    def _get_questions(self):
        links = self._get_links()
        return [
            LinkQuestion(criterion.id, link)
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

    # === WEAKEST LINK === #

    def _get_scoring_answer(self, criterion, answers):
        """The weakest answer; not settled while a link has none.

        An answer given for the whole counts as one more: declaring a link never makes
        an option look better.
        """
        weakest = super()._get_scoring_answer(criterion, answers)
        if not criterion.per_link:
            return weakest
        missing = set(self._get_links()) - set(answers.component_id.ids)
        return weakest._replace(settled=weakest.settled and not missing)
