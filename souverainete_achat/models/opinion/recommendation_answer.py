from odoo import fields, models
from odoo.exceptions import UserError

_ANSWER = frozenset(
    {"answer", "reason", "user_id", "date_due", "evidence", "document_ids"}
)
_ACTIVITY = "mail.mail_activity_data_todo"


class Recommendation(models.Model):
    """Answering: dated, journalled on the project's files, and told to who does it."""

    _inherit = "souverainete.recommendation"

    def write(self, vals):
        if self._is_server() or not _ANSWER & set(vals):
            return super().write(vals)
        self._check_answerable(vals)
        before = {record: record.sudo().document_ids for record in self}
        res = super().write(vals)
        for record, documents in before.items():
            record._file_documents(record.sudo().document_ids - documents)
            record._record_answer()
        return res

    def _check_answerable(self, vals):
        opinions = self.sudo().opinion_id
        if opinions.filtered(lambda o: not o.confirmer_id):
            raise UserError(
                self.env._(
                    "The DINUM's letter awaits its confirmation: its recommendations "
                    "are answered after that."
                )
            )
        if "reason" in vals and self.departure_id:
            raise UserError(
                self.env._(
                    "The reason was given by who decided, and is no longer rewritten."
                )
            )

    def _file_documents(self, added):
        """Only what one may read is joined; what was loose is filed here, so that the
        others of the ministry read it too."""
        added.with_user(self.env.user).check_access("read")
        loose = added.filtered(lambda document: not document.res_id)
        loose.sudo().write({"res_model": self._name, "res_id": self.id})

    # === EVIDENCE === #

    def _record_answer(self):
        self._write_server(
            {"answered_by_id": self.env.uid, "answered_on": fields.Datetime.now()}
        )
        files = self.sudo().project_id._get_judged_files()
        files._touch_evidence()
        files._journal(
            "recommendation", self._prepare_entry(), summary=self._get_summary()
        )
        files._refresh_compliance()
        self._plan_activity()

    def _get_summary(self):
        answers = dict(self._fields["answer"]._description_selection(self.env))
        return self.env._(
            "Recommendation %(number)s of the DINUM: %(answer)s.",
            number=self.number,
            answer=answers.get(self.answer, self.env._("no answer")),
        )

    def _prepare_entry(self):
        documents = self.sudo().document_ids
        return {
            "opinion": self.opinion_id.id,
            "number": self.number,
            "text": self.text,
            "answer": self.answer or "",
            "reason": self.reason or "",
            "responsible": self.user_id.name or "",
            "due": fields.Date.to_string(self.date_due) or "",
            "evidence": self.evidence or "",
            "documents": {doc.name: doc.checksum for doc in documents},
        }

    # === ACTIVITY === #

    def _plan_activity(self):
        """One activity for who does it, at its date; none once it is settled."""
        self.sudo().activity_unlink([_ACTIVITY])
        if self.answer == "to_do":
            self.sudo().activity_schedule(
                _ACTIVITY,
                date_deadline=self.date_due,
                summary=self.env._("Recommendation of the DINUM"),
                user_id=self.user_id.id,
            )
