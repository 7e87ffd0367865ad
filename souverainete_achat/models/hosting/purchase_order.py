from odoo import models


class PurchaseOrder(models.Model):
    """What the order answered about the cloud is not asked again on its file."""

    _inherit = "purchase.order"

    def _prepare_light_vals(self):
        vals = super()._prepare_light_vals()
        return vals | {"has_cloud": self.light_cloud or "unknown"}
