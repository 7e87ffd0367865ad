from odoo import api, models

DOCTRINE = "souverainete_achat"


class PurchaseOrder(models.Model):
    """Reviews add to the gate: they never stand for it, nor keep it from being met."""

    _inherit = "purchase.order"

    def request_validation(self):
        """Raises `Refused`: nobody is asked to review what could not be confirmed, and
        who reviews sees what was answered."""
        asked = self.filtered(lambda order: order.scope_status != "out")
        asked.sudo()._derive_again()
        asked._refuse_to_submit()
        return super().request_validation()

    @api.model
    def _get_under_validation_exceptions(self):
        """What the doctrine asks is answered while the order is under review too, and
        what its server records is recorded: the gate judges both."""
        names = super()._get_under_validation_exceptions()
        return [*names, *self._get_doctrine_fields()]

    @api.model
    def _get_after_validation_exceptions(self):
        names = super()._get_after_validation_exceptions()
        return [*names, *self._get_doctrine_fields()]

    @api.model
    def _get_doctrine_fields(self):
        return [n for n, field in self._fields.items() if DOCTRINE in field._modules]
