from odoo import models
from odoo.tools.misc import format_date

from .sensitivity import QUESTIONS


class DataTest(models.Model):
    """What the test proves now, and what the journal of its file keeps of it."""

    _inherit = "souverainete.data.test"

    # === WHAT IT PROVES === #

    def _get_standing(self):
        """`draft`, `answered` or `signed`, as the file stands now."""
        if self._is_signed():
            return "signed"
        return "answered" if self._is_answered() else "draft"

    def _get_note(self):
        """Who was asked, answered and signed, in one line."""
        standing = self._get_standing()
        if standing == "draft":
            return self.env._(
                "%(owner)s was asked on %(day)s.",
                owner=self.owner_id.name,
                day=format_date(self.env, self.asked_on),
            )
        note = self.env._(
            "Answered by %(owner)s on %(day)s.",
            owner=self.owner_id.name,
            day=format_date(self.env, self._get_answered_on()),
        )
        if standing == "answered":
            return note
        return self.env._(
            "%(answered)s Signed by %(officer)s on %(day)s.",
            answered=note,
            officer=self.signed_by_id.name,
            day=format_date(self.env, self.signed_on),
        )

    def _get_answered_on(self):
        return max(self[f"{name}_on"] for name in QUESTIONS)

    def _is_answered(self):
        """Whether the data owner of the file gave the very answers that stand on it."""
        need = self.sudo().requisition_id
        same = all(self[name] == need[name] for name in QUESTIONS)
        return self.state != "draft" and self.owner_id == need.data_owner_id and same

    def _is_signed(self):
        """Whether an officer who still is neither owner nor buyer signed them."""
        allowed = self.signed_by_id not in self._get_parties()
        return self.state == "signed" and self._is_answered() and allowed

    def _get_parties(self):
        """Who asks for the purchase, or answers for its data: they never sign."""
        test = self.sudo()
        askers = test.requisition_id._get_scope_requesters() | test.asked_by_id
        return askers | test.owner_id

    # === JOURNAL === #

    def _record(self, summary):
        """Journal the test on its file, as it is now."""
        for test in self.sudo():
            file = test.requisition_id
            file._journal("data_test", test._prepare_entry(), summary=summary)
            file._touch_evidence()

    def _prepare_entry(self):
        self.ensure_one()
        return {
            "state": self.state,
            "sensitivity": self._get_data_sensitivity(),
            "owner": self.owner_id.name,
            "signed_by": self.signed_by_id.name or "",
            "answers": {name: self[name] for name in QUESTIONS},
            "reasons": self._get_reasons(),
        }

    def _get_reasons(self):
        return {name: self[f"{name}_reason"] or "" for name in QUESTIONS}
