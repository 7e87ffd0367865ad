from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.each import run_in_batches
from ..base.finding import SIGNED_STATES


class Trajectory(models.Model):
    """How a contract that falls short will comply: target, date and funding.

    What is planned may change, and each change is journalled; what was reached or
    abandoned is no longer rewritten, and nothing is deleted.
    """

    _name = "souverainete.trajectory"
    _inherit = ["souverainete.authored", "mail.thread"]
    _description = "Trajectory of a contract that falls short"
    _order = "date_target, id"
    _rec_name = "target"
    _guard = "judged"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Contract",
        required=True,
        index=True,
        ondelete="restrict",
        help="The contract that is tolerated though it falls short.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id",
        string="Ministry",
        store=True,
        index=True,
        precompute=True,
        guard="server",
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    target = fields.Char(
        required=True,
        tracking=True,
        help="What must be reached: a qualified host, a way out, a mutualised "
        "solution…",
    )
    date_target = fields.Date(
        string="To be reached by",
        required=True,
        tracking=True,
        help="Day by which the target must be reached. The buyer is told the day "
        "after.",
    )
    funded = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        required=True,
        default="unknown",
        tracking=True,
        help="Whether the money for it was granted.",
    )
    amount = fields.Monetary(
        string="Amount (excl. tax)",
        tracking=True,
        help="What reaching the target costs, in € HT.",
    )
    amount_known = fields.Boolean(
        help="Unticked, the amount is unknown, which is not zero."
    )
    state = fields.Selection(
        [("planned", "Planned"), ("reached", "Reached"), ("abandoned", "Abandoned")],
        required=True,
        default="planned",
        index=True,
        copy=False,
        tracking=True,
        guard="server",
    )
    outcome = fields.Text(
        copy=False,
        help="How the target was reached, or why it was abandoned and what follows. "
        "Asked before the officer records it.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        copy=False,
        help="Officer who recorded the outcome: neither the buyer nor who planned it.",
        guard="server",
    )
    recorded_on = fields.Datetime(copy=False, guard="server")
    told_on = fields.Date(
        copy=False,
        help="Day the buyer was told that the date had passed.",
        guard="server",
    )

    @api.onchange("amount")
    def _onchange_amount(self):
        self.amount_known = bool(self.amount)

    @api.constrains("requisition_id")
    def _check_contract_is_signed(self):
        files = self.sudo().requisition_id
        if drafts := files.filtered(lambda f: f.gate_state not in SIGNED_STATES):
            raise ValidationError(
                self.env._(
                    "A trajectory is about a contract already signed; %(files)s is "
                    "not.",
                    files=", ".join(drafts.mapped("display_name")),
                )
            )

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        trajectories = super().create(vals_list)
        trajectories.requisition_id.check_access("write")
        trajectories._record_event()
        return trajectories

    def write(self, vals):
        if self._is_granted("write", vals):
            return super().write(vals)
        self._check_open(vals)
        result = super().write(vals)
        self._record_plan(vals)
        return result

    def _record_plan(self, vals):
        """Of a new date the buyer will be told again."""
        if "date_target" in vals:
            self._write_server({"told_on": False})
        self._record_event()

    def _check_open(self, vals):
        """What was recorded is evidence; a trajectory stays with its contract."""
        content = self._get_plan_fields() & vals.keys()
        if content and any(record.state != "planned" for record in self):
            raise UserError(
                self.env._(
                    "This trajectory was recorded as reached or abandoned, and is no "
                    "longer rewritten: plan another one."
                )
            )
        if "requisition_id" in vals:
            raise UserError(
                self.env._("A trajectory stays with its contract: plan another one.")
            )

    @api.model
    def _get_plan_fields(self):
        """Names of the fields that people plan with; those of the discussion say
        nothing of the target."""
        return self._get_guarded_fields("judged")

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A trajectory is never deleted: an officer records that it is "
                "abandoned."
            )
        )

    # === OUTCOME === #
    # What became of it: an officer records it, and the buyer is told of a time limit.

    def action_reach(self):
        """Record that the target was reached. Four eyes."""
        self.check_access("read")
        self._record_outcome("reached")

    def action_abandon(self):
        """Record that the target is abandoned. Four eyes."""
        self.check_access("read")
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
        refusal = self.env._(
            "Four eyes: the outcome is recorded by a compliance officer who neither "
            "buys under the contract nor planned the trajectory."
        )
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(refusal)
        self._check_four_eyes(refusal)

    @api.model
    def _get_content_fields(self):
        """How it ended is written by who records it."""
        return super()._get_content_fields() - {"outcome"}

    def _get_askers(self):
        """Who buys under the contract asks too."""
        return super()._get_askers() | self.requisition_id._get_askers()

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
        run_in_batches(self, self._get_late_domain(), type(self)._tell_late)

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
