from odoo import models


class PurchaseOrder(models.Model):
    """Orders of a service that runs, while its renewal is pending."""

    _inherit = "purchase.order"

    def _get_data_gaps(self):
        """Where sensitive data already is, what the contract is tolerated its orders
        are too."""
        gaps = super()._get_data_gaps()
        if not gaps or not self.option_id.data_live_on:
            return gaps
        file = self.requisition_id or self._get_studied_file()
        tolerated = file.sudo()._get_tolerated(self.option_id.sudo())
        keys = {f"component-{component.id}" for component in tolerated}
        return {key: gap for key, gap in gaps.items() if key not in keys}
