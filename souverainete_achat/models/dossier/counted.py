from odoo import models

from ..base.together import once
from .light_need import Need


class Counted(models.AbstractModel):
    """A purchase that counts towards the needs of its ministry, whatever they are
    split by: which needs, and in which currency they are summed."""

    _name = "souverainete.counted"
    _inherit = ["souverainete.scoped"]
    _description = "Purchase that counts towards a need"

    def _get_seller(self):
        """Who sells."""
        return self.env["res.partner"]

    def _get_need_keys(self, product):
        """The needs that buying `product` here meets.

        A need is a family of goods or services, not a seller (CCP R. 2121-6): the same
        CPV class or the same Chorus group adds up whatever the vendor and the product.
        What has no class, or one that its words belie, is told apart by nothing but
        the product itself and who sells it: both add up.
        """
        if families := self._get_families(product):
            return {Need(basis, code, None, None) for basis, code in families.items()}
        keys = {Need("product", "", product.id, None)}
        if vendor := self._get_vendor():
            keys.add(Need("vendor", "", None, vendor.id))
        return keys

    def _get_families(self, product):
        """{basis: code} of the families that `product` belongs to."""
        company = self.company_id
        today = company._souverainete_today()
        belied = product._get_scope(company, today) == "out"
        if belied and self.scope_override != "in":
            return {}
        families = {"chorus": product._get_chorus_group()}
        if code := product._get_cpv_code():
            prefixes = self.env["souverainete.cpv.prefix"]
            families["cpv"] = prefixes._get_family(code[:8], company, today)
        return {basis: code for basis, code in families.items() if code}

    def _get_vendor(self):
        """Who sells, by identity: twins are one."""
        vendor = self._get_seller().commercial_partner_id._origin
        return once(self.env, ("twins", vendor), vendor._get_twins)[:1]

    def _is_of_a_need(self, line):
        """Whether the doctrine is about what `line` buys: chairs bought along with
        software are no part of its need, unless it was stated digital as a
        whole, or their words say that they are no chairs."""
        product = line.product_id.product_tmpl_id
        if self.scope_override == "in" or line._get_signs().get_asking():
            return bool(product)
        return bool(product) and self._get_scopes(line)[product] != "out"

    def _get_ministry(self):
        """Branches of one ministry have their needs in common."""
        return self.company_id.sudo().root_id

    def _from_ministry(self, amount):
        company = self.company_id
        currency = self._get_ministry().currency_id
        today = company._souverainete_today()
        return currency._convert_dated(amount, self.currency_id, company, today)

    def _to_ministry(self, amount):
        company = self.company_id
        currency = self._get_ministry().currency_id
        today = company._souverainete_today()
        return self.currency_id._convert_dated(amount, currency, company, today)
