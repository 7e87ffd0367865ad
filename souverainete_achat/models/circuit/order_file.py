from odoo import models
from odoo.tools import formatLang

# Orders named in a refusal, the dearest first: beyond, the list is for the officer.
_NAMED = 8


class PurchaseOrder(models.Model):
    """When an order needs a purchase file: its amount, its data, or what it adds to."""

    _inherit = "purchase.order"

    def _finding_order_file(self):
        """Above the light ceiling, a digital order needs a purchase file."""
        if self.scope_status != "in":
            return {}
        if self._is_file_digital():
            return self._get_split_finding() if self._is_on_light_need() else {}
        if file := self._get_file():
            return {"": self._get_not_digital_message(file)}
        if self._is_sensitive_cloud():
            return {"sensitive": self._get_sensitive_message()}
        if not self._is_small_alone():
            return {"": self._get_file_message()}
        return self._get_split_finding()

    def _get_file_message(self):
        return self.env._(
            "This digital purchase needs a purchase file: use “Create the purchase "
            "file” or “Link to a file” in the banner of the order."
        )

    def _get_sensitive_message(self):
        return self.env._(
            "A cloud service that may hold sensitive data needs a purchase file, "
            "whatever its amount: use “Create the purchase file” or “Link to a file” "
            "in the banner of the order."
        )

    def _get_split_finding(self):
        """Small orders of one need are one purchase: they are judged together."""
        splits = self._get_splits()
        if not splits:
            return {}
        messages = [self._get_split_message(*split) for split in splits]
        return {"split": "\n".join([*messages, self._get_split_way_out()])}

    def _get_splits(self):
        """[(need, € HT, orders that add up with this one)]; the same orders are told
        once, as one use rather than as one vendor."""
        splits = {}
        passed = self._get_passed_needs()
        for need in sorted(passed, key=lambda need: need.basis):
            orders = need._get_other_orders(self)
            splits.setdefault(orders._ids, (need, passed[need], orders))
        return list(splits.values())

    def _get_split_message(self, need, total, orders):
        names = [self._get_order_label(order) for order in orders[:_NAMED]]
        if more := len(orders) - len(names):
            names.append(self.env._("and %(count)s more", count=more))
        return self.env._(
            "%(need)s: with this order, the small orders of this need reach "
            "%(total)s excl. tax, and the light circuit stops before %(ceiling)s. They "
            "add up: %(orders)s.",
            need=need.display_name,
            total=formatLang(self.env, total, currency_obj=self.currency_id),
            ceiling=need._get_ceiling_label(),
            orders=", ".join(names),
        )

    def _get_order_label(self, order):
        return self.env._(
            "%(order)s (%(vendor)s)",
            order=order.name,
            vendor=order.partner_id.commercial_partner_id.name,
        )

    def _get_split_way_out(self):
        if self._get_file():
            return self.env._(
                "Its file was judged by the light circuit: give it the estimated value "
                "of the whole need, or link the order to a file that has it."
            )
        return self.env._(
            "The whole need needs a purchase file: use “Create the purchase file” or "
            "“Link to a file” in the banner of the order."
        )
