from odoo import api, models


class PurchaseOrderLine(models.Model):
    _name = "purchase.order.line"
    _inherit = ["purchase.order.line", "souverainete.written", "souverainete.worded"]
    _root_path = "order_id"
    _text_fields = ("product_id", "name")

    @api.model
    def _get_content_fields(self):
        return frozenset(
            ("order_id", "product_id", "name", "product_qty", "price_unit", "discount")
        )

    def _merge_po_line(self, rfq_line):
        """Merged, the quantities of another order are of who wrote that one."""
        self.order_id._add_authors(rfq_line.order_id._get_askers())
        return super()._merge_po_line(rfq_line)

    def _is_billed_only(self):
        """A down payment taken from a bill: it orders nothing by itself."""
        return self.is_downpayment and not self.product_qty

    def _get_typed_amount(self):
        """€ of the line, as typed, its taxes apart or not: only ever compared with
        itself."""
        return max(self.price_unit * self.product_qty * (1 - self.discount / 100), 0.0)

    def _get_judged_subtotal(self):
        """What the line buys, without tax, from what was typed on it.

        The stored subtotal is a column that anybody could write by RPC, and a negative
        line would hide what the others are worth.
        """
        self.ensure_one()
        if not self.tax_ids.filtered("price_include"):
            kept = 1 - self.discount / 100
            # The line's own is empty while a vendor's recomputes that of the order.
            currency = self.order_id.currency_id
            subtotal = currency.round(self.price_unit * self.product_qty * kept)
            return max(subtotal, 0.0)
        tax = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation()
        tax._add_tax_details_in_base_line(base_line, self.company_id)
        tax._round_base_lines_tax_details([base_line], self.company_id)
        return max(base_line["tax_details"]["total_excluded_currency"], 0.0)

    def _get_taken_subtotal(self):
        """€ HT of what was received or billed, at the price of the line."""
        taken = max(self.qty_received, self.qty_invoiced)
        if taken <= 0:
            return 0.0
        if self.product_qty > 0:
            return self._get_judged_subtotal() * taken / self.product_qty
        return max(self.price_unit * taken * (1 - self.discount / 100), 0.0)
