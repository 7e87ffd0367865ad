from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    cpv_code = fields.Char(
        string="CPV code",
        tracking=True,
        help="CPV code of the product, which says whether buying it is a digital "
        "purchase. Empty: the category's. 8 digits, with or without the check digit.",
    )

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for product in self:
            self.env["souverainete.cpv.prefix"]._check_code(product.cpv_code)

    def _get_cpv_code(self):
        """The product's own CPV code, or its category's."""
        return self.cpv_code or self.categ_id._get_cpv_code()

    def write(self, vals):
        res = super().write(vals)
        if {"cpv_code", "categ_id"} & set(vals):
            self._reclassify_drafts()
        return res

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
