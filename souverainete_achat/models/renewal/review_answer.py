from odoo import fields, models
from odoo.exceptions import UserError


class Review(models.Model):
    """The answer: what goes on is judged again; what ends never is."""

    _inherit = "souverainete.review"

    def action_answer(self):
        """Record the answer. Leaving opens the renewal that prepares it."""
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


class PurchaseRequisition(models.Model):
    _inherit = "purchase.requisition"

    review_ids = fields.One2many(
        "souverainete.review",
        "requisition_id",
        string="Examinations",
        help="One for each extension of the agreement, opened in time for its notice.",
    )

    def _end_with(self, day):
        """End the agreement with one of its periods, for good: going on after all
        would be an amendment."""
        ends = self._get_period_ends()
        day = min([day, *ends[-1:]])
        judged = dict(self.gate_envelope or {})
        if "end" in judged:
            limits = judged | {"end": fields.Date.to_string(day)}
            self._write_server({"gate_envelope": limits})
        number = sum(end < day for end in ends)
        self.write({"date_end": day, "reconduction_count": number})
