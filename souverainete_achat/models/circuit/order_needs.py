from collections import defaultdict

from odoo import models

from .light_need import Need


class PurchaseOrder(models.Model):
    """Small orders of one need add up, whatever it was split by."""

    _inherit = "purchase.order"

    # === HOOKS === #

    def _get_need_keys(self, product):
        """The needs that buying `product` in this order meets.

        A need is a use, not a seller: the same product, or the same full CPV code, adds
        up whatever the vendor. A publisher, on its side, cuts one offer in many
        references: what one vendor sells in one CPV category (first five digits) adds
        up too, and so does what it sells without any code, since nothing tells it
        apart. Two vendors in one category remain two needs: a category holds different
        uses, and adding them up would refuse what was never split.
        """
        code = (product._get_cpv_code() or "")[:8]
        vendor = self.partner_id.commercial_partner_id._origin.id or None
        use = ("cpv", code, None) if code else ("product", "", product.id)
        return {Need(*use, None), Need("vendor", code[:5], None, vendor)}

    def _is_of_a_need(self, product):
        """Whether the doctrine is about `product`: chairs bought along with software
        are no part of its need, unless the order was stated digital as a whole."""
        code = product._get_cpv_code()
        if self.scope_override == "in" or not code:
            return True
        return self._get_strictest_scope({code}) != "out"

    # === WHAT ADDS UP === #

    def _get_ministry(self):
        """Branches of one ministry have their needs in common."""
        return self.company_id.sudo().root_id

    def _get_need_parts(self):
        """{product: € HT}, in the order's currency: what this order buys of each."""
        parts = defaultdict(float)
        for line in self.order_line:
            product = line.product_id.product_tmpl_id._origin
            if product and self._is_of_a_need(product):
                parts[product] += line._get_judged_subtotal()
        return parts

    def _get_shared_needs(self, products):
        """{need: products of this order that it counts}, of the needs that small orders
        already met. A product stays of the needs it was bought for: a new CPV code does
        not make another need of it."""
        needs = self.env["souverainete.light.need"].sudo()
        vendor = self.partner_id.commercial_partner_id
        ministry = self._get_ministry()
        shared = needs._get_held(ministry, products, vendor)
        keys = {product: self._get_need_keys(product) for product in products}
        for need in needs._find(ministry, set().union(*keys.values())):
            own = products.filtered(lambda p, need=need: need._get_key() in keys[p])
            shared[need] = shared.get(need, own) | own
        return shared

    def _get_passed_needs(self):
        """{need: € HT of its small orders with this one}, in the order's currency, of
        the needs that this order takes to the light ceiling together with others."""
        parts = self._get_need_parts()
        products = self.env["product.template"].union(*parts)
        shared = self._get_shared_needs(products) if products else {}
        needs = self.env["souverainete.light.need"].sudo().union(*shared)
        totals = {
            need: self._from_ministry(others) + sum(parts[p] for p in shared[need])
            for need, others in needs._get_amounts(self).items()
        }
        return {
            need: total
            for need, total in totals.items()
            if not self._is_below("light", total)
        }

    def _from_ministry(self, amount):
        company = self.company_id
        currency = self._get_ministry().currency_id
        today = company._souverainete_today()
        return currency._convert(amount, self.currency_id, company, today)

    def _to_ministry(self, amount):
        company = self.company_id
        currency = self._get_ministry().currency_id
        today = company._souverainete_today()
        return self.currency_id._convert(amount, currency, company, today)
