from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .opinion import FAVOURABLE, RUNNING


class Opinion(models.Model):
    """How a request or an opinion ends before its time: by whom, and why."""

    _inherit = "souverainete.opinion"

    ending_reason = fields.Text(
        string="Reason of the end",
        readonly=True,
        copy=False,
        help="Why the request was withdrawn, or the opinion declared stale.",
    )
    ended_by_id = fields.Many2one(
        "res.users",
        string="Ended by",
        readonly=True,
        copy=False,
        help="Who withdrew the request or declared the opinion stale.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"ending_reason", "ended_by_id"}

    def _end(self, state, reason, summary):
        self._take_step(
            {"state": state, "ending_reason": reason, "ended_by_id": self.env.uid},
            summary,
        )

    def _prepare_step_payload(self):
        payload = super()._prepare_step_payload()
        if self.ending_reason:
            payload["reason"] = self.ending_reason
        return payload

    # === WITHDRAWN === #

    def action_withdraw(self, reason=""):
        """Take a running request back: by who asked, or by an officer, with a reason.

        Orders that waited for it are not released, and what is ordered stays.
        """
        for opinion in self:
            opinion._check_withdrawable(reason)
            opinion._end("withdrawn", reason, self.env._("The request was withdrawn."))

    def _check_withdrawable(self, reason):
        if self.state not in RUNNING:
            raise UserError(self.env._("Only a running request can be withdrawn."))
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        if not officer and self.env.user != self.requester_id:
            raise AccessError(
                self.env._("Only who asked or a compliance officer can withdraw it.")
            )
        if self.registration_pending:
            raise UserError(
                self.env._(
                    "The DINUM answered: its letter awaits confirmation. Confirm it or "
                    "send it back first."
                )
            )
        self._check_reason(reason)

    # === STALE === #

    def action_declare_stale(self, reason=""):
        """Say that the project left what was judged: a new opinion is needed.

        Never automatic. A cost above what was submitted is its own reason; for
        anything else that changed, the reason is written.
        """
        for opinion in self:
            opinion._check_stale(reason)
            opinion._end(
                "stale",
                reason or opinion._get_stale_reason(),
                self.env._(
                    "The project left what the DINUM judged: the opinion is stale."
                ),
            )

    def _check_stale(self, reason):
        if not self._is_registrar():
            raise AccessError(
                self.env._(
                    "Only a compliance officer or the DINUM can declare an opinion "
                    "stale."
                )
            )
        if self._is_binding_refusal():
            self._check_not_requester()
            self._check_reason(reason)
        elif self.state not in FAVOURABLE:
            raise UserError(
                self.env._("Only an opinion that was given can be declared stale.")
            )
        elif not self._is_stale():
            self._check_reason(reason)

    def _is_binding_refusal(self):
        """Whether it refuses the project: who asked does not set it aside alone."""
        return self.state == "unfavourable" and self.kind == "binding"

    def _get_stale_reason(self):
        cost, _known = self.project_id._get_cost()
        return self.env._(
            "The project costs %(cost)s incl. tax, more than the %(basis)s submitted.",
            cost=self.currency_id.format(cost),
            basis=self.currency_id.format(self.basis_cost),
        )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._("Give the reason: it is kept with the opinion for good.")
            )
