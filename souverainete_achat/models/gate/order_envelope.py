from odoo import fields, models

from .requisition_gate import SIGNED_STATES


class PurchaseRequisition(models.Model):
    _inherit = "purchase.requisition"

    need_order_ids = fields.One2many(
        "purchase.order", "need_id", string="Orders of this need"
    )

    def _get_placed_amount(self):
        """Sum of the confirmed orders under this file, HT, in its currency.

        Read again: the cache may hold only the orders the user may see.
        """
        self.invalidate_recordset(["purchase_ids", "need_order_ids"])
        orders = self.purchase_ids | self.need_order_ids
        placed = orders.filtered(lambda o: o.state == "purchase")
        return sum(order._get_amount_ht(self.currency_id) for order in placed)


class PurchaseOrder(models.Model):
    """What an order must show: a file or the three questions, and its envelope."""

    _inherit = "purchase.order"

    def _is_light(self):
        """Whether this order needs no file: below the dated ceiling, € HT."""
        return self._is_below("light", self.amount_untaxed)

    def _finding_order_scope(self):
        """Nothing is bought while nobody said whether it is digital."""
        if self.scope_status != "ask":
            return {}
        return {
            "": self.env._(
                "Say whether this purchase is digital: its CPV codes do not tell. "
                "Answer in the banner of the order."
            )
        }

    def _finding_order_file(self):
        """Above the light ceiling, a digital order needs a purchase file."""
        if self.scope_status != "in" or self._get_file():
            return {}
        if self._is_light() and not self._is_sensitive_cloud():
            return {}
        return {
            "": self.env._(
                "This digital purchase needs a purchase file: use “Create the "
                "purchase file” or “Link to a file” in the banner of the order."
            )
        }

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

    def _finding_order_open(self):
        """The file takes orders: signed and running, or launched where it is a need."""
        file = self._get_file()
        if not file or file._takes_orders():
            return {}
        return {
            "": self.env._(
                "%(file)s takes no order now: it must be launched, signed where it is "
                "an agreement, and neither closed nor past its end.",
                file=file.display_name,
            )
        }

    def _finding_order_need(self):
        """Each order under an umbrella carries its own need, checked on it."""
        agreement = self.requisition_id
        if not agreement.is_umbrella or agreement.is_prior:
            return {}
        if self.need_id and self.need_id != agreement.need_id:
            return {}
        return {
            "": self.env._(
                "%(agreement)s is an umbrella framework: link the need of this order "
                "in the banner of the order.",
                agreement=agreement.display_name,
            )
        }

    def _finding_order_option(self):
        """What is bought is a retained option, from its own holder."""
        file = self._get_file()
        if not file or file.is_prior or self.option_id in self._get_vendor_options():
            if not file or file.is_prior or self.option_id:
                return {}
        return {
            "": self.env._(
                "Choose the retained option of %(need)s whose holder is "
                "%(vendor)s, on the order. Another vendor needs its own verdict on "
                "the file.",
                need=self.need_id.display_name or file.display_name,
                vendor=self.partner_id.display_name,
            )
        }

    def _finding_order_envelope(self):
        """Vendor, company, currency, products and amount are those judged."""
        file = self._get_file()
        if not file:
            return {}
        checks = {
            "vendor": not self._is_vendor_judged(file),
            "company": file.company_id not in self.company_id.parent_ids,
            "currency": self.currency_id != file.currency_id,
            "products": bool(self._get_products_outside(file)),
            "amount": self._is_above_ceiling(file),
        }
        messages = self._get_envelope_messages(file)
        return {key: messages[key] for key, broken in checks.items() if broken}

    def _is_vendor_judged(self, file):
        holders = (file.vendor_id | file.holder_ids).commercial_partner_id
        vendor = self.partner_id.commercial_partner_id
        signed = file.gate_state in SIGNED_STATES
        return vendor in holders if holders and signed else True

    def _get_products_outside(self, file):
        """Digital products that are not on the file, when it lists products."""
        listed = file.line_ids.product_id
        bought = self.order_line.product_id
        return bought - listed if listed else bought.browse()

    def _is_above_ceiling(self, file):
        """Whether the orders of the file, this one included, exceed what was judged."""
        ceiling, known = file._get_order_ceiling()
        if not known:
            # Unknown is no ceiling; a contract signed before the rules may lack it.
            return not file.is_prior
        placed = file._get_placed_amount()
        if self.state != "purchase":
            placed += self._get_amount_ht(file.currency_id)
        return file.currency_id.compare_amounts(placed, ceiling) > 0

    def _get_envelope_messages(self, file):
        name = file.display_name
        return {
            "vendor": self.env._(
                "%(vendor)s is not a holder of %(file)s.",
                vendor=self.partner_id.display_name,
                file=name,
            ),
            "company": self.env._(
                "The order's company is neither that of %(file)s nor a part of it.",
                file=name,
            ),
            "currency": self.env._(
                "The order's currency is not that of %(file)s.", file=name
            ),
            "products": self.env._(
                "Products of the order are not on %(file)s: %(products)s.",
                file=name,
                products=", ".join(
                    self._get_products_outside(file).mapped("display_name")
                ),
            ),
            "amount": self.env._(
                "With this order, the orders of %(file)s exceed the amount judged "
                "(€ excl. tax), or that amount is not known: see the top of the file.",
                file=name,
            ),
        }
