from odoo import fields, models


class AnswerSheetLine(models.TransientModel):
    """What becomes of one row of a returned sheet, and why."""

    _name = "souverainete.answer.sheet.line"
    _description = "Row of a returned answer sheet"
    _order = "id"
    _rec_name = "place"

    sheet_id = fields.Many2one(
        "souverainete.answer.sheet", required=True, index=True, ondelete="cascade"
    )
    place = fields.Char(help="Sheet and cell of the workbook.")
    criterion_id = fields.Many2one("souverainete.criterion", ondelete="cascade")
    level_id = fields.Many2one(
        "souverainete.level",
        string="Level the bidder claims",
        ondelete="cascade",
        help="Recorded as the bid states it: the evaluator answers beside it.",
    )
    left_blank = fields.Boolean(
        help="The bidder chose nothing and explained nothing: it is scored as the grid "
        "publishes it."
    )
    bid_text = fields.Text(string="What the bid says")
    bid_proof = fields.Text(string="Proof the bid gives")
    status = fields.Selection(
        [
            ("recorded", "To record"),
            ("unchanged", "Unchanged"),
            ("refused", "Refused"),
        ],
        required=True,
    )
    message = fields.Char(string="Why")
