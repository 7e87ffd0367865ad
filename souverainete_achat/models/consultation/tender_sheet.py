from odoo import api, models

from . import sheet_format as form
from .sheet_writer import SheetWriter


class TenderPieces(models.AbstractModel):
    """The answer sheet of one lot: one row a criterion scored at the award."""

    _inherit = "souverainete.tender.pieces"

    @api.model
    def _build_answer_sheet(self, content, lot, tender):
        criteria = [
            (objective["name"], criterion | {"help": self._get_expected(criterion)})
            for objective in lot["grid"]["objectives"]
            for criterion in objective["criteria"]
        ]
        return SheetWriter(
            criteria,
            self._get_sheet_labels(lot, tender),
            self._get_bidder_rows(content, lot),
            self._get_mark_rows(lot, tender),
        ).get_content()

    @api.model
    def _get_expected(self, criterion):
        rule = self._get_link_rule() if criterion.get("per_link") else ""
        return "\n".join(filter(None, (criterion["help"], rule)))

    @api.model
    def _get_sheet_labels(self, lot, tender):
        return {
            "notice": self._get_notice(lot, tender),
            "bidder": self.env._("Who answers"),
            "blank": self._get_blank_choice(),
            "choose": self.env._(
                "Choose an answer of the list, or empty the cell: it is then left "
                "blank."
            ),
            "columns": self._get_column_labels(tender),
        }

    @api.model
    def _get_blank_choice(self):
        return self.env._("0. Left blank: no answer")

    @api.model
    def _get_column_labels(self, tender):
        objective = self.env._("Criterion")
        return {
            form.OBJECTIVE: objective if tender else f"{self._get_draft()} {objective}",
            form.CODE: self.env._("Code"),
            form.QUESTION: self.env._("Question"),
            form.HELP: self.env._("How the buyer examines it"),
            form.LEVEL: self.env._("Your answer (choose in the list)"),
            form.TEXT: self.env._("Your explanations"),
            form.PROOF: self.env._("Proof: document, page or link"),
        }

    @api.model
    def _get_draft(self):
        return self.env._("DRAFT")

    @api.model
    def _get_notice(self, lot, tender):
        """[(text, bold)]: the instructions, and a draft that says it is one."""
        draft = [] if tender else [(self._get_draft_notice(), True)]
        return [
            *draft,
            (self.env._("Answer sheet of the bidder on digital sovereignty"), True),
            (
                self.env._("Fill in the yellow cells only, in the two next sheets."),
                False,
            ),
            (
                self.env._(
                    "“Identification”: name and SIRET of who signs the contract; for a "
                    "grouping, its agent."
                ),
                False,
            ),
            (
                self.env._(
                    "“Réponses”: one row a question. Choose the answer that your offer "
                    "reaches on the day it is made, explain it, and say what proves it."
                ),
                False,
            ),
            (
                self.env._(
                    "A question with no answer chosen and no explanation is left "
                    "blank. %(rule)s",
                    rule=self._get_blank_rule(lot["grid"]),
                ),
                True,
            ),
            (
                self.env._(
                    "No formula, no macro, no row or sheet added, moved or removed: "
                    "the file is read by a program. Return it as .xlsx, one file a lot."
                ),
                False,
            ),
        ]

    @api.model
    def _get_bidder_rows(self, content, lot):
        """{row: (label, value)}; a value that is None is the bidder's to give."""
        told = {
            "consultation": (self.env._("Consultation"), content["consultation"]),
            "file": (self.env._("Purchase file"), content["file"]),
            "lot": (self.env._("Lot"), self._get_lot_label(lot)),
            "name": (self.env._("Name of the bidder"), None),
            "siret": (self.env._("SIRET (14 digits)"), None),
        }
        return {form.BIDDER_ROWS[name]: told[name] for name in told}

    @api.model
    def _get_lot_label(self, lot):
        label = " – ".join(filter(None, (lot["number"], lot["name"])))
        return label or self.env._("The whole contract")

    @api.model
    def _get_mark_rows(self, lot, tender):
        """What recognises the sheet when it comes back; a draft has nothing of it."""
        mark = {
            "format": form.FORMAT,
            "tender": str(tender.id) if tender else "",
            "content": tender.content_digest if tender else "",
            "launch": tender.launch_digest if tender else "",
            "lot": lot["number"],
        }
        return {form.MARK_ROWS[name]: mark[name] for name in mark}
