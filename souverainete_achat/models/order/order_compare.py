from odoo import models


class PurchaseOrder(models.Model):
    """Comparing alternatives: price is not all that counts."""

    _inherit = "purchase.order"

    def action_compare_alternative_lines(self):
        """Show options and their standing where something is digital."""
        action = super().action_compare_alternative_lines()
        compared = self | self.alternative_po_ids
        digital = any(order.scope_status != "out" for order in compared)
        return action | {"context": action["context"] | {"compares_digital": digital}}

    def _get_compared_options(self):
        """{order: option of its need and vendor}, among those the user may read: bids
        are confidential until award. One search, whatever the number of orders."""
        options = self.env["souverainete.option"]
        needs = self.filtered(lambda order: order.scope_status != "out").need_id
        if needs and options.has_access("read"):
            options = options.search([("requisition_id", "in", needs.ids)])
        return {order: order._get_compared_option(options) for order in self}

    def _get_compared_option(self, options):
        """The option ordered; else the vendor's bid, else what was studied of it."""
        if self.option_id in options:
            return self.option_id
        vendor = self.partner_id.commercial_partner_id
        return options.filtered(
            lambda o: (
                o.requisition_id == self.need_id
                and o.partner_id.commercial_partner_id == vendor
            )
        ).sorted(lambda o: (o.kind != "offer", o.verdict != "retained"))[:1]
