from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .product_category import CLASSES, STATED

# From the strictest; without a class, it is not known.
RANKS = ("in", "ask", "", "out")


class ProductTemplate(models.Model):
    """Products say of which class they are: whether buying them is digital."""

    _name = "product.template"
    _inherit = ["product.template", "souverainete.cpv.coded"]

    cpv_code = fields.Char(
        string="CPV code",
        tracking=True,
        help="CPV code of the product, which says whether buying it is a digital "
        "purchase. Empty: the category's. 8 digits, with or without the check digit.",
    )
    chorus_group = fields.Char(
        string="Chorus group of goods",
        tracking=True,
        help="Groupe de marchandises of the product, as Chorus writes it: it says "
        "whether buying it is digital where there is no CPV code, or says it more "
        "strictly. Empty: the category's.",
    )

    scope_class = fields.Selection(
        STATED,
        string="Class stated",
        tracking=True,
        help="What an officer says of the product where no code does: whether buying "
        "it is digital. Empty: the category's.",
    )

    @api.constrains("cpv_code")
    def _check_cpv_code(self):
        for product in self:
            self.env["souverainete.cpv.prefix"]._check_code(product.cpv_code)

    def _get_cpv_code(self):
        """The product's own CPV code, or its category's."""
        return self.cpv_code or self.categ_id._get_class_code("cpv_code")

    def _get_chorus_group(self):
        """The product's own Chorus group of goods, or its category's."""
        return self.chorus_group or self.categ_id._get_class_code("chorus_group")

    def _get_class_codes(self):
        """What tells the class of these products: CPV codes and Chorus groups."""
        codes = {p._get_cpv_code() for p in self} | {
            p._get_chorus_group() for p in self
        }
        return codes - {False}

    def _get_scope(self, company, date):
        """`in`, `ask` or `out`, the strictest of what the classes of this product say
        on `date`; empty: it has none, which is not “no”."""
        scopes = {self.scope_class or self.categ_id._get_class_code("scope_class")}
        if code := self._get_cpv_code():
            prefixes = self.env["souverainete.cpv.prefix"]
            scopes.add(prefixes._get_scope(code, company, date))
        if group := self._get_chorus_group():
            groups = self.env["souverainete.chorus.group"]
            scopes.add(groups._get_scope(group, company, date))
        return get_strictest({scope for scope in scopes if scope})

    @api.model
    def _search_of_class(self, name, codes, operator="="):
        """The products whose class `name` is one of `codes`, by themselves or by their
        category."""
        said = Domain.OR(Domain(name, operator, code) for code in codes)
        categories = self.env["product.category"].sudo().search(said)
        return self.search(said | Domain("categ_id", "child_of", categories.ids))

    def write(self, vals):
        if not {*CLASSES, "categ_id"} & set(vals):
            return super().write(vals)
        self._check_class_stated([vals])
        with self._reclassified():
            return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_class_stated(vals_list)
        return super().create(vals_list)

    @api.model
    def _check_class_stated(self, vals_list):
        if not any(vals.get("scope_class") for vals in vals_list):
            return
        if not (self.env.su or self._may_take_out()):
            raise AccessError(
                self.env._(
                    "A compliance officer or a referentials manager states of which "
                    "class a product is; others give its CPV code or Chorus group."
                )
            )

    def copy(self, default=None):
        """A copy that lost its class would be the same goods out of the doctrine."""
        copies = super().copy(default)
        pairs = zip(self, copies, strict=True)
        lost = [copied for p, copied in pairs if copied._get_rank() < p._get_rank()]
        self._check_taken_out(self.browse().union(*lost))
        return copies

    @contextmanager
    def _reclassified(self):
        """Judge a change of class: taking products out of the doctrine opens the gate
        to all that buys them, so it is an officer's or a referentials manager's act."""
        before = {product: product._get_rank() for product in self}
        yield
        lowered = self.filtered(lambda p: p._get_rank() < before[p])
        self._check_taken_out(lowered)
        self._reclassify_drafts()

    @api.model
    def _check_taken_out(self, lowered):
        if lowered and not self._may_take_out():
            raise AccessError(
                self.env._(
                    "%(products)s would no longer be digital purchases: ask a "
                    "compliance officer or a referentials manager to reclassify them.",
                    products=", ".join(lowered.mapped("display_name")),
                )
            )

    def _get_rank(self):
        """How far the doctrine reaches this product: 0 not at all, 2 always."""
        company = self.env.company
        scope = self._get_scope(company, company._souverainete_today())
        return {"in": 2, "ask": 1}.get(scope, 0)

    def _may_take_out(self):
        user = self.env.user
        return (
            not self.env["res.company"]._is_anybody_concerned()
            or user._is_superuser()
            or user.has_group("souverainete_achat.group_officer")
            or user.has_group("souverainete_achat.group_manager")
        )

    def _reclassify_drafts(self):
        """Called once these products changed class: what buys them follows."""


def get_strictest(scopes):
    """The strictest of these scopes; none at all is not known."""
    return next((scope for scope in RANKS if scope in scopes), "")
