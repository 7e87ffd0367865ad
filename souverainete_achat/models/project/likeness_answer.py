from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class Likeness(models.Model):
    """The officer's answer: once, with its reason, by who asks for none of them."""

    _inherit = "souverainete.project.likeness"

    def write(self, vals):
        """The reason is the officer's, until they answer with it."""
        if "reason" in vals and not self._is_server():
            self._check_answerable()
        return super().write(vals)

    def action_same(self):
        """They are one project: the buyer gathers them under it."""
        self._answer("same")

    def action_different(self):
        """They are different projects: nothing is said of them any more."""
        self._answer("different")

    def _answer(self, state):
        for pair in self:
            pair._check_answerable()
            if not (pair.reason or "").strip():
                raise UserError(
                    self.env._(
                        "Give the reason first, in the column “Reason”: it is kept."
                    )
                )
            pair.sudo()._write_server(
                {
                    "state": state,
                    "answered_by_id": self.env.uid,
                    "answered_on": fields.Datetime.now(),
                }
            )
            pair.sudo()._record_answer()

    def _check_answerable(self):
        self.check_access("write")
        for pair in self.sudo():
            if pair.state != "proposed":
                raise UserError(
                    self.env._(
                        "%(pair)s was already answered: an answer is given once and "
                        "kept.",
                        pair=pair.display_name,
                    )
                )
            if self.env.user in pair._get_requesters():
                raise AccessError(
                    self.env._(
                        "Four eyes: another officer has to answer, you ask for one of "
                        "these purchases."
                    )
                )

    def _get_requesters(self):
        """Who asks for the purchases of both sides, or carries their projects."""
        projects = self.project_id | self.other_project_id
        users = projects.create_uid | projects.user_id
        for file in self._get_files():
            users |= file._get_scope_requesters()
        return users

    def _get_files(self):
        """The needs of both sides."""
        projects = self.project_id | self.other_project_id
        return self.file_id | self.other_file_id | projects.file_ids

    def _record_answer(self):
        """Told to the files of both sides, which are judged again."""
        files = self._get_files()
        for subject in self._get_subjects():
            subject._touch_evidence()
        self._refresh_split()
        files._journal("project", self._prepare_answer(), self._get_answer_summary())
        files._refresh_compliance()

    def _prepare_answer(self):
        return {
            "like": self.display_name,
            "signs": self.signs or {},
            "answer": self.state,
            "reason": self.reason,
            "officer": self.answered_by_id.login,
        }

    def _get_answer_summary(self):
        if self.state == "same":
            return self.env._("One project, an officer answered: %s", self.display_name)
        return self.env._(
            "Different projects, an officer answered: %s", self.display_name
        )
