from odoo import api, fields, models
from odoo.tools import email_normalize


class ConnectionRequest(models.TransientModel):
    """What the operator of a mutualised solution is asked: for whom, by when."""

    _name = "souverainete.connection.request"
    _description = "Ask for a connection"

    option_id = fields.Many2one(
        "souverainete.option", string="Solution", required=True, ondelete="cascade"
    )
    operator_id = fields.Many2one(related="option_id.solution_id.operator_id")
    url = fields.Char(related="option_id.solution_id.url")
    contact = fields.Char(
        compute="_compute_contact",
        store=True,
        readonly=False,
        string="Whom to ask",
        help="Address, form or team that opens the access. An e-mail address is "
        "written to at once.",
    )
    by_hand = fields.Boolean(
        compute="_compute_by_hand",
        help="No message can leave: what is given is not an e-mail address.",
    )
    eligibility = fields.Selection(
        selection=lambda self: (
            self.env["souverainete.connection"]
            ._fields["eligibility"]
            ._description_selection(self.env)
        ),
        required=True,
        default="unknown",
        help="Whether the operator opens the solution to such an administration.",
    )
    message = fields.Text(
        compute="_compute_message",
        store=True,
        readonly=False,
        string="What the operator is told",
        help="For what effect, and for how many.",
    )
    date_wished = fields.Date(
        string="Wished for", help="Day on which the connection should work."
    )

    @api.depends("option_id")
    def _compute_contact(self):
        for request in self:
            solution = request.option_id.solution_id
            request.contact = solution.contact or solution.operator_id.email

    @api.depends("contact")
    def _compute_by_hand(self):
        for request in self:
            request.by_hand = not email_normalize(request.contact)

    @api.depends("option_id")
    def _compute_message(self):
        for request in self:
            request.message = request.option_id.requisition_id.need_effect

    def action_request(self):
        """Ask for the connection, and show the file that waits for it."""
        self.check_access("read")
        self.ensure_one()
        need = self.option_id.requisition_id
        self.option_id._retain()
        need._request_connection(
            self.option_id,
            {
                name: self[name]
                for name in ("contact", "eligibility", "message", "date_wished")
            },
        )
        return {"type": "ir.actions.act_window_close"}
