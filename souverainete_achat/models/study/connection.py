from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ..base.opening import open_dialog

_TOLD = "connection"


class Connection(models.Model):
    """The connection to a mutualised solution, asked of its operator for one need.

    The need is met once the operator's confirmation is recorded: when, by whom, and
    what says so. A refusal reopens the road. It is written by acts, and kept.
    """

    _name = "souverainete.connection"
    _inherit = ["souverainete.evidence", "mail.thread"]
    _description = "Connection to a mutualised solution"
    _order = "id desc"
    _rec_name = "option_id"
    _mail_post_access = "read"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="restrict",
        help="The purchase file whose need the solution would meet.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True
    )
    option_id = fields.Many2one(
        "souverainete.option",
        string="Solution",
        required=True,
        index=True,
        ondelete="restrict",
        help="The mutualised option that meets the need.",
    )
    operator_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        help="The administration that runs the solution.",
    )
    contact = fields.Char(
        string="Whom to ask", help="Address, form or team that opens the access."
    )
    eligibility = fields.Selection(
        [
            ("eligible", "Open to this administration"),
            ("unknown", "To be confirmed by the operator"),
        ],
        required=True,
        default="unknown",
        help="Whether the operator opens the solution to such an administration.",
    )
    message = fields.Text(
        string="What the operator is told", help="For what effect, and for how many."
    )
    date_wished = fields.Date(
        string="Wished for", help="Day on which the connection should work."
    )
    state = fields.Selection(
        [
            ("requested", "Waiting for the operator"),
            ("confirmed", "Connected"),
            ("refused", "Refused by the operator"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="requested",
        tracking=True,
    )
    asked_by_id = fields.Many2one("res.users", string="Asked by", required=True)
    asked_on = fields.Datetime(required=True, help="Server time.")
    reminder_on = fields.Date(
        string="To be reminded on",
        help="Day from which an operator that did not answer is asked again.",
    )
    answered_on = fields.Date(help="Day on which the operator answered.")
    respondent = fields.Char(
        string="Answered by", help="Who answered for the operator."
    )
    answer = fields.Text(help="What was answered, and where that is kept.")
    document = fields.Binary(
        attachment=True, help="The message or the convention that says so."
    )
    document_name = fields.Char()
    recorded_by_id = fields.Many2one("res.users", string="Answer recorded by")

    @api.model
    def _get_kept_documents(self, documents):
        """The operator's answer is evidence."""
        return documents.filtered(lambda d: d.res_field == "document")

    # === ASKING === #

    def _get_address(self):
        """Where the operator is written to; empty where its contact is no address."""
        return email_normalize(self.contact) or ""

    def _ask_operator(self):
        """Write to the operator where its contact is an address, and remember to."""
        self.ensure_one()
        template = self.env.ref(
            "souverainete_achat.connection_mail_template", raise_if_not_found=False
        )
        if template and (address := self._get_address()):
            template.sudo().send_mail(self.id, email_values={"email_to": address})
        self._plan_reminder()

    def _plan_reminder(self):
        """A to-do of who asked, on the day from which no answer is too long."""
        self.env["mail.activity"]._tell(
            self.requisition_id,
            f"{_TOLD}-{self.id}",
            self.requisition_id._get_told_user(),
            lambda need: need.env._("The operator has not answered: remind it"),
            date_deadline=self.reminder_on,
        )

    def action_remind(self):
        """Ask the operator again, and wait as long again."""
        self.check_access("read")
        self.ensure_one()
        self.requisition_id.check_access("write")
        self._check_awaited()
        reminder = self.requisition_id._get_reminder_day()
        self.sudo()._write_server({"reminder_on": reminder})
        self.env["mail.activity"]._untell(self.requisition_id, f"{_TOLD}-{self.id}")
        self.sudo()._ask_operator()

    # === ANSWERED === #

    def _check_awaited(self):
        if self.filtered(lambda c: c.state != "requested"):
            raise UserError(self.env._("The operator already answered."))

    def action_answer(self):
        """Record what the operator answered."""
        self.check_access("read")
        self.ensure_one()
        self._check_awaited()
        return open_dialog(
            self.env["souverainete.connection.answer"],
            self.env._("The operator's answer"),
            default_connection_id=self.id,
        )

    def action_withdraw(self):
        """The connection is no longer asked for."""
        self.check_access("read")
        self.requisition_id.check_access("write")
        self._check_awaited()
        self._settle({"state": "withdrawn"})

    def _settle(self, vals):
        """Write how the request ended, and leave nothing to do."""
        for connection in self:
            connection.sudo()._write_server({"recorded_by_id": self.env.uid, **vals})
            need = connection.requisition_id
            self.env["mail.activity"]._untell(need, f"{_TOLD}-{connection.id}")
            need._journal(
                "connection", connection._prepare_payload(), connection._get_summary()
            )

    def _prepare_payload(self):
        return {
            "option_id": self.option_id.id,
            "name": self.option_id.name,
            "operator": self.operator_id.name or "",
            "state": self.state,
            "answered_on": fields.Date.to_string(self.answered_on) or "",
            "respondent": self.respondent or "",
            "answer": self.answer or "",
        }

    def _get_summary(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Connection to %(solution)s: %(state)s.",
            solution=self.option_id.name,
            state=states[self.state],
        )

    def _get_outcome_reason(self):
        return self.env._(
            "Connected to %(solution)s, as confirmed by %(who)s on %(day)s: %(answer)s",
            solution=self.option_id.name,
            who=self.respondent,
            day=format_date(self.env, self.answered_on),
            answer=self.answer,
        )
