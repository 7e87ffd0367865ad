from odoo import models


class PurchaseOrder(models.Model):
    """More of a service, once its contract lapsed, is an extension."""

    _inherit = "purchase.order"

    def _prepare_envelope(self):
        return super()._prepare_envelope() | {"quantities": self._get_quantities()}

    def _get_quantities(self):
        """{product: quantity} in the product's own unit: a dozen hides nothing."""
        quantities = {}
        for line in self.order_line.filtered("product_id"):
            product, unit = line.product_id, line.product_uom_id
            quantity = unit._compute_quantity(line.product_qty, product.uom_id)
            key = str(product.id)
            quantities[key] = quantities.get(key, 0.0) + max(quantity, 0.0)
        return quantities

    def _is_within_envelope(self, now):
        return super()._is_within_envelope(now) and not self._is_extended(now)

    def _is_extended(self, now):
        """Whether more is bought than was judged. The price alone is the contract's:
        Odoo reads it there again when a quantity changes, and the ceiling holds."""
        judged = self.gate_envelope or {}
        if "quantities" not in judged:
            # Judged before quantities were kept.
            return self._is_raised(judged.get("amount", 0.0), now["amount"])
        before = judged["quantities"]
        return any(
            quantity > before.get(product, 0.0)
            for product, quantity in now["quantities"].items()
        )

    def _get_regression_findings(self, now):
        """An extension is judged with the files as they are now: what lapsed since
        stops it."""
        if self._is_extended(now):
            return self._findings()
        return super()._get_regression_findings(now)
