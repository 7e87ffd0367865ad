from odoo import fields, models
from odoo.exceptions import UserError

from ..base.opening import open_dialog
from ..base.told import Label, tell

# Outcomes that close a need without a purchase: met, a success, or not.
MET = ("mutualised", "existing_contract", "internal")
STAGES = {"abandoned": "no_follow_up", "unsuccessful": "unsuccessful"}
CLOSING = (*MET, *STAGES)


class Ended(models.AbstractModel):
    """A need and how it ended: bought, met without buying anything, or given up."""

    _name = "souverainete.ended"
    _inherit = ["souverainete.guarded"]
    _description = "Need and how it ended"

    outcome = fields.Selection(
        [
            ("mutualised", "Met by a mutualised solution"),
            ("existing_contract", "Met by a contract already running"),
            ("purchase", "Purchase"),
            ("internal", "Done internally"),
            ("abandoned", "No further action"),
            ("unsuccessful", "Unsuccessful consultation"),
        ],
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="How the need ended. Met without buying anything is a success of the "
        "doctrine: mutualise first.",
        guard="server",
    )
    outcome_reason = fields.Text(
        string="Reason of the outcome", copy=False, guard="server"
    )
    outcome_option_id = fields.Many2one(
        "souverainete.option",
        string="Met by",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The option that meets the need.",
        guard="server",
    )

    def _record_purchase(self):
        """Something was signed or ordered for these needs: offers are disclosed.

        They stay confidential while another lot of the need is to be signed.
        """
        for need in self.filtered(lambda file: not file.outcome):
            need._write_server({"outcome": "purchase"})
        offers = self.sudo().judged_option_ids.filtered(lambda o: o._is_confidential())
        if disclosed := offers.filtered(lambda o: o._is_award_settled()):
            disclosed._write_server({"awarded": True})

    def _is_closed(self):
        """The need ended without a purchase."""
        self.ensure_one()
        return self.outcome in CLOSING

    def _get_outcome_label(self):
        selection = self._fields["outcome"]._description_selection(self.env)
        return dict(selection).get(self.outcome, "")

    def _finding_need_closed(self, options):
        if not self.need_id._is_closed():
            return {}
        return {
            "": tell(self.env)._(
                "The need %(file)s was closed without a purchase (%(outcome)s). To buy "
                "after all, reset it to draft first.",
                file=self.need_id.name,
                outcome=Label(self._name, "outcome", self.need_id.outcome),
            )
        }

    # === CLOSING === #

    def action_close_need(self):
        """Ask how the need was met, or why it is given up, without a purchase."""
        self.check_access("read")
        self.ensure_one()
        self._check_closable()
        options = self.need_id.studied_ids.filtered(lambda option: option._meets_need())
        return open_dialog(
            self.env["souverainete.need.closing"],
            self.env._("Close without a purchase"),
            default_requisition_id=self.need_id.id,
            default_outcome="unsuccessful"
            if self.need_id.date_launch
            else "mutualised",
            default_option_id=options.id if len(options) == 1 else False,
        )

    def _close_need(self, outcome, reason, option=None):
        """End the need without a purchase: no finding about purchases can prevent it.

        The file goes to core's `cancel`: it takes no order, its quotations are
        cancelled, and core's own button reopens it. Core's `done` would have the gate
        ask for everything a purchase needs, which was not made. The outcome, not the
        state, says whether the need was met.
        """
        self.check_access("write")
        self.ensure_one()
        self._check_closable()
        self._check_outcome(outcome, reason, option)
        self._withdraw_connections()
        self._write_server(
            {
                "outcome": outcome,
                "outcome_reason": reason,
                "outcome_option_id": option.id if option else False,
            }
        )
        self.action_cancel()
        self._journal(
            "outcome",
            {
                "outcome": outcome,
                "reason": reason,
                "option_id": self.outcome_option_id.id,
            },
            summary=self._get_outcome_label(),
        )

    def _check_closable(self):
        """Something bought under the need: it did not end without a purchase."""
        files = (self.need_id.agreement_ids | self).sudo()
        orders = files.purchase_ids | files.need_order_ids
        bought = orders.filtered(lambda order: order.state == "purchase")
        signed = files.filtered(
            lambda file: (
                file.requisition_type == "blanket_order"
                and file.state in ("confirmed", "done")
            )
        )
        if bought or signed:
            raise UserError(
                self.env._(
                    "A purchase was made for this need: %(documents)s. Close or cancel "
                    "the agreement with its own buttons.",
                    documents=", ".join(signed.mapped("name") + bought.mapped("name")),
                )
            )

    def _check_outcome(self, outcome, reason, option):
        if outcome not in CLOSING:
            raise UserError(self.env._("Choose how the need ends."))
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason of this outcome."))
        retained = (option or self.env["souverainete.option"]).filtered(
            lambda o: o.requisition_id == self and o._meets_need()
        )
        if outcome == "mutualised" and not retained:
            raise UserError(
                self.env._(
                    "Choose the mutualised option that meets the need. It must be "
                    "retained in the tab “Need and doctrine”."
                )
            )
        if outcome == "mutualised" and not self._is_connected(retained):
            raise UserError(
                self.env._(
                    "The need is met once the operator of %(solution)s confirmed the "
                    "connection: ask for it, or say who confirmed it, and when.",
                    solution=retained.name,
                )
            )

    # === TAKEN UP AGAIN === #

    def _reopen_on(self, vals):
        """A need taken up again has no outcome any more, whatever the way in."""
        if vals.get("state") == "draft":
            self.filtered("outcome")._reopen_need()
        elif vals.get("state") == "confirmed":
            self.filtered(lambda file: file._is_closed())._reopen_need()

    def _reopen_need(self):
        """Take a closed need up again; the journal keeps how it had ended."""
        for need in self:
            need._journal(
                "outcome",
                {"outcome": False, "was": need.outcome},
                summary=self.env._("The need is taken up again."),
            )
        self._write_server(
            {"outcome": False, "outcome_reason": False, "outcome_option_id": False}
        )
