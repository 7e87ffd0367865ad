from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from .dates import move

_OPEN = ("open", "escalated")

_BATCH = 500


class Review(models.Model):
    """The examination of a contract before one of its extensions.

    Opened by the system in time for the notice, answered by the buyer, and kept: that
    nobody answered is shown too.
    """

    _name = "souverainete.review"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Examination before an extension"
    _order = "date_due, id"
    _period_uniq = models.Constraint(
        "UNIQUE (requisition_id, period_end)",
        "An extension is examined once.",
    )

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        guard="server",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        guard="server",
    )
    user_id = fields.Many2one(related="requisition_id.user_id", string="Buyer")
    vendor_id = fields.Many2one(related="requisition_id.vendor_id")
    reconduction_kind = fields.Selection(related="requisition_id.reconduction_kind")
    period_end = fields.Date(
        string="End of the period",
        required=True,
        help="Last day of the period: the extension examined starts the day after.",
        guard="server",
    )
    date_notice = fields.Date(
        string="Notice until",
        required=True,
        help="Last day on which the extension can be stopped, or decided.",
        guard="server",
    )
    date_due = fields.Date(
        string="Answer due on",
        required=True,
        help="The day before the notice ends.",
        guard="server",
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
        guard="server",
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
    answered_by_id = fields.Many2one("res.users", string="Answered by", guard="server")
    answered_on = fields.Datetime(string="Answered on", guard="server")
    escalated_on = fields.Date(string="Escalated on", guard="server")

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
        self.check_access("read")
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
        if not all(self.browse()._is_granted("create", vals) for vals in vals_list):
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

    # === ANSWER === #
    # What goes on is judged again; what ends never is.

    def action_answer(self):
        """Record the answer. Leaving opens the renewal that prepares it."""
        self.check_access("read")
        for review in self:
            review.check_access("write")
            review._check_answerable()
            review._record_answer()
        leaving = self.filtered(lambda review: review.answer == "leave")
        return leaving.requisition_id.action_renew() if len(leaving) == 1 else True

    def _check_answerable(self):
        if not self._is_open():
            raise UserError(self.env._("This examination is over: refresh the page."))
        if not self.answer:
            raise UserError(self.env._("Choose to continue, stop or leave."))
        if self.answer != "continue":
            return
        if not (self.reason or "").strip():
            raise UserError(
                self.env._("Give the reason to continue, for those who read it later.")
            )
        self._check_goes_on()

    def _check_goes_on(self):
        """A contract that no longer meets the rules is not extended. One signed before
        them is not asked them by an extension it already provided for."""
        file = self.requisition_id
        if not file.is_prior:
            file._raise_if_blocked(
                {file: file._as_extended()._findings()},
                self.env._("continuing with an extension"),
            )

    def _record_answer(self):
        file = self.requisition_id.sudo()
        self.sudo()._write_server(
            {
                "state": "answered",
                "answered_by_id": self.env.uid,
                "answered_on": fields.Datetime.now(),
            }
        )
        if self.answer != "continue":
            file._end_with(self.period_end)
        # Not `_record_act`: an answer alone says nothing of what the file lacks.
        file._touch_evidence()
        self._record_event()
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        file._refresh_deadlines()

    def _record_event(self):
        """Journal on the file what became of this extension."""
        states = dict(self._fields["state"]._description_selection(self.env))
        answers = dict(self._fields["answer"]._description_selection(self.env))
        for review in self:
            answered = review.state == "answered"
            label = answers[review.answer] if answered else states[review.state]
            review.requisition_id._journal(
                "review",
                review._prepare_entry(),
                self.env._("Examination before an extension: %(said)s.", said=label),
            )

    def _prepare_entry(self):
        return {
            "id": self.id,
            "period_end": fields.Date.to_string(self.period_end),
            "date_due": fields.Date.to_string(self.date_due),
            "state": self.state,
            "answer": self.answer or "",
            "reason": self.reason or "",
        }

    # === JOB === #
    # Opening, escalating and closing reviews: what the calendar does by itself.

    @api.model
    def _open(self, vals_list):
        """Open reviews and tell the buyers, or the officers where there is none."""
        reviews = self._create_server(vals_list)
        self.env["purchase.requisition"]._create_activities(
            lambda env: env._("Continue, stop or leave: answer before the notice"),
            [
                (review, user, review.date_due)
                for review in reviews
                for user in review.requisition_id._get_told_users()
            ],
        )
        return reviews

    @api.model
    def _cron_reviews(self):
        """Escalate and close what nobody answered, in batches; each review leaves the
        list when it is done, so that an interrupted job goes on from there."""
        cron = self.env["ir.cron"]
        last, domain = 0, [("state", "in", ("open", "escalated"))]
        cron._commit_progress(remaining=self.search_count(domain))
        while reviews := self.search(
            [*domain, ("id", ">", last)], order="id", limit=_BATCH
        ):
            last = reviews[-1].id
            reviews._follow()
            if not cron._commit_progress(len(reviews)):
                break

    def _follow(self):
        """Close the reviews whose file ended otherwise, or whose period is over; tell
        the officers of those left unanswered."""
        void = self.filtered(lambda review: review._is_void())
        over = (self - void).filtered(lambda r: r.period_end < r._get_today())
        void._close("void")
        over._close("missed")
        late = (self - void - over).filtered(lambda r: r.state == "open")
        late.filtered(lambda review: review._is_late())._escalate()

    def _get_today(self):
        return self.company_id._souverainete_today()

    def _is_late(self):
        """Whether it is time for the officers to know."""
        today = self._get_today()
        ahead = self.requisition_id._find_period("review_escalation", today)
        return today >= (move(self.date_due, -ahead) if ahead else self.date_due)

    def _close(self, state):
        """Nothing is left to answer; that nobody did is shown for ever."""
        self._write_server({"state": state})
        self._record_event()
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self.requisition_id._refresh_deadlines()

    def _escalate(self):
        for review in self:
            today = review._get_today()
            review._write_server({"state": "escalated", "escalated_on": today})
        self._record_event()
        officers = self._get_officers()
        self.env["purchase.requisition"]._create_activities(
            lambda env: env._("Unanswered: an extension is about to happen"),
            [
                (review, officer, review.date_due)
                for review in self
                for officer in officers.filtered(
                    lambda user, r=review: r.company_id in user.company_ids
                )
            ],
        )

    @api.model
    def _get_officers(self):
        group = self.env.ref("souverainete_achat.group_officer")
        return group.sudo().all_user_ids
