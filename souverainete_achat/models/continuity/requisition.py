from odoo import api, models

_ACTIVITY = "souverainete_achat.activity_lapsed_order"


class PurchaseRequisition(models.Model):
    """A file that was in order, and no longer is: what may still be ordered."""

    _inherit = "purchase.requisition"

    @api.model
    def _get_signed_codes(self):
        """Codes of the rules about what was signed itself: time does not undo them,
        so no ground lifts them."""
        return frozenset({"envelope", "need_covers", "scope"})

    def _get_regular_orders(self):
        """Confirmed orders that passed every check, by whatever road they came.

        By the gate's own marks: two orders written as confirmed at once would vouch
        for one another, and what was ordered as not digital was not judged.
        """
        return self._get_placed_orders().filtered(
            lambda order: order.gate_state == "purchase" and order.gate_envelope
        )

    def _is_once_met(self):
        """Whether every check passed once: it was signed or, where nothing is signed,
        ordered under."""
        self.ensure_one()
        if self.requisition_type == "blanket_order":
            return bool(self.gate_passed_on)
        return bool(self._get_regular_orders())

    def _is_lapse(self, finding):
        """Whether this was in order once, and stopped being so by itself: a fact, a
        rule or the day. What people declare cannot do it: the gate refuses it."""
        return finding.blocking and finding.rule.code not in self._get_signed_codes()

    def _get_continued_products(self, leaving):
        """Products that are no new service: ordered before and, to leave, any of the
        contract, since reversibility is ordered once."""
        ordered = self._get_regular_orders().order_line.product_id
        return ordered | self.line_ids.product_id if leaving else ordered

    def _get_running_quantities(self):
        """{product: quantity} ordered while the contract was in order: what runs, in
        the unit of the product."""
        orders = self._get_regular_orders().filtered(lambda o: not o.continuity_used)
        return orders._get_product_quantities()

    # === THE OFFICER === #

    def _tell_officer_of_continuity(self, asker):
        """One activity for one officer who did not ask, while it is not done: one a
        file, however many orders."""
        for file in self:
            officers = file.company_id._get_role_users("group_officer") - asker
            if officers and not file.activity_search([_ACTIVITY]):
                file.activity_schedule(
                    _ACTIVITY,
                    summary=self.env._("Orders on a lapsed contract"),
                    user_id=officers[0].id,
                )
