from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _is_billed_only(self):
        """A down payment taken from a bill: it orders nothing by itself."""
        return self.is_downpayment and not self.product_qty

    def _get_judged_subtotal(self):
        """What the line buys, without tax, from what was typed on it.

        The stored subtotal is a column that anybody could write by RPC, and a negative
        line would hide what the others are worth.
        """
        self.ensure_one()
        tax = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation()
        tax._add_tax_details_in_base_line(base_line, self.company_id)
        tax._round_base_lines_tax_details([base_line], self.company_id)
        return max(base_line["tax_details"]["total_excluded_currency"], 0.0)
