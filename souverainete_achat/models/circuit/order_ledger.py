from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from .order_light import QUESTIONS


class PurchaseOrder(models.Model):
    """What small orders leave behind them: their answers and their share of a need."""

    _inherit = "purchase.order"

    # === GATE === #

    def _pass_gate(self):
        result = super()._pass_gate()
        self._record_small()
        return result

    def _check_regression(self):
        before = self.gate_envelope
        self._check_answers_kept()
        result = super()._check_regression()
        if self.gate_envelope != before:
            self._record_small()
        return result

    def _wait_at_gate(self):
        left = self.gate_state == "purchase"
        super()._wait_at_gate()
        if self.scope_status == "out" and self.scope_override == "auto":
            return
        if left:
            self._get_small_lines()._end()
        elif self.state in ("draft", "sent") and not self._get_file():
            self._warn_of_passed_needs()

    def _warn_of_passed_needs(self):
        """The officer learns that small orders add up as soon as one is prepared that
        takes them to the ceiling: a refusal leaves no trace."""
        if self.scope_status == "in" and self._is_small_alone():
            for need, _total, _orders in self._get_splits():
                need._warn_officer(self._get_scope_requesters())

    def _check_answers_kept(self):
        """The answers an order was confirmed on are not rewritten afterwards."""
        judged = self.gate_envelope
        if not judged or self._get_file():
            return
        if [self[name] or False for name in QUESTIONS] != judged["answers"]:
            raise ValidationError(
                self.env._(
                    "%(name)s was confirmed on its answers to the three questions: "
                    "they stay as they were given. If they were wrong, cancel the "
                    "order, set it back to RFQ and answer again, or link it to a "
                    "purchase file.",
                    name=self.display_name,
                )
            )

    # === ENVELOPE === #

    def _prepare_envelope(self):
        """Moving an amount from one product to another adds to a need."""
        envelope = super()._prepare_envelope()
        if not self._get_file() or self._is_on_light_need():
            parts = self._get_need_parts()
            envelope["parts"] = {str(p.id): amount for p, amount in parts.items()}
        return envelope

    def _is_within_envelope(self, now):
        parts = (self.gate_envelope or {}).get("parts")
        raised = parts is not None and any(
            self._is_raised(parts.get(product, 0.0), amount)
            for product, amount in now.get("parts", {}).items()
        )
        return super()._is_within_envelope(now) and not raised

    # === RECORD === #

    def _get_small_lines(self):
        """What this order counts for, in the needs of small orders."""
        lines = self.env["souverainete.light.need.line"].sudo()
        return lines.search([("order_id", "in", self.ids), ("ended_on", "=", False)])

    def _is_small(self, lines):
        """Whether this order, now confirmed, adds to a need. What was recorded counts
        as long as no other file judges it, even if the ceiling was lowered since."""
        if self._get_file():
            return self._is_on_light_need()
        return bool(lines) or self._is_small_alone()

    def _record_small(self, day=None):
        """Write what this order adds to its needs. Their rows are written too, so that
        PostgreSQL refuses one of two small orders confirmed at once.

        `day`: of an order confirmed before this was recorded; by whom is not known.
        """
        order = self.sudo()
        lines = order._get_small_lines()
        if order.scope_status != "in" or not order._is_small(lines):
            lines._end()
            return
        parts = order._get_need_parts()
        needs = order._lock_needs(self.env["product.template"].union(*parts))
        lines._set_parts(order._prepare_small_lines(needs, parts, day))

    def _lock_needs(self, products):
        """{need: products of this order}, the missing needs being made."""
        keys = set().union(*(self._get_need_keys(product) for product in products))
        needs = self.env["souverainete.light.need"]
        needs._make(self._get_ministry(), keys)
        shared = self._get_shared_needs(products)
        held = needs.union(*shared).filtered(lambda n: n._get_key() not in keys)
        held._touch()
        return shared

    def _prepare_small_lines(self, needs, parts, day=None):
        """{(need, product): vals} of what this order counts for."""
        common = {
            "order_id": self.id,
            "vendor_id": self.partner_id.commercial_partner_id.id,
            "date": day or self.company_id._souverainete_today(),
            "user_id": not day and self.env.uid,
            **{name: self[name] for name in QUESTIONS},
        }
        return {
            (need.id, product.id): {
                **common,
                "need_id": need.id,
                "product_id": product.id,
                "amount": self._to_ministry(parts[product]),
            }
            for need, products in needs.items()
            for product in products
        }

    @api.model
    def _record_orders_of_before(self):
        """Count the small orders confirmed before their needs were recorded, from the
        day they were created."""
        orders = self.sudo().search(
            [
                ("state", "=", "purchase"),
                ("scope_status", "=", "in"),
                ("requisition_id", "=", False),
                ("need_id", "=", False),
            ]
        )
        for order in orders.filtered(lambda o: not o._get_small_lines()):
            order._record_small(order.create_date.date())

    @api.ondelete(at_uninstall=False)
    def _unlink_except_small_purchase(self):
        """A cancelled small order keeps its answers, and what it counted for."""
        digital = self.filtered(lambda o: o.scope_status != "out")
        lines = self.env["souverainete.light.need.line"].sudo()
        if digital and lines.search_count([("order_id", "in", digital.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(orders)s cannot be deleted: small digital purchases that were "
                    "confirmed are kept with their answers, even once cancelled.",
                    orders=", ".join(digital.mapped("display_name")),
                )
            )
