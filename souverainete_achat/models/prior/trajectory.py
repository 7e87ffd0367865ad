from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..gate.requisition_gate import SIGNED_STATES


class Trajectory(models.Model):
    """How a contract that falls short will comply: target, date and funding.

    What is planned may change, and each change is journalled; what was reached or
    abandoned is no longer rewritten, and nothing is deleted.
    """

    _name = "souverainete.trajectory"
    _inherit = ["souverainete.guarded", "mail.thread"]
    _description = "Trajectory of a contract that falls short"
    _order = "date_target, id"
    _rec_name = "target"

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
    )
    outcome = fields.Text(
        copy=False,
        help="How the target was reached, or why it was abandoned and what follows. "
        "Asked before the officer records it.",
    )
    planned_by_id = fields.Many2one(
        "res.users",
        string="Planned by",
        copy=False,
        help="Who last changed what is to be reached: another person records that it "
        "was.",
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        copy=False,
        help="Officer who recorded the outcome: neither the buyer nor who planned it.",
    )
    recorded_on = fields.Datetime(copy=False)
    told_on = fields.Date(
        copy=False, help="Day the buyer was told that the date had passed."
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "company_id",
            "state",
            "planned_by_id",
            "recorded_by_id",
            "recorded_on",
            "told_on",
        }

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
        trajectories._write_server({"planned_by_id": self.env.uid})
        trajectories._record_event()
        return trajectories

    def write(self, vals):
        if not self._is_server():
            self._check_open(vals)
        result = super().write(vals)
        if not self._is_server():
            self._record_plan(vals)
        return result

    def _record_plan(self, vals):
        """Who changed it is known, and of a new date the buyer will be told again."""
        told = {"told_on": False} if "date_target" in vals else {}
        if vals.keys() - self._get_free_fields() - {"outcome"}:
            self._write_server({"planned_by_id": self.env.uid, **told})
        self._record_event()

    def _check_open(self, vals):
        """What was recorded is evidence; a trajectory stays with its contract."""
        content = not vals.keys() <= self._get_free_fields()
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
    def _get_free_fields(self):
        """Names of the fields of the discussion, which say nothing of the target."""
        return {name for name in self._fields if name.startswith("message_")}

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A trajectory is never deleted: an officer records that it is "
                "abandoned."
            )
        )
