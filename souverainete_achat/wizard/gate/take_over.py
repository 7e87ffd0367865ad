from odoo import fields, models


class TakeOver(models.TransientModel):
    """Take over contracts signed elsewhere or before the rules, with their document."""

    _name = "souverainete.take.over"
    _description = "Take over a contract already signed"

    requisition_ids = fields.Many2many(
        "purchase.requisition",
        string="Contracts",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    document = fields.Binary(
        required=True, attachment=False, help="What proves that it was signed."
    )
    filename = fields.Char()
    reason = fields.Text(
        required=True, help="Where and when it was signed, and why it is taken over."
    )

    def action_take_over(self):
        """Put the drafts into `confirmed`, state `prior`: four eyes, journalled."""
        self.ensure_one()
        self.requisition_ids._take_over(self._create_document(), self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _create_document(self):
        first = self.requisition_ids[:1]
        return self.env["ir.attachment"].create(
            {
                "name": self.filename or self.env._("Contract"),
                "datas": self.document,
                "res_model": first._name,
                "res_id": first.id,
            }
        )
