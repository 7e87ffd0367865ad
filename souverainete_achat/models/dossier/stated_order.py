from odoo import models

from ..base.amount import Amount
from ..base.reading import read_lines
from ..base.together import judging
from ..base.told import tell


class StatedOrder(models.AbstractModel):
    """What an order says of its own scope, and what is held against it: “not digital”
    is said in one click below a dated amount, is remembered, and adds up."""

    _name = "souverainete.stated.order"
    _inherit = ["souverainete.light.order"]
    _description = "Order whose scope may be stated"

    # === WHAT WAS SETTLED === #

    def _get_bought_lines(self):
        """Once ordered as not digital, a line without quantity orders nothing: the
        host adds one for what a receipt brings, and no receipt is refused."""
        lines = read_lines(self, "order_line")
        settled = self.gate_state == "purchase" and not self.gate_envelope
        return lines.filtered("product_qty") if settled else lines

    def _get_settled_amounts(self):
        """What was ordered as not digital stays so, whatever it became since."""
        settled = self.gate_settled if self.gate_state == "purchase" else {}
        return settled or {}

    def _is_scope_due(self):
        """Where it is ordered, and where more of something is than was settled; at
        each amount where what has no class is asked about."""
        if super()._is_scope_due() or self._is_entering():
            return True
        if self.state in ("draft", "sent"):
            return self._is_unclassified_watched()
        settled = self.scope_status == "out" and self.state == "purchase"
        return settled and bool(self._get_judged_lines())

    def _is_entering(self):
        """Whether its state says more than the gate accepted."""
        ordering = ("to approve", "purchase")
        return self.state in ordering and self.state != self.gate_state

    # === WITHOUT A CLASS === #

    def _get_unclassified_amount(self):
        lines = self._get_judged_lines()
        scopes = self._get_scopes(lines)
        amount = sum(
            line._get_judged_subtotal()
            for line in lines
            if not scopes.get(line.product_id.product_tmpl_id, "out")
        )
        return Amount(amount, True)

    def _finding_order_unclassified(self):
        """What has no class is asked about above a dated amount."""
        if self.scope_status != "ask" or self._get_class_scope():
            return {}
        if self._get_scope_words() or not self._is_unclassified_asked():
            return {}
        return {
            "": self.env._(
                "Nothing says what is bought: say whether it is digital, or have a "
                "compliance officer classify the products in “What has no class”."
            )
        }

    # === NOT DIGITAL === #

    def _is_stating(self):
        """Whether the buyer alone says, against its classes or its words, that this
        order is not digital: now, or of the same goods before."""
        if self.scope_override == "in" or self._is_as_agreed():
            return False
        scope = self._get_inputs_scope()
        if self.scope_override == "out":
            return scope != "out"
        return scope == "ask" and self._is_remembered()

    def _is_below_scope_out(self):
        return super()._is_below_scope_out() and not self._get_passed("scope_out")

    def _is_remembered(self):
        """Whether this ministry said so of the same products, and for the same words,
        over the period that adds up."""
        words = self._get_scope_words()
        scopes = self._get_scopes(self._get_judged_lines())
        asked = {product._origin for product, scope in scopes.items() if scope != "out"}
        said = (
            self.env["souverainete.light.need.line"]
            .sudo()
            ._search_said(
                self._get_ministry(), self.company_id, [product.id for product in asked]
            )
        )
        known = {word for line in said for word in (line.scope_words or "").split(", ")}
        return bool(said) and asked <= set(said.product_id) and words <= known

    def _finding_order_stated(self):
        """“Not digital”, said by buyers alone, adds up: an officer agrees above."""
        if self.scope_status == "out" or not self._is_stating():
            return {}
        messages = [
            self._get_stated_message(*split) for split in self._get_splits("scope_out")
        ]
        return {"stated": "\n".join(messages)} if messages else {}

    def _get_stated_message(self, need, total, orders):
        return tell(self.env)._(
            "%(need)s: with this order, what buyers stated as not digital of this need "
            "reaches %(total)s excl. tax, and from %(ceiling)s on a compliance officer "
            "agrees, with the button “Agree it is not digital”. They add up: "
            "%(orders)s.",
            **self._prepare_split(need, total, orders, "scope_out"),
        )

    # === LEDGER === #

    def _judge_statements(self):
        """Twenty at once, or one by one: the sums are the same."""
        stating = self.filtered(lambda order: order._is_stating())
        if stating:
            stating.sudo()._lock_shared()
            with judging(stating):
                stating._derive_again()
                stating.mapped("scope_status")
        return super()._judge_statements()

    def _on_settled(self):
        """Each statement leaves its line, whoever agreed: a message can be deleted."""
        self.filtered(lambda order: order._is_against_inputs())._record_small()
        return super()._on_settled()

    def _is_against_inputs(self):
        """Whether it is not digital because somebody said so."""
        return self.scope_status == "out" and self._get_inputs_scope() != "out"
