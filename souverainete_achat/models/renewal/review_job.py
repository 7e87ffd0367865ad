from odoo import api, models

from .dates import move

_BATCH = 500


class Review(models.Model):
    """Opening, escalating and closing reviews: what the calendar does by itself."""

    _inherit = "souverainete.review"

    @api.model
    def _open(self, vals_list):
        """Open reviews and tell the buyers."""
        reviews = self._create_server(vals_list)
        read = self.with_context(lang=reviews.user_id[:1].lang)
        self.env["purchase.requisition"]._create_activities(
            read.env._("Continue, stop or leave: answer before the notice"),
            [(review, review.user_id, review.date_due) for review in reviews],
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
        read = self.with_context(lang=officers[:1].lang)
        self.env["purchase.requisition"]._create_activities(
            read.env._("Unanswered: an extension is about to happen"),
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
