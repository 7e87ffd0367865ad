from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .finding import Finding
from .requisition_findings import format_refusal

# The key of the finding “the opinion was requested and is still running”.
RUNNING = "running"


class PurchaseOrder(models.Model):
    """The gate of orders: nothing digital is bought outside what was judged."""

    _inherit = "purchase.order"

    gate_state = fields.Char(
        copy=False,
        help="Last state the gate accepted; compared with the state to know what is "
        "being attempted, whoever wrote it.",
    )
    gate_settled = fields.Json(
        copy=False, help="Products that were ordered as not digital."
    )
    parked_by_id = fields.Many2one(
        "res.users",
        string="Confirmed by, waiting for the opinion",
        copy=False,
        help="Who confirmed the order while the DINUM's opinion was running. When the "
        "opinion comes, the order leaves if Odoo's own rule passes for that person.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "gate_state",
            "gate_envelope",
            "gate_findings",
            "gate_settled",
            "parked_by_id",
        }

    # === FINDINGS === #

    def _findings(self):
        """[Finding] of this order that nothing lifts."""
        return [f for f in self._all_findings() if not self._is_lifted(f)]

    def _is_lifted(self, finding):
        """Whether a room takes this finding out of the way of the order."""
        return False

    def _all_findings(self):
        """[Finding] of this order: its own, then those of its purchase file."""
        self.ensure_one()
        order = self.sudo()
        if order.scope_status == "out":
            return []
        findings = order._own_findings()
        if order.scope_status == "ask":
            return findings
        for file in order._get_judged_files():
            findings += order._file_findings(file)
        return findings

    def _file_findings(self, file):
        """[Finding] of one of its files; rooms take out what does not stop this
        order."""
        return file._findings(option=self.option_id)

    def _own_findings(self):
        """[Finding] of the rules of stage `order`."""
        company = self.company_id
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), ("order",)
        )
        return [
            Finding(rule, message, rule.owner, rule._is_blocking(), key)
            for rule in rules
            for key, message in getattr(self, f"_finding_{rule.code}")().items()
        ]

    def _get_blocking(self):
        return [finding for finding in self._findings() if finding.blocking]

    def _is_running(self, finding):
        """A submitted opinion still running parks the order; it is no mistake."""
        return finding.rule.code == "dinum_opinion" and finding.key == RUNNING

    def _is_waiting_for_opinion(self):
        """Whether the only thing missing is an opinion that is still running."""
        if self.scope_status == "out":
            return False
        blocking = self._get_blocking()
        return bool(blocking) and all(self._is_running(f) for f in blocking)

    def _format_refusal(self, findings):
        return format_refusal(self, findings, self.env._("confirming the order"))

    # === CORE'S HOOKS === #

    def _confirmation_error_message(self):
        if error := super()._confirmation_error_message():
            return error
        if self.scope_status == "out":
            return False
        blocking = [f for f in self._get_blocking() if not self._is_running(f)]
        return self._format_refusal(blocking) if blocking else False

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

    # === GATE === #

    @api.constrains(
        "state",
        "amount_untaxed",
        "company_id",
        "currency_id",
        "light_cloud",
        "light_mutualised",
        "light_sensitive",
        "need_id",
        "option_id",
        "partner_id",
        "requisition_id",
        "scope_status",
    )
    def _check_order_gate(self):
        """Whoever writes the order, by whatever road, passes here."""
        self._refresh_stated_scope()
        for order in self:
            if order.state == "purchase":
                order._check_lines_have_product()
                order._judge()
            else:
                order._wait_at_gate()

    def _wait_at_gate(self):
        """Not ordered, or no longer: the next time is judged afresh."""
        if self.gate_state != self.state:
            self.sudo()._write_server({"gate_state": self.state})

    def _check_lines_have_product(self):
        """What has no product has no class: it could be anything."""
        if any(
            not line.product_id and not line.display_type and not line._is_billed_only()
            for line in self.order_line
        ):
            raise ValidationError(
                self.env._(
                    "%(name)s: some order lines are missing a product.",
                    name=self.display_name,
                )
            )

    def _judge(self):
        entering = self.gate_state != "purchase"
        if self.scope_status == "out":
            if entering:
                self._settle_out_of_scope()
            return
        if entering:
            self._pass_gate()
        else:
            self._check_regression()

    def _settle_out_of_scope(self):
        """What was ordered as not digital by its class stays so: remember it."""
        by_class = self.scope_override == "auto"
        products = self.order_line.product_id.ids if by_class else []
        self.sudo()._write_server({"gate_state": "purchase", "gate_settled": products})

    def _pass_gate(self):
        findings = self._get_blocking()
        if findings:
            raise ValidationError(self._format_refusal(findings))
        order = self.sudo()
        order._write_server(
            {
                "gate_state": "purchase",
                "gate_findings": [],
                "gate_envelope": order._prepare_envelope(),
            }
        )
        if file := order._get_file():
            order.need_id._launch_on_order()
            (file | file.need_id)._touch_evidence()
            file._journal(
                "order",
                order._prepare_order_payload(),
                self.env._("%(order)s was confirmed.", order=order.name),
            )

    def _prepare_order_payload(self):
        return {
            "order": self.name,
            "vendor": self.partner_id.display_name,
            "amount_ht": self._get_judged_amount(),
            "currency": self.currency_id.name,
            "option": self.option_id.name or "",
        }
