from odoo import models


class PurchaseOrder(models.Model):
    """What an order is worth, as it is judged: from the lines as they were typed."""

    _inherit = "purchase.order"

    def _get_judged_amount(self):
        """€ HT of what is bought, in the order's currency; a rebate hides nothing."""
        self.ensure_one()
        return sum(line._get_judged_subtotal() for line in self.order_line)

    def _get_amount_ht(self, currency):
        """Judged amount, in `currency` at the server's day."""
        company = self.company_id
        return self.currency_id._convert(
            self._get_judged_amount(),
            currency,
            company,
            company._souverainete_today(),
        )
