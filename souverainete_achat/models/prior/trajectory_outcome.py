from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_BATCH = 500


class Trajectory(models.Model):
    """What became of it: an officer records it, and the buyer is told of a delay."""

    _inherit = "souverainete.trajectory"

    # === OUTCOME === #

    def action_reach(self):
        """Record that the target was reached. Four eyes."""
        self._record_outcome("reached")

    def action_abandon(self):
        """Record that the target is abandoned. Four eyes."""
        self._record_outcome("abandoned")

    def _record_outcome(self, state):
        for record in self:
            record._check_recordable()
        self._write_server(
            {
                "state": state,
                "recorded_by_id": self.env.uid,
                "recorded_on": fields.Datetime.now(),
            }
        )
        self._record_event()

    def _check_recordable(self):
        if self.state != "planned":
            raise UserError(
                self.env._("%(name)s was already recorded.", name=self.display_name)
            )
        if not (self.outcome or "").strip():
            raise UserError(
                self.env._(
                    "Say first how %(name)s was reached, or why it is abandoned, in "
                    "the field “Outcome”.",
                    name=self.display_name,
                )
            )
        if not self._is_recorder():
            raise AccessError(
                self.env._(
                    "Four eyes: the outcome is recorded by a compliance officer who "
                    "neither buys under the contract nor planned the trajectory."
                )
            )

    def _is_recorder(self):
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        planners = self.create_uid | self.planned_by_id
        planners |= self.requisition_id._get_scope_requesters()
        return officer and self.env.user not in planners

    # === EVIDENCE === #

    def _record_event(self):
        """Journal what is planned or recorded on the contract, and say where it is."""
        for record in self:
            record.requisition_id._journal(
                "trajectory", record._prepare_entry(), record._get_event_summary()
            )
        files = self.sudo().requisition_id
        files.filtered("is_prior")._refresh_shortfalls()

    def _get_event_summary(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._("Trajectory: %(state)s.", state=states[self.state])

    def _prepare_entry(self):
        return {
            "id": self.id,
            "target": self.target,
            "date": fields.Date.to_string(self.date_target),
            "funded": self.funded,
            "amount": self.amount if self.amount_known else None,
            "state": self.state,
            "outcome": self.outcome or "",
        }

    # === DELAY === #

    @api.model
    def _cron_tell_late(self):
        """Tell buyers, once, of the dates that passed; a run cut short goes on."""
        domain = self._get_late_domain()
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        while late := self.search(domain, order="id", limit=_BATCH):
            late._tell_late()
            if not self.env["ir.cron"]._commit_progress(len(late)):
                break

    @api.model
    def _get_late_domain(self):
        today = self.env.company._souverainete_today()
        return [
            ("state", "=", "planned"),
            ("date_target", "<", today),
            ("told_on", "=", False),
        ]

    def _tell_late(self):
        """An activity on the contract of each, for who follows it."""
        summary = self.env._("The date of a trajectory has passed")
        for user, files in self.requisition_id.grouped(_get_follower).items():
            files.activity_schedule(
                "mail.mail_activity_data_warning", summary=summary, user_id=user.id
            )
        self._write_server({"told_on": self.env.company._souverainete_today()})
        self.requisition_id.filtered("is_prior")._refresh_shortfalls()


def _get_follower(file):
    """Its buyer; a contract imported has none, and its officer is told."""
    return file.user_id or file.prior_officer_id or file.create_uid
