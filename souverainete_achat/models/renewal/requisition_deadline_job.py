from odoo import api, fields, models

from .dates import move
from .requisition_duration import EXTENDED

_BATCH = 500
_ACTIVITY = "mail.mail_activity_data_todo"


class PurchaseRequisition(models.Model):
    """Every day: refresh the deadlines, open the reviews, tell who has to act."""

    _inherit = "purchase.requisition"

    deadline_day = fields.Date(
        string="Deadlines refreshed on",
        copy=False,
        help="Day of the last refresh: an interrupted job goes on from there.",
    )
    deadline_told = fields.Date(
        string="Buyer told of",
        copy=False,
        help="The next decision its buyer was already told of.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"deadline_day", "deadline_told"}

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

    # === REVIEWS === #

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

    # === ACTIVITIES === #

    def _tell_buyers(self, today):
        """Tell each buyer once that a renewal is to be prepared, at its lead time."""
        due = self.filtered(
            lambda file: (
                file.deadline_state == "due"
                and file.date_period_end == file._get_last_end()
                and file.deadline_told != file.date_next_decision
            )
        )
        read = self.with_context(lang=due.user_id[:1].lang)
        due._create_activities(
            read.env._("Prepare the renewal"),
            [(file, file.user_id, today) for file in due],
        )
        for file in due:
            file._write_server({"deadline_told": file.date_next_decision})

    @api.model
    def _create_activities(self, summary, planned):
        """One to-do for each (record, user, day), at once; none without a user. No
        message is sent: the list of what is to be done shows them."""
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
                    "summary": summary,
                    "user_id": user.id,
                }
                for record, user, day in planned
                if user
            ]
        )
