from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError


class ProductTemplate(models.Model):
    """Products say which CPV code they have: whether buying them is digital."""

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
        if not {"cpv_code", "categ_id"} & set(vals):
            return super().write(vals)
        with self._reclassified():
            return super().write(vals)

    @contextmanager
    def _reclassified(self):
        """Judge a change of class: taking products out of the doctrine opens the gate
        to all that buys them, so it is an officer's or a referentials manager's act."""
        before = {product: product._get_scope_rank() for product in self}
        yield
        lowered = self.filtered(lambda p: p._get_scope_rank() < before[p])
        if lowered and not self._may_take_out():
            raise AccessError(
                self.env._(
                    "%(products)s would no longer be digital purchases: ask a "
                    "compliance officer or a referentials manager to reclassify them.",
                    products=", ".join(lowered.mapped("display_name")),
                )
            )
        self._reclassify_drafts()

    def _get_scope_rank(self):
        """How far the doctrine reaches this product: 0 not at all, 2 always."""
        company = self.env.company
        scope = self.env["souverainete.cpv.prefix"]._get_scope(
            self._get_cpv_code() or "", company, company._souverainete_today()
        )
        return ("out", "ask", "in").index(scope)

    def _may_take_out(self):
        user = self.env.user
        return (
            user._is_superuser()
            or user.has_group("souverainete_achat.group_officer")
            or user.has_group("souverainete_achat.group_manager")
        )

    def _reclassify_drafts(self):
        """Called once these products changed class: what buys them follows."""
