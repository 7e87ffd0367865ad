from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Option(models.Model):
    """The lot an offer is for. The same bidder may offer another service, hosted
    elsewhere, for another lot: what is proved for one proves nothing of the other."""

    _inherit = "souverainete.option"

    lot_id = fields.Many2one(
        "souverainete.lot",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('requisition_id', '=', requisition_id)]",
        help="Lot the offer was made for. Empty: the whole need, as a study usually "
        "is.",
    )

    @api.depends("requisition_id", "lot_id")
    def _compute_grid_id(self):
        """The lot's grid, unless something was already assessed on another."""
        result = super()._compute_grid_id()
        for option in self.filtered("lot_id.grid_id"):
            if not option.answer_ids.filtered("level_id"):
                option.grid_id = option.lot_id.grid_id
        return result

    @api.constrains("lot_id", "requisition_id")
    def _check_lot(self):
        for option in self.filtered("lot_id"):
            if option.lot_id.requisition_id != option.requisition_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not a lot of the need of this option.",
                        lot=option.lot_id.label,
                    )
                )

    def write(self, vals):
        if "lot_id" not in vals:
            return super().write(vals)
        self._check_not_settled()
        result = super().write(vals)
        self._refresh_questions()
        return result

    def _get_published_grid(self):
        return self.lot_id.grid_id or super()._get_published_grid()

    def _get_competition(self):
        """Offers compete for one lot: no other lot's offer ranks against them."""
        return self.lot_id

    def _is_award_settled(self):
        """The offers of a lot are disclosed when that lot is signed; what says no lot,
        when all of them are."""
        need = self.requisition_id
        if not need.lot_ids:
            return super()._is_award_settled()
        return self.lot_id._is_awarded() if self.lot_id else need.is_awarded

    def _prepare_shared(self):
        """What whoever reuses the study reads of this option: neither cost nor chain.
        The holder, unless it is an address of that ministry alone."""
        holder = self.partner_id.commercial_partner_id
        copied = ("name", "path", "assessment", "verdict", "custom_ground")
        return {
            **{name: self[name] for name in copied},
            "kind": "studied",
            "solution_id": self.solution_id.id,
            "partner_id": False if holder.company_id else holder.id,
            "reason": self.reason or "",
        }
