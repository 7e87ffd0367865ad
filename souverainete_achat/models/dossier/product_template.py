from odoo import models


class ProductTemplate(models.Model):
    """A product that changes class changes what buys it."""

    _inherit = "product.template"

    def _reclassify_drafts(self):
        """Recompute the scope of drafts; what was confirmed is neither rewritten nor
        blocked, and is listed for the officer (filter “Reclassified since”)."""
        products = self.sudo().with_context(active_test=False).product_variant_ids
        for model, lines in (
            ("purchase.requisition", "line_ids"),
            ("purchase.order", "order_line"),
        ):
            domain = [(f"{lines}.product_id", "in", products.ids)]
            self.env[model].sudo().search(domain)._reclassify()
        return super()._reclassify_drafts()
