from odoo import models

from .requisition_gate import SIGNED_STATES


class PurchaseOrder(models.Model):
    """What an order must show under its file, and its envelope."""

    _inherit = "purchase.order"

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

    def _get_not_digital_message(self, file):
        return self.env._(
            "%(file)s was not judged as a digital purchase, so nothing digital is "
            "ordered under it: choose another file.",
            file=file.display_name,
        )

    def _is_file_digital(self):
        """Whether the doctrine was asked of the file, or it was signed before. What
        was signed as not digital carries no digital order."""
        file = self._get_file()
        return bool(file) and (file.is_prior or file._get_judged_scope() != "out")

    def _finding_order_open(self):
        """Its files take orders: signed and running, or launched where it is a need."""
        if self._is_ordered_by_who_took_over():
            return {"officer": self._get_four_eyes_message()}
        return {
            str(file.id): self.env._(
                "%(file)s takes no order now: it must be launched, signed where it is "
                "an agreement, and neither closed nor past its end.",
                file=file.display_name,
            )
            for file in self._get_file() | self._get_studied_file()
            if not file._takes_orders()
        }

    def _is_ordered_by_who_took_over(self):
        """Whether one person said that a contract exists, and orders under it."""
        file = self._get_file()
        buyers = self._get_scope_requesters() | self.env.user
        return file.is_prior and file.prior_officer_id in buyers

    def _get_four_eyes_message(self):
        return self.env._(
            "Four eyes: %(officer)s took %(file)s over, so another person orders under "
            "it.",
            officer=self._get_file().prior_officer_id.name,
            file=self._get_file().display_name,
        )

    def _finding_order_need(self):
        """The need is the agreement's; each order under an umbrella has its own."""
        agreement = self.requisition_id
        if not self._is_under_umbrella():
            return self._get_foreign_need_message() if agreement else {}
        if not self._is_file_missing():
            return {}
        return {
            "": self.env._(
                "%(agreement)s is an umbrella framework: link the need of this order "
                "in the banner of the order.",
                agreement=agreement.display_name,
            )
        }

    def _get_foreign_need_message(self):
        agreement = self.requisition_id
        if agreement.is_umbrella or self.need_id == agreement.need_id:
            return {}
        return {
            "foreign": self.env._(
                "The need of this order is not that of %(agreement)s: choose the "
                "agreement again.",
                agreement=agreement.display_name,
            )
        }

    def _finding_order_option(self):
        """What is bought is a retained option, from its own holder."""
        file = self._get_file()
        if not file or file.is_prior or self._is_file_missing():
            return {}
        if self.option_id and self.option_id in self._get_vendor_options():
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
        """Vendor, company, currency, products and amount are those judged, on the
        file and on the need it meets."""
        messages = {}
        for file in self._get_file() | self.need_id:
            words = self._get_envelope_messages(file)
            broken = self._get_broken_limits(file)
            messages |= {f"{file.id}-{key}": words[key] for key in broken}
        return messages

    def _get_broken_limits(self, file):
        """Names of the limits of `file` that this order is outside of."""
        own = file == self._get_file()
        limits = {
            "vendor": own and not self._is_vendor_judged(file),
            "company": file.company_id not in self.company_id.parent_ids,
            "currency": own and self.currency_id != file.currency_id,
            "products": bool(self._get_products_outside(file)),
            "amount": self._is_above_ceiling(file),
        }
        return [name for name, broken in limits.items() if broken]

    def _is_vendor_judged(self, file):
        """Whether the vendor holds the agreement; a need alone is signed with none."""
        holders = file._get_holders()
        vendor = self.partner_id.commercial_partner_id
        signed = (
            file.requisition_type == "blanket_order"
            and file.gate_state in SIGNED_STATES
        )
        return vendor in holders if holders and signed else True

    def _get_products_outside(self, file):
        """Digital products that are not on the file, when it lists products."""
        listed = file.line_ids.product_id
        bought = self.order_line.product_id
        return bought - listed if listed else bought.browse()

    def _is_above_ceiling(self, file):
        """Whether the orders of the file, this one included, exceed what was judged."""
        ceiling, known = self._get_ceiling_of(file)
        if not known:
            # Unknown is no ceiling; a contract signed before the rules may lack it.
            return file == self._get_studied_file() and not file.is_prior
        placed = file._get_placed_amount()
        if self.state != "purchase":
            placed += self._get_amount_ht(file.currency_id)
        return file.currency_id.compare_amounts(placed, ceiling) > 0

    def _get_ceiling_of(self, file):
        """(€ HT, known): of the file ordered under, or of a need others share."""
        own = file == self._get_file()
        return file._get_order_ceiling() if own else file._get_value()

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
