from odoo import models


class AnswerSheetText(models.AbstractModel):
    """What is refused, said so that the bidder can be asked for the right sheet."""

    _name = "souverainete.answer.sheet.text"
    _description = "What an answer sheet is refused for"

    def _get_place(self, sheet, cell):
        if not cell:
            return self.env._("Sheet “%(sheet)s”", sheet=sheet)
        return self.env._(
            "Sheet “%(sheet)s”, row %(row)s, column %(column)s",
            sheet=sheet,
            row=cell[1:],
            column=cell[:1],
        )

    def _get_sheet_message(self, error):
        """A sentence for a WorkbookError."""
        place = self._get_place(error.sheet, error.cell) if error.sheet else ""
        messages = self._get_file_messages() | self._get_mark_messages(error)
        message = messages[error.reason]
        return f"{place} — {message}" if error.cell else message

    def _get_fault_message(self, fault):
        """A sentence for a cell that cannot be read, without its place."""
        return self._get_cell_messages()[fault.reason]

    def _get_cell_messages(self):
        return {
            "formula": self.env._(
                "A formula stands there, and an answer is a text: ask the bidder to "
                "type it."
            ),
            "error": self.env._("The cell holds an error of the spreadsheet."),
        }

    def _get_file_messages(self):
        return self._get_cell_messages() | {
            "unreadable": self.env._(
                "This is not an .xlsx workbook that can be read: ask the bidder for "
                "the sheet of the tender documents, filled in and saved as .xlsx."
            ),
            "old_excel": self.env._(
                "This is a workbook of old Excel (.xls), or one with a password: ask "
                "the bidder to save it as .xlsx, without a password."
            ),
            "too_large": self.env._(
                "This workbook is far larger than an answer sheet: nothing was read."
            ),
            "siret": self.env._(
                "This is not a SIRET: 14 digits, whose key is checked. Ask the bidder, "
                "or correct the cell with their agreement."
            ),
        }

    def _get_mark_messages(self, error):
        told = {"sheet": error.sheet, "value": error.value}
        return {
            "no_sheet": self.env._(
                "The sheet “%(sheet)s” is missing: this is not the answer sheet of a "
                "consultation.",
                **told,
            ),
            "no_mark": self.env._(
                "What recognises the sheet is missing: it is not one of the tender "
                "documents, or of another version."
            ),
            "draft": self.env._(
                "This sheet comes from a draft: bidders answer on the one of the "
                "tender documents downloaded after launch."
            ),
            "foreign": self.env._(
                "This sheet is of another consultation, or of another launch, than "
                "%(value)s.",
                **told,
            ),
            "no_lot": self.env._(
                "The sheet is of a lot that this consultation has not: “%(value)s”.",
                **told,
            ),
            "not_launched": self.env._(
                "%(value)s is not launched: no sheet was given to bidders yet.", **told
            ),
        }

    # === ROWS === #

    def _get_missing_message(self, criterion):
        return self.env._(
            "The row of question %(number)s is missing: every question stays in the "
            "sheet, answered or left blank.",
            number=criterion["number"],
        )

    def _get_unknown_message(self, answer):
        return self.env._(
            "“%(number)s” is no question of this sheet, or the row was moved.",
            number=(answer.number or answer.key)[:80],
        )

    def _get_twice_message(self):
        return self.env._("This question is answered twice.")

    def _get_level_message(self, level):
        return self.env._(
            "“%(level)s” is no answer of the list of this question.", level=level[:80]
        )

    def _get_both_message(self):
        return self.env._(
            "It is left blank and explained at once: the bidder chooses an answer, or "
            "erases the explanation."
        )

    def _get_altered_message(self):
        return self.env._(
            "Something else is recorded of this bid, which is never altered: the sheet "
            "is not the one already imported."
        )

    def _get_evaluated_message(self):
        return self.env._(
            "It is left blank in the sheet, and an evaluator already chose an answer: "
            "empty theirs first."
        )
