from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.told import Label, tell

_WRITTEN = {"verdict", "partner_id"}


class Option(models.Model):
    """The lot an offer is made for, who stands behind it, and the RFQs it fills."""

    _inherit = "souverainete.option"

    lot_id = fields.Many2one(
        "souverainete.lot",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('requisition_id', '=', requisition_id)]",
        help="Lot the offer was made for. Empty: the whole need, as a study usually "
        "is.",
    )

    def _get_missing_roles(self, roles):
        """Those of `roles` no component tells; the body that sells plays none."""
        seller = self.partner_id.commercial_partner_id
        told = self.component_ids.filtered("partner_id").filtered(
            lambda component: component.partner_id.commercial_partner_id != seller
        )
        return [role for role in roles if role not in told.mapped("role")]

    def _get_roles_message(self, roles):
        return tell(self.env)._(
            "Behind the central purchasing body, say who supplies “%(option)s”: "
            "%(roles)s. Add them as components (option, tab “Hosting”).",
            option=self.display_name,
            roles=[Label("souverainete.component", "role", role) for role in roles],
        )

    # === OPTION STANDING === #
    # Where an option stands, in words, for whoever compares.

    def _get_standing(self):
        self.ensure_one()
        known = (self.score_interval, self._get_label("level_reached"))
        return {
            "verdict": self._get_label("verdict"),
            "sovereignty": " · ".join(filter(None, known)),
        }

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name])

    # === OPTION ORDERS === #
    # An RFQ linked to the need takes what is retained, afterwards, for its
    # vendor.

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options._fill_requests()
        return options

    def write(self, vals):
        if "lot_id" in vals:
            self._check_not_settled()
        res = super().write(vals)
        if _WRITTEN & set(vals):
            self._fill_requests()
        if "lot_id" in vals:
            self._refresh_questions()
        return res

    def _fill_requests(self):
        orders = self.requisition_id.sudo().need_order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and not order.option_id
        )
        self.env.add_to_compute(orders._fields["option_id"], orders)

    @api.depends(
        "requisition_id.grouping_member_ids.amount",
        "requisition_id.grouping_member_ids.amount_known",
        "requisition_id.grouping_member_ids.entity_type",
        "requisition_id.lot_ids.amount",
        "requisition_id.lot_ids.amount_known",
    )
    def _compute_band(self):
        return super()._compute_band()

    # === OPTION === #
    # The lot an offer is for. The same bidder may offer another service, hosted
    # elsewhere, for another lot: what is proved for one proves nothing of the
    # other.

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
