from odoo import api, fields, models
from odoo.exceptions import ValidationError


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

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "gate_state",
            "gate_envelope",
            "gate_findings",
            "gate_settled",
        }

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
