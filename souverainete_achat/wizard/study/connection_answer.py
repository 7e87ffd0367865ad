import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.base.documents import get_document_gap


class ConnectionAnswer(models.TransientModel):
    """What the operator of a mutualised solution answered."""

    _name = "souverainete.connection.answer"
    _description = "The operator's answer"

    connection_id = fields.Many2one(
        "souverainete.connection", required=True, ondelete="cascade"
    )
    result = fields.Selection(
        [("confirmed", "The connection works"), ("refused", "The operator refuses")],
        required=True,
        default="confirmed",
    )
    answered_on = fields.Date(
        string="On",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
    )
    respondent = fields.Char(
        string="By whom", required=True, help="Who answered for the operator."
    )
    answer = fields.Text(
        string="What was answered",
        required=True,
        help="In a sentence, and where it is kept.",
    )
    document = fields.Binary(help="The message or the convention that says so.")
    document_name = fields.Char()

    def action_record(self):
        """Record the answer: the need is met, or the road reopens."""
        self.check_access("read")
        self.ensure_one()
        connection = self.connection_id
        connection._check_awaited()
        connection.requisition_id.check_access("write")
        self._check_answer()
        names = ("answered_on", "respondent", "answer", "document", "document_name")
        vals = {name: self[name] for name in names}
        need = connection.requisition_id
        if self.result == "confirmed":
            need._confirm_connection(connection, vals)
        else:
            need._refuse_connection(connection, vals)
        return {"type": "ir.actions.act_window_close"}

    def _check_answer(self):
        if self.answered_on > self.env.company._souverainete_today():
            raise UserError(self.env._("An answer to come is not an answer."))
        if not self.respondent.strip() or not self.answer.strip():
            raise UserError(self.env._("Write who answered, and what."))
        gap = self.document and get_document_gap(
            self.env, base64.b64decode(self.document)
        )
        if gap:
            raise UserError(gap)
