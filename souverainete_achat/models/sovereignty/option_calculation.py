from odoo import models


class Option(models.Model):
    """How the score is counted, line by line, in words people read."""

    _inherit = "souverainete.option"

    def action_show_calculation(self):
        """Show how the score of this option is counted, line by line."""
        self.ensure_one()
        comparison = self.env["souverainete.comparison"].create(
            {"requisition_id": self.requisition_id.id, "option_ids": self.ids}
        )
        view = self.env.ref("souverainete_achat.comparison_view_form_calculation")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calculation"),
            "res_model": comparison._name,
            "res_id": comparison.id,
            "views": [(view.id, "form")],
            "target": "current",
        }

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
        return [self._prepare_calculation_line(criterion.name, answers)]

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


class Answer(models.Model):
    _inherit = "souverainete.answer"

    def _get_answer_text(self):
        """What was answered, in words. Empty recordset: not assessed."""
        if self.level_id:
            return self.level_id.name
        if self.left_blank:
            return self.env._("Left blank by the bidder")
        return self.env._("Not assessed")
