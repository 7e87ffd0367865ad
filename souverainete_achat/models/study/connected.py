from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class Connected(models.AbstractModel):
    """A need that a mutualised solution may meet: the connection is asked for here, and
    the need counts as met once the operator confirmed it."""

    _name = "souverainete.connected"
    _description = "Need that waits for a connection"
    _inherit = ["souverainete.guarded"]

    connection_ids = fields.One2many(
        "souverainete.connection",
        "requisition_id",
        string="Connections",
        copy=False,
        help="Connections to mutualised solutions asked of their operators.",
    )
    connection_state = fields.Selection(
        [
            ("requested", "Waiting for connection"),
            ("confirmed", "Connected"),
            ("refused", "Connection refused"),
            ("withdrawn", "Connection withdrawn"),
        ],
        string="Connection",
        compute="_compute_connection_state",
        store=True,
        guard="server",
        help="Where the last connection asked for stands.",
    )
    connection_by_hand = fields.Boolean(
        compute="_compute_connection_by_hand",
        help="No e-mail address of the operator is known: it is asked on its page.",
    )

    @api.depends("connection_ids.state")
    def _compute_connection_state(self):
        for file in self:
            file.connection_state = file.sudo().connection_ids[:1].state

    @api.depends("connection_state", "connection_ids.contact")
    def _compute_connection_by_hand(self):
        for file in self:
            waiting = file.connection_state == "requested"
            last = waiting and file.sudo().connection_ids[:1]
            file.connection_by_hand = waiting and not last._get_address()

    # === ASKING === #

    def _get_reminder_day(self):
        company = self.company_id
        today = company._souverainete_today()
        limits = self.env["souverainete.time.limit"]
        return today + limits._get("connection", company, today)._get_period()

    def _request_connection(self, option, vals):
        """Ask the operator of this mutualised option for its connection.

        `vals`: contact, eligibility, message, date_wished.
        :return: the `souverainete.connection` made
        """
        self.ensure_one()
        self.check_access("write")
        self._check_closable()
        self._check_connectable(option)
        connection = self._make_connection(
            option, {**vals, "reminder_on": self._get_reminder_day()}
        )
        connection.sudo()._ask_operator()
        return connection

    def _check_connectable(self, option):
        awaited = self.connection_ids.filtered(lambda c: c.state == "requested")
        if awaited:
            raise UserError(
                self.env._(
                    "%(solution)s: its operator was already asked. Record its answer, "
                    "or withdraw the request first.",
                    solution=awaited[0].option_id.name,
                )
            )
        if option.requisition_id != self or not option._meets_need():
            raise UserError(
                self.env._(
                    "Retain the mutualised solution that fits this need first: its "
                    "connection is then asked for."
                )
            )

    def _make_connection(self, option, vals):
        """A connection, asked for by this user now; its file is told."""
        connection = (
            self.env["souverainete.connection"]
            .sudo()
            ._create_server(
                [
                    {
                        "requisition_id": self.id,
                        "option_id": option.id,
                        "operator_id": option.solution_id.operator_id.id,
                        "asked_by_id": self.env.uid,
                        "asked_on": fields.Datetime.now(),
                        **vals,
                    }
                ]
            )
            .with_env(self.env)
        )
        self._record_act(
            "connection", connection._prepare_payload(), connection._get_summary()
        )
        return connection

    # === ANSWERED === #

    def _confirm_connection(self, connection, vals):
        """The operator confirmed: the need is met. `vals`: when, who, what."""
        connection._settle({"state": "confirmed", **vals})
        self._close_need(
            "mutualised", connection._get_outcome_reason(), connection.option_id
        )

    def _refuse_connection(self, connection, vals):
        """The operator refused: the solution is set aside, and the road reopens. What
        left with a consultation stays as it left."""
        connection._settle({"state": "refused", **vals})
        if not self._is_held():
            connection.option_id.write(
                {
                    "verdict": "rejected",
                    "assessment": "unavailable",
                    "reason_code": "eligibility",
                    "reason": self.env._(
                        "Refused by the operator (%(who)s, %(day)s): %(answer)s",
                        who=connection.respondent,
                        day=format_date(self.env, connection.answered_on),
                        answer=connection.answer,
                    ),
                }
            )
        self._refresh_compliance()

    def _is_connected(self, option):
        """Whether the connection to this solution was confirmed by its operator."""
        return any(
            c.option_id == option and c.state == "confirmed"
            for c in self.connection_ids
        )

    def _withdraw_connections(self):
        awaited = self.connection_ids.filtered(lambda c: c.state == "requested")
        awaited._settle({"state": "withdrawn"})

    def action_open_connections(self):
        return self._open_list("connection_action")
