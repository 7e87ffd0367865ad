from odoo import models

_AMOUNTS = (
    "amount_estimated",
    "amount_estimated_known",
    "amount_max",
    "amount_max_known",
)


class PurchaseRequisition(models.Model):
    """What a launched or signed file is said to be worth changes with a trace: the gate
    judges the change again, and people read who made it."""

    _inherit = "purchase.requisition"

    def write(self, vals):
        if not set(_AMOUNTS) & set(vals):
            return super().write(vals)
        held = self.sudo().filtered(lambda file: file._is_held())
        before = {file: file._get_stated_amounts() for file in held}
        result = super().write(vals)
        for file, amounts in before.items():
            if (now := file._get_stated_amounts()) != amounts:
                file._journal(
                    "correction",
                    {"before": amounts, "after": now},
                    self.env._("Its amounts were changed after launch or signature."),
                )
        return result

    def _get_stated_amounts(self):
        """€ HT, as stated; None for what is not known."""
        return {
            name: self[name] if self[f"{name}_known"] else None
            for name in ("amount_estimated", "amount_max")
        }
