from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ..base.amount import Amount
from ..base.opening import open_some


class Signing(models.AbstractModel):
    """A file whose retained offers become the agreements to sign, typed once."""

    _name = "souverainete.signing"
    _inherit = ["souverainete.gated"]
    _description = "Purchase file signed with the holders of retained offers"

    is_agreement_due = fields.Boolean(
        compute="_compute_is_agreement_due",
        help="A retained offer has no agreement yet, or not any more.",
    )

    @api.depends(
        "agreement_ids.state",
        "agreement_ids.vendor_id",
        "date_launch",
        "offer_ids.partner_id",
        "offer_ids.verdict",
        "studied_ids.verdict",
    )
    def _compute_is_agreement_due(self):
        for file in self:
            open_need = file.date_launch and file.state == "draft"
            own = open_need and file.need_id == file
            file.is_agreement_due = bool(own and file._get_offers_to_sign())

    # === AGREEMENT === #
    # From the offers retained to the agreements to sign, without typing twice.

    def action_open_agreements(self):
        self.check_access("read")
        self.ensure_one()
        return open_some(
            self.agreement_ids - self, self.env._("Agreements of this need")
        )

    def action_prepare_agreement(self):
        """Prepare one draft agreement for each holder of a retained offer, and open it.

        The file itself becomes the first agreement when it can be one.
        """
        self.check_access("read")
        self.ensure_one()
        need = self.need_id
        need.check_access("write")
        need._check_agreement_can_be_prepared()
        agreements = self.browse()
        for offer in need._get_offers_to_sign():
            agreements |= need._prepare_agreement(offer)
        return open_some(agreements, self.env._("Agreements to sign"))

    def _check_agreement_can_be_prepared(self):
        if not self.date_launch:
            raise UserError(self.env._("Launch the consultation first."))
        if not self._get_offers_to_sign():
            raise UserError(
                self.env._(
                    "No retained offer is left to sign. In the tab “Need and "
                    "doctrine”, add the offers received, give each its verdict with "
                    "its reason, and name the contract holder of the one retained."
                )
            )

    def _get_offers_to_sign(self):
        """Retained offers, or studied options where none was received, whose holder
        has no agreement of this need yet."""
        return self._filter_unsigned(self._get_options_to_sign())

    def _filter_unsigned(self, options):
        """Those of `options` whose holder has no agreement of this need yet."""
        signed = self.agreement_ids.filtered(lambda file: file.state != "cancel")
        holders = signed.vendor_id.commercial_partner_id
        return options.filtered(
            lambda o: o.partner_id.commercial_partner_id not in holders
        )

    def _get_options_to_sign(self):
        """Those retained that name who would sign."""
        return (self.offer_ids or self.studied_ids).filtered(
            lambda o: o.verdict == "retained" and o.partner_id
        )

    def _prepare_agreement(self, offer):
        """The draft agreement of one retained offer: the one prepared for an offer that
        is no longer retained, this file, or a new one."""
        if draft := self._get_draft_to_change(offer):
            vals = draft._prepare_agreement_vals(offer)
            draft.write(vals | draft._prepare_repriced_lines(offer))
            return draft
        new = self._prepare_new_agreement_vals(offer)
        return self.create(new | self._prepare_agreement_vals(offer))

    def _get_draft_to_change(self, offer):
        """The agreement that this offer gives its holder and its prices to; empty: one
        is to be made."""
        drafts = self._get_stale_drafts()
        if self.requisition_type == "blanket_order" and not self.vendor_id:
            drafts |= self
        return drafts[:1]

    def _get_stale_drafts(self):
        """Draft agreements whose holders have no retained offer any more."""
        retained = self._get_options_to_sign().partner_id
        return self._get_draft_agreements().filtered(
            lambda f: f.vendor_id and not f.vendor_id._is_among(retained)
        )

    def _prepare_agreement_vals(self, offer):
        """What the offer gives to the agreement. A ceiling that somebody typed stays;
        that of an offer no longer retained does not."""
        vals = {"vendor_id": offer.partner_id.id}
        settable = not self.amount_max_known or self._is_ceiling_of_offer()
        if offer.cost_known and offer.cost and settable:
            vals |= {"amount_max": offer.cost, "amount_max_known": True}
        return vals

    def _is_ceiling_of_offer(self):
        """Whether the ceiling came from an offer of the holder it was prepared for."""
        offers = self.need_id.offer_ids.filtered(
            lambda o: o.cost_known and self.vendor_id._is_among(o.partner_id)
        )
        return any(
            not self.currency_id.compare_amounts(offer.cost, self.amount_max)
            for offer in offers
        )

    def _prepare_repriced_lines(self, offer):
        """The lines of this agreement, at what was offered for them."""
        prices = self._get_offered_prices(self.line_ids, offer)
        commands = [
            fields.Command.update(line.id, {"price_unit": price})
            for line, price in prices.items()
        ]
        return {"line_ids": commands} if commands else {}

    def _get_offered_amount(self, offer):
        """What the agreement of this offer comes to, € HT."""
        return Amount.stated(offer, "cost")

    def _get_offered_prices(self, lines, offer):
        """{line: unit price} at which these lines come to what was offered, never more:
        each in proportion to its estimate. A framework's prices are not a share of its
        ceiling."""
        offered = self._get_offered_amount(offer)
        worths = {line: line.product_qty * line.price_unit for line in lines}
        if len(lines) == 1 and not any(worths.values()):
            worths = {line: line.product_qty for line in lines}
        total = sum(worths.values())
        if not offered.value or total <= 0 or self.is_umbrella:
            return {}
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return {
            line: float_round(
                worth * offered.value / total / line.product_qty,
                precision_digits=digits,
                rounding_method="DOWN",
            )
            for line, worth in worths.items()
            if line.product_qty
        }

    def _get_offered_lines(self, offer):
        """The lines of the need that this offer is for."""
        return self.line_ids

    def _prepare_new_agreement_vals(self, offer):
        """What the need gives to an agreement signed apart from it."""
        copied = (
            "reference",
            "cpv_code",
            "purchase_nature",
            "purchase_route",
            "date_start",
            "date_end",
        )
        return {
            **{name: self[name] for name in copied},
            "requisition_type": "blanket_order",
            "need_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "scope_override": self.scope_override,
            "line_ids": self._prepare_agreement_lines(offer),
        }

    def _prepare_agreement_lines(self, offer):
        lines = self._get_offered_lines(offer)
        prices = self._get_offered_prices(lines, offer)
        return [
            fields.Command.create(
                self._prepare_agreement_line_vals(line)
                | {"price_unit": prices.get(line, line.price_unit)}
            )
            for line in lines
        ]

    def _prepare_agreement_line_vals(self, line):
        return {
            "product_id": line.product_id.id,
            "product_description_variants": line.product_description_variants,
            "product_qty": line.product_qty,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
        }

    def _get_draft_agreements(self):
        return self.agreement_ids.filtered(
            lambda file: (
                file.requisition_type == "blanket_order" and file.state == "draft"
            )
        )
