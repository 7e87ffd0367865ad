from odoo import fields, models
from odoo.exceptions import AccessError, UserError

_ACTIVITY = "mail.mail_activity_data_todo"


class DataTest(models.Model):
    """An officer signs what the data owner answered; each is told when it is their
    turn."""

    _inherit = "souverainete.data.test"

    def action_sign(self):
        """Sign the result, as a compliance officer who neither buys nor answers."""
        self.ensure_one()
        self._check_signatory()
        if self.state != "answered" or not self._is_answered():
            raise UserError(
                self.env._(
                    "%(name)s: there is nothing to sign. The data owner answers first, "
                    "and the file keeps those answers.",
                    name=self.display_name,
                )
            )
        test = self.sudo()
        test._write_server(
            {
                "state": "signed",
                "signed_by_id": self.env.uid,
                "signed_on": fields.Datetime.now(),
            }
        )
        test._record(self.env._("A compliance officer signed the guided test."))
        test._close_activities()
        return True

    def _check_signatory(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer signs the result of the test.")
            )
        self.check_access("read")
        if self.env.user in self._get_parties():
            raise AccessError(
                self.env._(
                    "Four eyes: who asks for the purchase, or answers for its data, "
                    "does not sign. Another compliance officer has to."
                )
            )

    # === WHOSE TURN IT IS === #

    def _ask_owner(self):
        for test in self.sudo():
            owner = test.owner_id
            test.activity_schedule(
                _ACTIVITY,
                summary=test.with_context(lang=owner.lang).env._(
                    "Answer the guided test on the data"
                ),
                user_id=owner.id,
            )

    def _ask_officer(self):
        """One activity for one officer who may sign."""
        for test in self.sudo():
            officers = test.company_id._get_role_users("group_officer")
            if officer := (officers - test._get_parties())[:1]:
                test.activity_schedule(
                    _ACTIVITY,
                    summary=test.with_context(lang=officer.lang).env._(
                        "Sign the guided test on the data"
                    ),
                    user_id=officer.id,
                )

    def _close_activities(self):
        self.activity_ids.action_feedback()
