from odoo import models

# Rules that the law sets for the bodies it names; to the others they are advice.
_BOUND_CODES = frozenset({"components_declared", "hosting_qualified"})


class PurchaseRequisition(models.Model):
    """A body that the law does not bind reads its rules as advice."""

    _inherit = "purchase.requisition"

    def _is_blocked_by(self, rule):
        if rule.code in _BOUND_CODES and not self._is_sren_bound():
            return False
        return super()._is_blocked_by(rule)

    def _advise(self, messages):
        """The same messages, said to be advice where the body is not bound."""
        if not messages or self._is_sren_bound():
            return messages
        return {
            key: self.env._(
                "Advice, since %(body)s is not bound by loi SREN, art. 31: %(message)s",
                body=self.company_id.display_name,
                message=message,
            )
            for key, message in messages.items()
        }
