from contextlib import contextmanager

from odoo import api, fields, models, tools

CLASSES = ("cpv_code", "chorus_group", "scope_class")

STATED = [("in", "Digital"), ("ask", "To be asked"), ("out", "Not digital")]


class ProductCategory(models.Model):
    """Categories say of which class their products are."""

    _name = "product.category"
    _inherit = ["product.category", "souverainete.cpv.coded"]

    cpv_code = fields.Char(
        string="CPV code",
        help="CPV code of the products of this category that have none of their own. "
        "8 digits, with or without the check digit.",
    )
    chorus_group = fields.Char(
        string="Chorus group of goods",
        help="Groupe de marchandises of the products of this category that have none "
        "of their own, as Chorus writes it.",
    )

    scope_class = fields.Selection(
        STATED,
        string="Class stated",
        help="What an officer says of the products of this category that have no class "
        "of their own.",
    )

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for category in self:
            self.env["souverainete.cpv.prefix"]._check_code(category.cpv_code)

    def _get_class_code(self, name):
        """The CPV code, the Chorus group or the class stated, of the category or of the
        nearest parent that has one."""
        return self._get_class_codes().get(name, False) if self else False

    @tools.ormcache("self.id")
    def _get_class_codes(self):
        """{name of the field: code}, kept between requests: each order of chairs asks
        it, and walking up the categories costs a query a level."""
        codes, category = {}, self.sudo()
        while category:
            for name in CLASSES:
                codes[name] = codes.get(name) or category[name]
            category = category.parent_id
        return codes

    def write(self, vals):
        if not {*CLASSES, "parent_id"} & set(vals):
            return super().write(vals)
        self.env["product.template"]._check_class_stated([vals])
        with self._reclassified():
            return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        self.env["product.template"]._check_class_stated(vals_list)
        return super().create(vals_list)

    def unlink(self):
        """What a category said of its products goes with it."""
        with self._reclassified():
            return super().unlink()

    @contextmanager
    def _reclassified(self):
        products = self.env["product.template"].sudo().with_context(active_test=False)
        held = products.search([("categ_id", "child_of", self.ids)])
        try:
            with held._reclassified():
                yield
                self.env.registry.clear_cache()
        finally:
            # What was read meanwhile is undone where this is refused.
            self.env.registry.clear_cache()
