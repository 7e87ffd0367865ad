from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .data_test import CONTENT
from .sensitivity import QUESTIONS, get_open_questions


class DataTest(models.Model):
    """The data owner answers: who and when is written by the server."""

    _inherit = "souverainete.data.test"

    is_owner = fields.Boolean(
        compute="_compute_is_owner",
        help="Whether you are the data owner, who alone answers.",
    )
    is_open = fields.Boolean(
        compute="_compute_is_open",
        help="Whether the answers may still change: not once the file was launched.",
    )

    @api.depends("owner_id")
    @api.depends_context("uid")
    def _compute_is_owner(self):
        for test in self:
            test.is_owner = test.owner_id == self.env.user

    @api.depends("requisition_id.date_launch", "requisition_id.gate_state")
    def _compute_is_open(self):
        for test in self:
            test.is_open = not test.sudo().requisition_id._is_held()

    # === ANSWERS === #

    def write(self, vals):
        if self._is_server() or not CONTENT & set(vals):
            return super().write(vals)
        self._check_answerable()
        before = {test: test._get_content() for test in self}
        result = super().write(vals)
        for test in self:
            test._stamp(before[test])
        return result

    def _get_content(self):
        return {name: (self[name], self[f"{name}_reason"]) for name in QUESTIONS}

    def _check_answerable(self):
        for test in self:
            if test.owner_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "Only the data owner, %(owner)s, answers this test.",
                        owner=test.owner_id.name,
                    )
                )
            if not test.is_open:
                raise UserError(
                    self.env._(
                        "%(name)s was launched: the answers on its data left with the "
                        "consultation and are frozen.",
                        name=test.display_name,
                    )
                )

    def _stamp(self, before):
        """Each answer that changed is signed by who gave it; the rest is undone."""
        now = self._get_content()
        changed = [name for name in QUESTIONS if now[name] != before[name]]
        vals = {}
        for name in changed:
            vals |= {f"{name}_by_id": self.env.uid, f"{name}_on": fields.Datetime.now()}
        if vals:
            self.sudo()._write_server(vals)
            self._reopen()

    def action_answer(self):
        """State that these are the data owner's answers: the file takes them."""
        self.ensure_one()
        self._check_answerable()
        self._check_complete()
        test = self.sudo()
        test._sign_unchanged_answers()
        test._write_server(
            {"state": "answered", "signed_by_id": False, "signed_on": False}
        )
        test.requisition_id.write({name: test[name] for name in QUESTIONS})
        test._record(self.env._("The data owner answered the guided test."))
        test._close_activities()
        test._ask_officer()
        return True

    def _sign_unchanged_answers(self):
        """What the buyer proposed and the owner kept is the owner's answer too."""
        for name in QUESTIONS:
            if self[f"{name}_by_id"] != self.env.user:
                self._write_server(
                    {
                        f"{name}_by_id": self.env.uid,
                        f"{name}_on": fields.Datetime.now(),
                    }
                )

    def _check_complete(self):
        answers = [self[name] for name in QUESTIONS]
        unanswered = get_open_questions(*answers)
        unexplained = [
            f"{name}_reason"
            for name in QUESTIONS
            if self[name] != "unknown" and not (self[f"{name}_reason"] or "").strip()
        ]
        if not unanswered and not unexplained:
            return
        names = [*unanswered, *unexplained]
        labels = self.fields_get(names, ["string"])
        raise UserError(
            self.env._(
                "Still to be filled in: %(fields)s. Each question that counts is "
                "answered by yes or no, and each answer has its reason.",
                fields=", ".join(labels[name]["string"] for name in names),
            )
        )

    # === WHAT VOIDS IT === #

    def _reopen(self):
        """Something changed: the test is to be answered, and signed, again."""
        for test in self.sudo().filtered(lambda test: test.state != "draft"):
            test._write_server(
                {"state": "draft", "signed_by_id": False, "signed_on": False}
            )
            test._record(
                self.env._("The answers changed: the guided test starts afresh.")
            )

    def _follow_file(self):
        """The file changed under the test: it follows its data owner and is void where
        its answers are no longer those of the file."""
        for test in self.sudo():
            owner = test.requisition_id.data_owner_id
            if owner and owner != test.owner_id:
                test._close_activities()
                test._write_server({"owner_id": owner.id})
                test._reopen()
                test._ask_owner()
            elif not test._is_answered():
                test._reopen()
