from dateutil.relativedelta import relativedelta

from odoo import models

# What was bought lightly over this period counts with what is bought now.
_SPLIT_MONTHS = 12


class PurchaseOrder(models.Model):
    """The light circuit: no file, three questions, and no splitting."""

    _inherit = "purchase.order"

    def _is_light(self):
        """Whether this order needs no file: below the dated ceiling, € HT, with what
        was bought lightly of the same kind, from the same vendor, in a year."""
        return self._is_below(
            "light", self._get_judged_amount() + self._get_split_amount()
        )

    def _get_split_amount(self):
        """€ HT of the light orders that one need may have been split into."""
        kinds = self._get_kinds()
        orders = self.sudo().search(self._get_split_domain())
        return sum(
            order._get_amount_ht(self.currency_id)
            for order in orders
            if kinds & order._get_kinds()
        )

    def _get_split_domain(self):
        """Light orders of this ministry to this vendor. By their creation: the day of
        confirmation is a column that anybody could write."""
        today = self.company_id._souverainete_today()
        vendor = self.partner_id.commercial_partner_id
        return [
            ("id", "!=", self._origin.id),
            ("company_id", "=", self.company_id.id),
            ("partner_id.commercial_partner_id", "=", vendor.id),
            ("state", "=", "purchase"),
            ("scope_status", "=", "in"),
            ("requisition_id", "=", False),
            ("need_id", "=", False),
            ("create_date", ">=", today - relativedelta(months=_SPLIT_MONTHS)),
        ]

    def _get_kinds(self):
        """What is bought, by class; by product where no CPV code says."""
        products = self._get_bought_products().product_tmpl_id
        codes = {product: product._get_cpv_code() for product in products}
        return {code[:8] if code else product.id for product, code in codes.items()}

    def _is_sensitive_cloud(self):
        """A cloud service whose data may be sensitive is never a light purchase."""
        return self.light_cloud == "yes" and self.light_sensitive in ("yes", "unknown")

    def _finding_order_light(self):
        """The light circuit asks three questions, whatever the amount."""
        if self.scope_status != "in" or self._get_file() or not self._is_light():
            return {}
        questions = {
            "light_mutualised": self.light_mutualised == "yes",
            "light_cloud": bool(self.light_cloud),
            "light_sensitive": bool(self.light_sensitive),
        }
        return {
            name: self._get_light_message(name)
            for name, answered in questions.items()
            if not answered
        }

    def _get_light_message(self, name):
        label = self.fields_get([name], ["string"])[name]["string"]
        if self[name] == "no":
            return self.env._(
                "Look for a mutualised solution first, then answer the question "
                "“%(question)s” in the banner of the order.",
                question=label,
            )
        return self.env._(
            "Answer the question “%(question)s” in the banner of the order.",
            question=label,
        )
