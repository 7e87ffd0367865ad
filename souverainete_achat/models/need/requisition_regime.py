from odoo import api, models


class PurchaseRequisition(models.Model):
    """A grouping follows the strictest regime of its members; their values add up."""

    _inherit = "purchase.requisition"

    def _get_value(self):
        """At least what the members expect to buy together; one unknown share leaves
        the total unknown, whatever was estimated."""
        amount, known = super()._get_value()
        members = self.sudo().grouping_member_ids
        if not members:
            return amount, known
        valued = members.filtered("amount_known")
        return max(amount, sum(valued.mapped("amount"))), valued == members

    @api.depends(
        "grouping_member_ids.amount",
        "grouping_member_ids.amount_known",
        "grouping_member_ids.entity_type",
        "grouping_member_ids.member_company_id",
    )
    def _compute_circuit(self):
        return super()._compute_circuit()

    def _is_reinforced(self):
        """A need that is large for one member is so for all."""
        amount, _known = self._get_value()
        reached = self._is_reached_for_members("reinforced", amount)
        return super()._is_reinforced() or reached

    def _is_below(self, kind, amount):
        """Below the threshold of each member: the strictest decides."""
        reached = self._is_reached_for_members(kind, amount)
        return super()._is_below(kind, amount) and not reached

    def _is_sren_bound(self):
        """One member that loi SREN binds binds them all."""
        members = self.sudo().need_id.grouping_member_ids
        return super()._is_sren_bound() or any(m._is_sren_bound() for m in members)

    def _is_reached_for_members(self, kind, amount):
        return any(
            self._is_reached_for(kind, amount, *body)
            for member in self.sudo().need_id.grouping_member_ids
            for body in member._get_bodies()
        )

    def _is_reached_for(self, kind, amount, company, entity_type):
        today = self.company_id._souverainete_today()
        thresholds = self.env["souverainete.threshold"]
        threshold = thresholds._get_for_body(kind, company, entity_type, today)
        return bool(threshold) and threshold._is_reached_by(
            amount, self.currency_id, self.company_id, today
        )
