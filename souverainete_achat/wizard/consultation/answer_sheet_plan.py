from odoo import models
from odoo.exceptions import UserError

from ...models.consultation import sheet_format as form
from ...models.consultation.sheet_format import get_choices


class AnswerSheet(models.TransientModel):
    """Each row of the sheet against what was published, and what is recorded."""

    _inherit = "souverainete.answer.sheet"

    def _plan_answers(self, answers, grid, option):
        """Values of one preview line a row; every mistake is named, not the first."""
        asked = {
            criterion["key"]: criterion
            for objective in grid["objectives"]
            for criterion in objective["criteria"]
        }
        lines, seen = [], set()
        for answer in answers:
            lines += self._plan_faults(answer, asked) or [
                self._plan_answer(answer, asked, seen, option)
            ]
            seen.add(answer.key)
        lines += [
            self._refuse("", self._get_missing_message(criterion), criterion)
            for key, criterion in asked.items()
            if key not in seen
        ]
        return lines

    def _plan_faults(self, answer, asked):
        """One refused line a cell of the row that holds no text."""
        criterion = asked.get(answer.key)
        return [
            self._refuse(fault.cell, self._get_fault_message(fault), criterion)
            for fault in answer.faults
        ]

    def _plan_answer(self, answer, asked, seen, option):
        criterion = asked.get(answer.key)
        if not criterion or criterion["code"] != answer.code:
            return self._refuse(
                f"{form.CODE}{answer.row}", self._get_unknown_message(answer)
            )
        if answer.key in seen:
            return self._refuse(
                f"{form.CODE}{answer.row}", self._get_twice_message(), criterion
            )
        return self._plan_level(answer, criterion, option)

    def _plan_level(self, answer, criterion, option):
        cell = f"{form.LEVEL}{answer.row}"
        choices = dict(zip(get_choices(criterion), criterion["levels"], strict=True))
        blank = answer.level in self._get_blank_choices()
        if not blank and answer.level not in choices:
            message = self._get_level_message(answer.level)
            return self._refuse(cell, message, criterion)
        if blank and answer.level and (answer.text or answer.proof):
            return self._refuse(cell, self._get_both_message(), criterion)
        said = not blank or answer.text or answer.proof
        line = {
            "place": self._get_place(form.ANSWERS, cell),
            "criterion_id": criterion["id"],
            "level_id": False if blank else choices[answer.level]["id"],
            "bid_text": answer.text or False,
            "bid_proof": answer.proof or False,
            "left_blank": not said,
            "message": False,
        }
        return line | self._compare(line, option)

    def _get_blank_choices(self):
        """An empty cell, or the choice that says so, in the sheet's own language."""
        pieces = self.env["souverainete.tender.pieces"]
        lang = self.requisition_id._with_document_lang().env.lang
        return {"", pieces.with_context(lang=lang)._get_blank_choice()}

    def _compare(self, line, option):
        """What is recorded of a bid stays: the same again changes nothing, and
        anything else is refused."""
        told = {
            "bid_text": line["bid_text"],
            "bid_level_id": line["level_id"],
            "bid_proof": line["bid_proof"],
            "left_blank": line["left_blank"],
        }
        answers = option._get_bid_lines(line["criterion_id"])
        recorded = answers.filtered(lambda answer: answer._is_bid_recorded())
        if any(answer._get_bid_vals() != told for answer in recorded):
            return {"status": "refused", "message": self._get_altered_message()}
        if recorded:
            return {"status": "unchanged"}
        if line["left_blank"] and answers.filtered("level_id"):
            return {"status": "refused", "message": self._get_evaluated_message()}
        return {"status": "recorded"}

    def _refuse(self, cell, message, criterion=None):
        return {
            "place": self._get_place(form.ANSWERS, cell),
            "criterion_id": criterion and criterion["id"],
            "level_id": False,
            "bid_text": False,
            "bid_proof": False,
            "left_blank": False,
            "status": "refused",
            "message": message,
        }

    # === BEFORE WRITING === #

    def _check_importable(self, plan):
        refused = [line for line in plan.lines if line["status"] == "refused"]
        if refused:
            points = [f"• {line['place']} — {line['message']}" for line in refused]
            raise UserError(
                "\n".join([self.env._("Nothing was imported. Refused:"), *points])
            )
        if not plan.option and not plan.partner:
            raise UserError(
                self.env._(
                    "No contact has the SIRET %(siret)s (%(name)s): choose the bidder, "
                    "or create the contact with this SIRET.",
                    siret=plan.bidder["siret"] or self.env._("not given"),
                    name=plan.bidder["name"] or self.env._("not named"),
                )
            )
