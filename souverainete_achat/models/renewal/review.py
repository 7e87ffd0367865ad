from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

_OPEN = ("open", "escalated")


class Review(models.Model):
    """The examination of a contract before one of its extensions.

    Opened by the system in time for the notice, answered by the buyer, and kept: that
    nobody answered is shown too.
    """

    _name = "souverainete.review"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Examination before an extension"
    _order = "date_due, id"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", string="Ministry", store=True, index=True
    )
    user_id = fields.Many2one(related="requisition_id.user_id", string="Buyer")
    vendor_id = fields.Many2one(related="requisition_id.vendor_id")
    reconduction_kind = fields.Selection(related="requisition_id.reconduction_kind")
    period_end = fields.Date(
        string="End of the period",
        required=True,
        help="Last day of the period: the extension examined starts the day after.",
    )
    date_notice = fields.Date(
        string="Notice until",
        required=True,
        help="Last day on which the extension can be stopped, or decided.",
    )
    date_due = fields.Date(
        string="Answer due on", required=True, help="The day before the notice ends."
    )
    state = fields.Selection(
        [
            ("open", "To answer"),
            ("escalated", "Escalated"),
            ("answered", "Answered"),
            ("missed", "Not answered in time"),
            ("void", "No longer needed"),
        ],
        required=True,
        default="open",
        index=True,
        tracking=True,
        help="Escalated: left unanswered, the compliance officers were told. Not "
        "answered in time: the period ended; a tacit extension then happened without "
        "anybody having decided it. No longer needed: the agreement ended before.",
    )
    answer = fields.Selection(
        [
            ("continue", "Continue"),
            ("stop", "Stop at the end of the period"),
            ("leave", "Leave for another solution"),
        ],
        tracking=True,
        help="Continue: the extension happens; refused where the contract no longer "
        "meets the rules. Stop, leave: the contract ends with the period; leaving "
        "prepares its renewal.",
    )
    reason = fields.Text(
        help="Why, in a few sentences a third party understands. Needed to continue."
    )
    answered_by_id = fields.Many2one("res.users", string="Answered by")
    answered_on = fields.Datetime(string="Answered on")
    escalated_on = fields.Date(string="Escalated on")

    _period_uniq = models.Constraint(
        "UNIQUE (requisition_id, period_end)",
        "An extension is examined once.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "requisition_id",
            "company_id",
            "period_end",
            "date_notice",
            "date_due",
            "state",
            "answered_by_id",
            "answered_on",
            "escalated_on",
        }

    @api.depends("requisition_id", "period_end")
    def _compute_display_name(self):
        for review in self:
            review.display_name = self.env._(
                "%(file)s, extension after %(day)s",
                file=review.requisition_id.display_name,
                day=format_date(self.env, review.period_end),
            )

    def action_open(self):
        """Open it from the list of its agreement."""
        return self.get_formview_action()

    def _is_open(self):
        return self.state in _OPEN

    def _goes_on(self):
        """Whether the extension was decided."""
        return self.state == "answered" and self.answer == "continue"

    def _is_void(self):
        """Whether the agreement ended, or will end, without this extension."""
        file = self.requisition_id
        return file.state != "confirmed" or self.period_end >= (
            file._get_last_end() or self.period_end
        )

    # === EVIDENCE === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_server():
            raise AccessError(
                self.env._("Examinations are opened by the system, in time.")
            )
        return super().create(vals_list)

    def write(self, vals):
        answer = {"answer", "reason"} & set(vals)
        if answer and not all(review._is_open() for review in self):
            raise UserError(
                self.env._(
                    "This examination is over: what was answered, or was not, stays."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An examination is evidence and is never deleted."))
