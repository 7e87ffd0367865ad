from odoo import api, fields, models


class ProductCategory(models.Model):
    """Categories say which CPV code their products have."""

    _inherit = "product.category"

    cpv_code = fields.Char(
        string="CPV code",
        help="CPV code of the products of this category that have none of their own. "
        "8 digits, with or without the check digit.",
    )

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for category in self:
            self.env["souverainete.cpv.prefix"]._check_code(category.cpv_code)

    def _get_cpv_code(self):
        """The CPV code of the category, or of the nearest parent that has one."""
        category = self
        while category and not category.cpv_code:
            category = category.parent_id
        return category.cpv_code

    def write(self, vals):
        if not {"cpv_code", "parent_id"} & set(vals):
            return super().write(vals)
        products = self.env["product.template"].sudo().with_context(active_test=False)
        with products.search([("categ_id", "child_of", self.ids)])._reclassified():
            return super().write(vals)
