from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .purchase_order import LEAVING

_ACTIVITY = "souverainete_achat.activity_lapsed_order"


class PurchaseRequisition(models.Model):
    """What leaves ahead of its file, or under one that is no longer in order.

    What left in urgency counts on the file that regularised it, and only there.
    """

    _inherit = "purchase.requisition"

    extreme_urgency_ids = fields.One2many(
        "souverainete.extreme.urgency",
        "file_id",
        string="Urgencies",
        readonly=True,
        help="Extreme urgencies that this file regularised.",
    )

    # === ORDERS === #
    def _get_placed_condition(self):
        """What left in urgency counts on the file that regularised it."""
        urgencies = self.env["souverainete.extreme.urgency"]
        urgencies.flush_model(["state", "file_id", "order_ids"])
        return SQL(
            """%s OR id IN (
                SELECT rel.purchase_order_id
                  FROM souverainete_extreme_urgency_order_rel AS rel
                  JOIN souverainete_extreme_urgency AS urgency
                    ON urgency.id = rel.souverainete_extreme_urgency_id
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
                and not order.extreme_urgency_id
            )
        )

    def _has_evidence(self):
        return bool(super()._has_evidence() or self.sudo().extreme_urgency_ids)

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

    def _get_running_orders(self):
        """Those of while the contract was in order: what runs."""
        return self._get_regular_orders().filtered(lambda o: not o.continuity_used)

    def _get_continued_limits(self):
        """{product: Part} of what runs, at its prices or those of the contract, raised
        by a dated percentage: what may be ordered again, over a dated period, to keep
        it running."""
        orders, prices = self._get_running_orders(), self._get_contract_prices()
        ratio = orders[:1]._get_price_ratio()
        limits = {}
        for product, part in orders._get_product_parts().items():
            worth = max(part.amount, part.quantity * prices.get(product.id, 0.0))
            limits[product] = part._replace(amount=ratio._raise_by(worth))
        return limits

    def _get_contract_prices(self):
        """{id of a product: € HT for one of its unit} of the lines of the contract."""
        prices = defaultdict(float)
        for line in self.line_ids:
            product, unit = line.product_id, line.product_uom_id
            price = unit._compute_price(line.price_unit, product.uom_id)
            prices[product.id] = max(prices[product.id], price)
        return prices

    def _get_continuing_orders(self):
        """Those confirmed on the lapsed contract over the last period, but to leave
        it."""
        today = self.company_id._souverainete_today()
        limits = self.env["souverainete.time.limit"]
        start = today - limits._get("continuity", self.company_id, today)._get_period()
        return self._get_regular_orders().filtered(
            lambda order: (
                order.continuity_used
                and order.continuity_ground not in LEAVING
                and (order.date_approve or order.create_date).date() > start
            )
        )

    def _tell_officers_of_continuity(self, askers):
        """The officers who did not ask; once while it is not done, however many
        orders."""
        for file in self:
            officers = file.company_id._get_role_users("group_officer") - askers
            self.env["mail.activity"]._tell(
                file,
                "continuity",
                officers,
                lambda read: read.env._("Orders on a lapsed contract"),
                act_type_xmlid=_ACTIVITY,
            )
