from odoo import api, fields, models
from odoo.tools import SQL

_ACTIVITY = "souverainete_achat.activity_lapsed_order"


class PurchaseRequisition(models.Model):
    """What leaves ahead of its file, or under one that is no longer in order.

    What left in urgency counts on the file that regularised it, and only there.
    """

    _inherit = "purchase.requisition"

    emergency_ids = fields.One2many(
        "souverainete.emergency",
        "file_id",
        string="Urgencies",
        readonly=True,
        help="Imperative urgencies that this file regularised.",
    )

    # === ORDERS === #
    def _get_placed_condition(self):
        """What left in urgency counts on the file that regularised it."""
        urgencies = self.env["souverainete.emergency"]
        urgencies.flush_model(["state", "file_id", "order_ids"])
        return SQL(
            """%s OR id IN (
                SELECT rel.purchase_order_id
                  FROM souverainete_emergency_order_rel AS rel
                  JOIN souverainete_emergency AS urgency
                    ON urgency.id = rel.souverainete_emergency_id
                 WHERE urgency.file_id = %s AND urgency.state = 'regularised')""",
            super()._get_placed_condition(),
            self.id,
        )

    def _get_regular_orders(self):
        """Confirmed orders that passed every check, by whatever road they came.

        By the gate's own marks: two orders written as confirmed at once would vouch
        for one another, and what was ordered as not digital was not judged. One that
        left in urgency proves nothing of its file.
        """
        return self._get_placed_orders().filtered(
            lambda order: (
                order.gate_state == "purchase"
                and order.gate_envelope
                and not order.emergency_id
            )
        )

    def _has_evidence(self):
        return bool(super()._has_evidence() or self.sudo().emergency_ids)

    # === LAPSE === #
    @api.model
    def _get_signed_codes(self):
        """Codes of the rules about what was signed itself: time does not undo them,
        so no ground lifts them."""
        return frozenset({"envelope", "need_covers", "scope"})

    def _is_once_met(self):
        """Whether every check passed once: it was signed or, where nothing is signed,
        ordered under."""
        self.ensure_one()
        if self.requisition_type == "blanket_order":
            return bool(self.gate_passed_on)
        return bool(self._get_regular_orders())

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
