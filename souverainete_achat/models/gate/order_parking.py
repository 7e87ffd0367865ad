from odoo import api, fields, models
from odoo.exceptions import UserError

# The key of the finding “the opinion was requested and is still running”.
RUNNING = "running"


class PurchaseOrder(models.Model):
    """An order for which only a running opinion is missing waits, then leaves."""

    _inherit = "purchase.order"

    parked_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by, waiting for the opinion",
        copy=False,
        help="Who confirmed the order while the DINUM's opinion was running. When the "
        "opinion comes, the order leaves if Odoo's own rule passes for that person.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"parked_by_id"}

    # === WAITING === #

    def _is_running(self, finding):
        """A submitted opinion still running parks the order; it is no mistake."""
        return finding.rule.code == "dinum_opinion" and finding.key == RUNNING

    def _is_waiting_for_opinion(self):
        """Whether the only thing missing is an opinion that is still running."""
        if self.scope_status == "out":
            return False
        blocking = self._get_blocking()
        return bool(blocking) and all(self._is_running(f) for f in blocking)

    def _approval_allowed(self):
        return super()._approval_allowed() and not self._is_waiting_for_opinion()

    def button_confirm(self):
        res = super().button_confirm()
        for order in self.filtered(lambda o: o.state == "to approve"):
            if order._is_waiting_for_opinion():
                order.sudo()._write_server({"parked_by_id": self.env.uid})
        return res

    def button_approve(self, force=False):
        """Name what is refused: core would drop these orders without a word."""
        if refused := self.filtered(lambda o: o._is_waiting_for_opinion()):
            raise UserError(
                "\n\n".join(o._format_refusal(o._get_blocking()) for o in refused)
            )
        return super().button_approve(force=force)

    # === LEAVING === #

    def _release_parked(self):
        """Let orders leave once their opinion came, as who confirmed them would."""
        for order in self.filtered(lambda o: o.state == "to approve"):
            user = order.parked_by_id
            as_user = order.with_user(user).with_company(order.company_id)
            if user and not order._get_blocking() and as_user._approval_allowed():
                as_user._approve_or_explain()

    def _approve_or_explain(self):
        """Approve; what prevents it is told on the order, and never undoes the fact
        (an opinion that came) that released it."""
        try:
            with self.env.cr.savepoint():
                self.button_approve()
        except UserError as refusal:
            self.message_post(body=str(refusal))
