from odoo import api, fields, models
from odoo.exceptions import UserError

# Outcomes that close a need without a purchase: a success, but for the last.
CLOSING_OUTCOMES = ("mutualised", "existing_contract", "internal", "abandoned")


class PurchaseRequisition(models.Model):
    """How the need ended."""

    _inherit = "purchase.requisition"

    outcome = fields.Selection(
        [
            ("mutualised", "Met by a mutualised solution"),
            ("existing_contract", "Met by a contract already running"),
            ("purchase", "Purchase"),
            ("internal", "Done internally"),
            ("abandoned", "Abandoned"),
        ],
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="How the need ended. Met without buying anything is a success of the "
        "doctrine: mutualise first.",
    )
    outcome_reason = fields.Text(string="Reason of the outcome", copy=False)
    outcome_option_id = fields.Many2one(
        "souverainete.option",
        string="Met by",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The option that meets the need.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "outcome",
            "outcome_reason",
            "outcome_option_id",
        }

    def write(self, vals):
        """A need taken up again has no outcome any more, whatever the way in."""
        if vals.get("state") == "draft":
            self.filtered("outcome")._reopen_need()
        elif vals.get("state") == "confirmed":
            self.filtered(lambda file: file._is_closed())._reopen_need()
        return super().write(vals)

    def _record_gate(self):
        result = super()._record_gate()
        if self.requisition_type == "blanket_order":
            self.need_id.sudo()._record_purchase()
        return result

    def _record_purchase(self):
        """Something was signed or ordered for these needs: offers are disclosed.

        They stay confidential while another lot of the need is to be signed.
        """
        for need in self.filtered(lambda file: not file.outcome):
            need._write_server({"outcome": "purchase"})
        # Searched, because a list already read as a user lacks what they may not see.
        offers = self.env["souverainete.option"].search(
            [
                ("requisition_id", "in", self.ids),
                ("kind", "=", "offer"),
                ("awarded", "=", False),
            ]
        )
        offers.filtered(lambda o: o._is_award_settled())._write_server(
            {"awarded": True}
        )

    def _get_draft_agreements(self):
        return self.agreement_ids.filtered(
            lambda file: (
                file.requisition_type == "blanket_order" and file.state == "draft"
            )
        )

    def _is_closed(self):
        """The need ended without a purchase."""
        self.ensure_one()
        return self.outcome in CLOSING_OUTCOMES

    def _is_met(self):
        met = self._is_closed() and self.outcome != "abandoned"
        return super()._is_met() or met

    def action_close_need(self):
        """Ask how the need was met, or why it is given up, without a purchase."""
        self.ensure_one()
        self._check_closable()
        options = self.need_id.studied_ids.filtered(lambda option: option._meets_need())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close without a purchase"),
            "res_model": "souverainete.need.closing",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_requisition_id": self.need_id.id,
                "default_option_id": options.id if len(options) == 1 else False,
            },
        }

    def _close_need(self, outcome, reason, option=None):
        """End the need without a purchase: no finding about purchases can prevent it.

        The file goes to core's `cancel`: it takes no order, its quotations are
        cancelled, and core's own button reopens it. Core's `done` would have the gate
        ask for everything a purchase needs, which was not made. The outcome, not the
        state, says whether the need was met.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_closable()
        self._check_outcome(outcome, reason, option)
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

    def _get_outcome_label(self):
        selection = self._fields["outcome"]._description_selection(self.env)
        return dict(selection).get(self.outcome, "")

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
        if outcome not in CLOSING_OUTCOMES:
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
