from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError

from ..base.told import Told, tell

# What was stated of one RFQ and does not hold of another.
_STATED = (
    "need_id",
    "option_id",
    "scope_override",
    "scope_reason",
    "light_mutualised",
    "light_cloud",
    "light_sensitive",
)


class PurchaseOrder(models.Model):
    """RFQs of one need: alternatives, merging, comparison; orders within their lot."""

    _inherit = "purchase.order"

    def _prepare_file_vals(self):
        """The file of an order under a framework names that framework; a central
        purchasing body stays one."""
        vals = super()._prepare_file_vals()
        if agreement := self.requisition_id:
            return vals | {
                "framework_ref": agreement.ref_contract or agreement.name,
                "framework_body_id": agreement.company_id.partner_id.id,
            }
        if self._is_from_central_body():
            vals["purchase_route"] = "central_body"
        return vals

    def _is_from_central_body(self):
        """Whether this ministry already launched a file by that route, with this
        vendor. The buyer may still correct it."""
        vendor = self.partner_id.commercial_partner_id
        return bool(
            self.env["purchase.requisition"].search_count(
                [
                    ("company_id", "=", self.company_id.id),
                    ("vendor_id.commercial_partner_id", "=", vendor.id),
                    ("purchase_route", "=", "central_body"),
                    ("date_launch", "!=", False),
                ],
                limit=1,
            )
        )

    # === ALTERNATIVE === #
    # Alternatives: other vendors asked for the same need.

    def _prepare_alternative_vals(self, vendor):
        """What an alternative from `vendor` shares with this RFQ.

        The need, and what was stated of it; the agreement only where the vendor holds
        it. The option is that of the vendor, and is found again. Whether it is a cloud
        service depends on what the vendor sells: it is asked again.
        """
        self.ensure_one()
        if self.scope_status == "out" and self.scope_override == "auto":
            return {}
        shared = (
            "scope_override",
            "scope_reason",
            "light_mutualised",
            "light_sensitive",
        )
        return {
            **{name: self[name] for name in shared},
            "need_id": self.need_id.id,
            "requisition_id": self._get_agreement_held_by(vendor).id,
        }

    def _get_agreement_held_by(self, vendor):
        """The agreement of this order, if `vendor` is one of its holders."""
        agreement = self.requisition_id
        held = vendor._is_among(agreement.sudo()._get_holders())
        return agreement if held else agreement.browse()

    def button_confirm(self):
        """Core's warning on alternatives replaces the whole context: without the
        language, a refusal and the journal would be in English."""
        context = self.env.context
        if context.get("skip_alternative_check") and "lang" not in context:
            orders = self.with_context(lang=self.env.user.lang)
            return super(PurchaseOrder, orders).button_confirm()
        return super().button_confirm()

    # === MERGING RFQS === #
    # Merging RFQs: what meets one need is merged, and nothing stated is lost.

    def _prepare_grouped_data(self, rfq):
        return super()._prepare_grouped_data(rfq) + tuple(rfq[name] for name in _STATED)

    def action_merge(self):
        """Say why nothing is merged: core's message names other differences."""
        rfqs = self.filtered(lambda order: order.state in ("draft", "sent"))
        if rfqs._is_kept_apart():
            raise UserError(
                self.env._(
                    "These RFQs are not merged: their needs, retained options, scopes "
                    "or answers to the three questions differ, and those of one would "
                    "be lost. Make them the same on each RFQ first, or order apart."
                )
            )
        merged = list(rfqs.grouped(self._get_merge_key).values())
        result = super().action_merge()
        for together in merged:
            # Who wrote or asked for one of them did so of what they became.
            together._add_authors(together._get_askers())
        return result

    @api.model
    def _get_merge_key(self, rfq):
        return self._prepare_grouped_data(rfq)

    def _is_kept_apart(self):
        """Whether nothing can be merged, and only because of what was stated."""
        core = super()._prepare_grouped_data
        if max(Counter(map(self._prepare_grouped_data, self)).values(), default=0) > 1:
            return False
        return max(Counter(map(core, self)).values(), default=0) > 1

    # === COMPARE === #
    # Comparing alternatives: price is not all that counts.

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
        return options.filtered(
            lambda o: (
                o.requisition_id == self.need_id
                and self.partner_id._is_among(o.partner_id)
            )
        ).sorted(lambda o: (o.kind != "offer", o.verdict != "retained"))[:1]

    # === ORDER === #
    # What an order owes to the lot of its agreement.

    def _get_broken_limits(self, file):
        """With the file's own limits, the value that the holders of a lot share."""
        broken = super()._get_broken_limits(file)
        own = file == self._get_file()
        return [*broken, "lot"] if own and self._is_above_lot(file.lot_id) else broken

    def _is_above_lot(self, lot):
        """Whether the orders to all the holders of the lot exceed its value."""
        if not lot:
            return False
        ceiling = lot._get_ceiling()
        placed = self._get_placed_with(lot)
        return ceiling.known and placed.exceeds(ceiling, lot.currency_id)

    def _get_envelope_messages(self, file):
        messages = super()._get_envelope_messages(file)
        if lot := file.lot_id:
            said = tell(self.env)._(
                "With this order, the orders to the holders of lot %(lot)s exceed the "
                "value of the lot, which they share.",
                lot=lot.label,
            )
            figures = self._tell_excess(lot, lot._get_ceiling())
            messages["lot"] = Told.join([said, figures])
        return messages
