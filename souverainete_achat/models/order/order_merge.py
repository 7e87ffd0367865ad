from collections import Counter

from odoo import models
from odoo.exceptions import UserError

# What was stated of one RFQ and does not hold of another.
_STATED = (
    "need_id",
    "option_id",
    "scope_override",
    "scope_reason",
    "light_mutualised",
    "light_cloud",
    "light_sensitive",
)


class PurchaseOrder(models.Model):
    """Merging RFQs: what meets one need is merged, and nothing stated is lost."""

    _inherit = "purchase.order"

    def _prepare_grouped_data(self, rfq):
        return super()._prepare_grouped_data(rfq) + tuple(rfq[name] for name in _STATED)

    def action_merge(self):
        """Say why nothing is merged: core's message names other differences."""
        rfqs = self.filtered(lambda order: order.state in ("draft", "sent"))
        if rfqs._is_kept_apart():
            raise UserError(
                self.env._(
                    "These RFQs are not merged: their needs, retained options, scopes "
                    "or answers to the three questions differ, and those of one would "
                    "be lost. Make them the same on each RFQ first, or order apart."
                )
            )
        return super().action_merge()

    def _is_kept_apart(self):
        """Whether nothing can be merged, and only because of what was stated."""
        core = super()._prepare_grouped_data
        if max(Counter(map(self._prepare_grouped_data, self)).values(), default=0) > 1:
            return False
        return max(Counter(map(core, self)).values(), default=0) > 1
