from odoo import api, fields, models
from odoo.fields import Command

from .dates import add_days, add_months, get_end, move, shift_end

STATES = [
    ("unknown", "End to complete"),
    ("upcoming", "Decision to come"),
    ("due", "Decision due"),
    ("prepared", "Renewal under way"),
    ("ended", "Ended"),
]

# Only what is decided one period at a time has periods to examine.
EXTENDED = ("tacit", "express")

_BATCH = 500

_ACTIVITY = "mail.mail_activity_data_todo"


class Deadline(models.AbstractModel):
    """What falls due on a running agreement, and when it has to be decided.

    Written by the server, on each change and every night: it depends on the day.
    """

    _name = "souverainete.deadline"
    _inherit = ["souverainete.guarded"]
    _description = "Agreement with deadlines"

    date_firm_end = fields.Date(
        string="End of the firm period",
        copy=False,
        help="Last day before any extension.",
        guard="server",
    )
    date_period_end = fields.Date(
        string="End of the period",
        copy=False,
        help="Last day of the current period: the extension that follows it is to be "
        "decided, or nothing follows it.",
        guard="server",
    )
    date_next_decision = fields.Date(
        string="Next decision",
        copy=False,
        index="btree_not_null",
        help="Before an extension: the day before the last one on which notice can be "
        "given. Otherwise the day to start preparing the renewal: the end, less the "
        "dated time limit of the ministry.",
        guard="server",
    )
    deadline_state = fields.Selection(
        STATES,
        string="Deadline",
        copy=False,
        index="btree_not_null",
        help="Where the next decision on this running agreement stands today.",
        guard="server",
    )
    deadline_day = fields.Date(
        string="Deadlines refreshed on",
        copy=False,
        help="Day of the last refresh: an interrupted job goes on from there.",
        guard="server",
    )
    deadline_told = fields.Date(
        string="Buyer told of",
        copy=False,
        help="The next decision its buyer was already told of.",
        guard="server",
    )

    # === WHAT FALLS DUE === #

    def _refresh_deadlines(self):
        """Write what falls due on these files; constant queries, only what changed."""
        files = self.sudo().filtered(lambda f: f._has_deadline() or f.deadline_state)
        files.mapped("need_id.judged_option_ids.component_ids.partner_id")
        files.mapped("review_ids.state")
        for file in files:
            vals = file._prepare_deadline_vals()
            changed = {name: vals[name] for name in vals if file[name] != vals[name]}
            if "host_ids" in changed:
                changed["host_ids"] = [Command.set(changed["host_ids"].ids)]
            if changed:
                file._write_server(changed)

    def _has_deadline(self):
        """Whether this is a digital agreement that runs."""
        return (
            self.requisition_type == "blanket_order"
            and self.state == "confirmed"
            and self.scope_status != "out"
        )

    def _prepare_deadline_vals(self):
        names = ("date_firm_end", "date_period_end", "date_next_decision")
        vals = dict.fromkeys((*names, "deadline_state"), False)
        vals["host_ids"] = self.host_ids.browse()
        if not self._has_deadline():
            return vals
        vals["host_ids"] = self._get_hosts()
        if not (ends := self._get_period_ends()):
            return vals | {"deadline_state": "unknown"}
        today = self.company_id._souverainete_today()
        period_end = self._get_pending_end(ends, today)
        decision = self._get_decision_day(period_end, ends[-1], today)
        return vals | {
            "date_firm_end": ends[0],
            "date_period_end": period_end,
            "date_next_decision": decision,
            "deadline_state": self._get_deadline_state(ends[-1], decision, today),
        }

    def _get_pending_end(self, ends, today):
        """The end of period that is to be decided on; the last one when all are."""
        going_on = self.review_ids.filtered(lambda r: r._goes_on())
        decided = set(going_on.mapped("period_end"))
        pending = (end for end in ends[:-1] if end >= today and end not in decided)
        return next(pending, ends[-1])

    def _get_decision_day(self, period_end, last_end, today):
        if period_end != last_end:
            return add_days(self._get_notice_day(period_end), -1)
        lead = self._find_period(self._get_renewal_time_limit(today), today)
        return lead and move(last_end, -lead)

    def _get_notice_day(self, period_end):
        """Last day on which the extension can be stopped, or decided."""
        return add_months(period_end, -self.notice_months)

    def _get_deadline_state(self, end, decision, today):
        if end < today:
            return "ended"
        if self.renewal_ids.filtered(lambda file: file.state != "cancel"):
            return "prepared"
        return "due" if decision and decision <= today else "upcoming"

    def _get_renewal_time_limit(self, today):
        """A value that is not known is not below the threshold."""
        amount, known = self.need_id._get_value()
        below = known and self._is_below("formalised", amount)
        return "renewal_adapted" if below else "renewal_formalised"

    def _find_period(self, kind, today):
        """Period of a time limit; None where the ministry fixed none, which decides no
        day and stops no job."""
        time_limits = self.env["souverainete.time.limit"].sudo()
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id(kind, self.company_id.id, today)
        )
        return time_limit._get_period() if time_limit else None

    def _get_hosts(self):
        """Hosts of what was signed; a bid still confidential says nothing."""
        options = self._get_judged_options()
        open_options = options.filtered(lambda o: not o._is_confidential())
        chain = open_options.component_ids
        return chain.filtered(lambda c: c.role == "host").partner_id

    # === PERIODS === #
    # How long the agreement lasts, period by period.

    def _get_last_end(self):
        """Last day of the agreement, extensions included; False when not known."""
        if self.date_end or not (self.date_start and self.duration_months > 0):
            return self.date_end
        return get_end(self.date_start, self.duration_months)

    def _get_period_ends(self):
        """Last days of the firm period and of each extension; [] when not known."""
        end = self._get_last_end()
        if not end:
            return []
        base, start = self._get_base_end(end), self.date_start
        ends = [shift_end(base, -step, start) for step in self._get_steps()]
        return [*(day for day in ends if not start or day >= start), end]

    def _get_steps(self):
        """Months from the end of the firm period, and of each extension but the last,
        to the end of them all."""
        months = self.reconduction_months
        if self.reconduction_kind not in EXTENDED or not months:
            return []
        return [months * left for left in range(self.reconduction_count, 0, -1)]

    def _get_base_end(self, end):
        """The end before amendments put it off: extensions are counted from there."""
        signed = self.amendment_ids.filtered(lambda a: a._has_put_off())
        return min([end, *signed.mapped("date_end_before")])

    # === DAILY JOB === #
    # Refresh the deadlines, open the reviews, tell who has to act.

    @api.model
    def _get_deadline_domain(self):
        today = self.env.company._souverainete_today()
        return [
            ("requisition_type", "=", "blanket_order"),
            ("state", "=", "confirmed"),
            ("scope_status", "!=", "out"),
            "|",
            ("deadline_day", "=", False),
            ("deadline_day", "<", today),
        ]

    @api.model
    def _cron_deadlines(self):
        """Follow what runs, in batches; what a day's job did not reach comes first."""
        domain = self._get_deadline_domain()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while files := self.search(domain, order="deadline_day, id", limit=_BATCH):
            files._follow_deadlines()
            if not cron._commit_progress(len(files)):
                break

    def _follow_deadlines(self):
        today = self.env.company._souverainete_today()
        self._refresh_deadlines()
        self._open_reviews()
        self._tell_buyers(today)
        self._write_server({"deadline_day": today})

    def _open_reviews(self):
        """Open the review of each extension that is to be decided soon."""
        due = self.filtered(lambda file: file._is_review_due())
        reviews = self.env["souverainete.review"].sudo()
        return reviews._open([file._prepare_review_vals() for file in due])

    def _is_review_due(self):
        """Whether the next extension is near enough, and has no review yet."""
        running = self.deadline_state in ("upcoming", "due", "prepared")
        if not running or self.reconduction_kind not in EXTENDED:
            return False
        if self.date_period_end == self._get_last_end():
            return False
        today = self.company_id._souverainete_today()
        ahead = self._find_period("review_before_notice", today)
        notice = self._get_notice_day(self.date_period_end)
        near = ahead is None or today >= move(notice, -ahead)
        return near and self.date_period_end not in self.review_ids.mapped("period_end")

    def _prepare_review_vals(self):
        return {
            "requisition_id": self.id,
            "period_end": self.date_period_end,
            "date_notice": self._get_notice_day(self.date_period_end),
            "date_due": self.date_next_decision,
        }

    def _tell_buyers(self, today):
        """Tell each buyer once that a renewal is to be prepared, at its lead time."""
        due = self.filtered(
            lambda file: (
                file.deadline_state == "due"
                and file.date_period_end == file._get_last_end()
                and file.deadline_told != file.date_next_decision
            )
        )
        due._create_activities(
            lambda env: env._("Prepare the renewal"),
            [(file, user, today) for file in due for user in file._get_told_users()],
        )
        for file in due:
            file._write_server({"deadline_told": file.date_next_decision})

    @api.model
    def _create_activities(self, describe, planned):
        """One to-do for each (record, user, day), at once. No message is sent: the list
        of what is to be done shows them. `describe`: the summary, from the environment
        of who reads it."""
        model = self.env["ir.model"]._get
        todo = self.env.ref(_ACTIVITY)
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.sudo().create(
            [
                {
                    "activity_type_id": todo.id,
                    "automated": True,
                    "date_deadline": day,
                    "res_id": record.id,
                    "res_model_id": model(record._name).id,
                    "summary": describe(record.with_context(lang=user.lang).env),
                    "user_id": user.id,
                }
                for record, user, day in planned
            ]
        )
