from odoo import models


class Option(models.Model):
    """The calculation shows each link under the criterion it is asked about."""

    _inherit = "souverainete.option"

    def _get_calculation_lines(self, criterion, answers):
        if not answers.component_id:
            return super()._get_calculation_lines(criterion, answers)
        return [
            self._prepare_weakest_line(criterion, answers),
            *(self._prepare_link_line(answer) for answer in answers),
        ]

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
