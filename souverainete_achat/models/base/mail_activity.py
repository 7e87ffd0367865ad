from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

# What would take a to-do away from who was told.
_KEPT = frozenset(
    {"active", "activity_type_id", "res_id", "res_model_id", "told_fact", "user_id"}
)


_TODO = "mail.mail_activity_data_todo"


class MailActivity(models.Model):
    """A fact that officers are told of stays to be done until one of them did it."""

    _inherit = "mail.activity"

    told_fact = fields.Char(
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The fact of the record that these people are told of: one of them "
        "answers for all. Empty on any other to-do.",
    )

    # === TELLING === #

    @api.model
    def _tell(self, record, fact, users, describe, answered=None, **vals):
        """One to-do for each of `users` about `fact` of `record`, unless one waits, or
        was done since the day `answered`: what somebody deleted comes back. Says
        whether they were told now.

        `describe`: the summary, from the record in the language of who reads it;
        `vals`: those of `activity_schedule`.
        """
        told = self._get_told(record, fact)
        if answered:
            told = told.filtered(lambda a: a.active or a.date_done >= answered)
        if told if answered else told.filtered("active"):
            return False
        vals = {"act_type_xmlid": "mail.mail_activity_data_warning", **vals}
        self._schedule(record, users, describe, told_fact=fact, **vals)
        return bool(users)

    @api.model
    def _answer(self, record, users, describe):
        """Who asked is answered: one to-do each. `describe`: as for `_tell`."""
        active = users.sudo().filtered("active")
        self._schedule(record, active, describe, act_type_xmlid=_TODO)

    @api.model
    def _schedule(self, record, users, describe, **vals):
        for user in users:
            read = record.sudo().with_context(lang=user.lang)
            read.activity_schedule(user_id=user.id, summary=describe(read), **vals)

    @api.model
    def _get_told(self, record, fact=None):
        """The to-dos about `fact` of `record`, or about any, done or not."""
        facts = [("told_fact", "=", fact) if fact else ("told_fact", "!=", False)]
        everything = self.sudo().with_context(active_test=False)
        return everything.search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids), *facts]
        )

    @api.model
    def _untell(self, record, fact=None):
        """The fact is over: nothing is left to do."""
        waiting = self._get_told(record, fact).filtered("active")
        waiting.with_user(SUPERUSER_ID).unlink()

    # === KEPT === #

    def write(self, vals):
        if _KEPT & vals.keys():
            self._check_told()
            self._check_own()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_not_told(self):
        """It is done, or its record is gone: nobody deletes it otherwise."""
        if self.env.uid == SUPERUSER_ID:
            return
        self._check_own()
        for activity in self.sudo().filtered("told_fact"):
            if self.env[activity.res_model].browse(activity.res_id).exists():
                raise self._get_kept_error()

    def _action_done(self, feedback=False, attachment_ids=None):
        """Who answers does it for all who were told."""
        told = self.sudo().filtered("told_fact")
        pairs = [(self.env[a.res_model].browse(a.res_id), a.told_fact) for a in told]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for record, fact in pairs:
            self._untell(record, fact)
        return result

    def _check_told(self):
        """Only who was told says that it is done, or hands it over."""
        if self.env.uid == SUPERUSER_ID:
            return
        for activity in self.sudo().filtered("told_fact"):
            record = self.env[activity.res_model].browse(activity.res_id)
            told = self._get_told(record, activity.told_fact)
            if self.env.user not in told.user_id:
                raise self._get_kept_error()

    def _check_own(self):
        """An officer's to-do on what officers decide is theirs: who gave it takes it
        back, and nobody else does. What Odoo itself takes away goes with `sudo()`."""
        if self.env.su:
            return
        for activity in self.sudo().filtered(lambda a: a.active and a._is_kept()):
            if self.env.user not in activity.user_id | activity.create_uid:
                raise AccessError(
                    self.env._(
                        "“%(to_do)s” is a to-do of %(officer)s: they mark it as done, "
                        "or whoever gave it to them takes it back.",
                        to_do=activity.summary or activity.activity_type_id.name,
                        officer=activity.user_id.name,
                    )
                )

    def _is_kept(self):
        """Whether an officer is to do it, on a record that people decide on."""
        decided = self.env.registry["souverainete.authored"]
        model = self.env.registry.get(self.res_model)
        return (
            model is not None
            and issubclass(model, decided)
            and self.user_id.has_group("souverainete_achat.group_officer")
        )

    def _get_kept_error(self):
        return AccessError(
            self.env._(
                "Compliance officers were told of this fact: one of them marks it as "
                "done. It is not deleted, nor taken over by somebody else."
            )
        )
