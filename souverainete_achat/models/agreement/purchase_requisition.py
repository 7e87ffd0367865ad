from odoo import api, fields, models

from ..base.amount import Amount
from ..base.told import Told, tell


class PurchaseRequisition(models.Model):
    """How one need becomes agreements: lots, grouping, framework, and what some natures
    and routes are asked."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.lotted",
        "souverainete.grouped",
        "souverainete.umbrella",
        "souverainete.shared.study",
        "souverainete.reviewed",
        "souverainete.chained",
    ]

    consultation_ref = fields.Char(
        string="Consultation reference",
        index="btree_not_null",
        copy=False,
        help="Reference of the consultation that the lots and their agreements share.",
    )
    # === AMOUNTS THAT CAN BE SUMMED === #
    amount_counted = fields.Monetary(
        string="Value counted once (excl. tax)",
        copy=False,
        help="In € HT, on the file that carries the need alone: it can be summed.",
        guard="server",
    )
    amount_counted_known = fields.Boolean(
        string="Value counted known",
        copy=False,
        help="Unticked on a file that carries a need, its value is unknown: the sum is "
        "then a minimum.",
        guard="server",
    )
    amount_framework = fields.Monetary(
        string="Ceiling of the framework (excl. tax)",
        copy=False,
        help="Maximum of an umbrella framework, in € HT. It is no expense: what is "
        "spent under it is counted with each order.",
        guard="server",
    )
    # === GROUPING AND FRAMEWORK === #
    subsequent_ids = fields.One2many(
        "purchase.requisition",
        "framework_id",
        string="Subsequent contracts",
        context={"active_test": False},
        help="Agreements signed under this umbrella framework.",
    )
    # === HOOKS === #

    def _get_locked(self):
        """With the umbrella framework, whose ceiling its contracts and orders share."""
        return super()._get_locked() | self.framework_id.need_id | self.framework_id

    def _get_lot_grids(self):
        return self.lot_ids.grid_id

    def _get_judged_lists(self):
        own = [(self.need_id, "lot_ids"), (self.need_id, "grouping_member_ids")]
        return super()._get_judged_lists() + own

    def _prefetch_case(self):
        result = super()._prefetch_case()
        self.need_id.mapped("grouping_member_ids.member_company_id.name")
        return result

    def _get_launch_content(self):
        """Only what is filled in: what was frozen before there could be lots or a
        grouping stays as it was."""
        content = super()._get_launch_content()
        need = self.need_id
        stated = {
            name: str(need[name]) for name in self._get_route_fields() if need[name]
        }
        if stated:
            content["route"] = stated
        if lots := self.sudo().lot_ids.sorted("id"):
            content["lots"] = [lot._get_launch_content() for lot in lots]
        if members := self.sudo().grouping_member_ids.sorted("id"):
            content["grouping"] = [member._get_launch_content() for member in members]
        return content

    def _on_signed(self):
        """The framework's row moves too: of two acts at once on it, one is tried
        again."""
        result = super()._on_signed()
        self.sudo().framework_id._touch_evidence()
        return result

    def _on_change_judged(self):
        """What is no longer digital counts for nothing any more."""
        res = super()._on_change_judged()
        out = self.filtered(lambda f: f.scope_status == "out")
        out.filtered(
            lambda f: f.amount_counted or f.amount_framework
        )._refresh_counted()
        return res

    def _refresh_compliance(self, findings=None):
        res = super()._refresh_compliance(findings)
        self._refresh_counted()
        return res

    # === LOTS === #
    # One consultation, several lots: one need, and one agreement a lot and holder.

    def _prepare_offer_context(self):
        return super()._prepare_offer_context() | {"has_lots": bool(self.lot_ids)}

    def _freeze_grids(self):
        result = super()._freeze_grids()
        for file in self.sudo().filtered("need_id.lot_ids"):
            day = file.company_id._souverainete_today()
            file.need_id.lot_ids.grid_id._freeze(day)
        return result

    def _move_unassessed_options(self):
        result = super()._move_unassessed_options()
        self.lot_ids._move_unassessed_options()
        return result

    def _get_judged_options(self):
        """Those of its lot; a study that says no lot is about all of them."""
        options = super()._get_judged_options()
        need = self.sudo().need_id
        if need == self or not need.lot_ids:
            return options
        return options.filtered(
            lambda o: o.lot_id == self.lot_id or (o.kind == "studied" and not o.lot_id)
        )

    def _get_draft_agreements(self):
        """A need divided into lots is not signed itself."""
        drafts = super()._get_draft_agreements()
        return drafts - self if self.sudo().lot_ids else drafts

    def _compute_is_awarded(self):
        """Every lot that received an offer is signed."""
        res = super()._compute_is_awarded()
        for need in self.filtered(lambda n: n.is_awarded and n.sudo().lot_ids):
            offers = need.sudo().judged_option_ids.filtered(lambda o: o.kind == "offer")
            need.is_awarded = all(lot._is_awarded() for lot in offers.lot_id)
        return res

    def _filter_asked(self, rules):
        """A need whose lots are all signed is asked nothing more before a signature."""
        asked = super()._filter_asked(rules)
        done = self.need_id == self and self.sudo().lot_ids and self.is_awarded
        return asked.filtered(lambda r: r.stage == "launch") if done else asked

    def _finding_award_option(self, options):
        """A need divided into lots is signed by others."""
        divided = self.need_id == self and self.lot_ids
        return {} if divided else super()._finding_award_option(options)

    # === AGREEMENT OF A LOT === #
    # From the offers retained for each lot to one agreement a lot and a holder.

    def _filter_unsigned(self, options):
        """With lots: retained offers whose holder has no agreement of their lot yet."""
        if not self.lot_ids:
            return super()._filter_unsigned(options)
        signed = self._get_signed_pairs()
        return options.filtered(
            lambda o: (
                o.lot_id
                and (o.lot_id, o.partner_id.commercial_partner_id) not in signed
            )
        )

    def _get_draft_to_change(self, offer):
        """A need divided into lots is never one of its own agreements."""
        if not self.lot_ids:
            return super()._get_draft_to_change(offer)
        retained = self._get_options_to_sign().filtered(
            lambda o: o.lot_id == offer.lot_id
        )
        return self._get_draft_agreements().filtered(
            lambda f: (
                f.lot_id == offer.lot_id
                and f.vendor_id
                and not f.vendor_id._is_among(retained.partner_id)
            )
        )[:1]

    def _get_offered_lines(self, offer):
        """Those of its lot, and those that say no lot, at its share of their price."""
        lines, lot = super()._get_offered_lines(offer), offer.lot_id
        return lines.filtered(
            lambda line: not lot or line.lot_id in (lot, lot.browse())
        )

    def _get_offered_amount(self, offer):
        """Where no price is known, what the lot is worth."""
        offered = super()._get_offered_amount(offer)
        return offered if offered.value else Amount.stated(offer.lot_id, "amount")

    def _prepare_new_agreement_vals(self, offer):
        """The agreements of an umbrella framework are as it is."""
        own = {
            "consultation_ref": self.consultation_ref,
            "is_umbrella": self.is_umbrella,
        }
        lot = self._prepare_lot_vals(offer) if offer.lot_id else {}
        return super()._prepare_new_agreement_vals(offer) | own | lot

    def _prepare_agreement_vals(self, offer):
        """An agreement of a lot is worth what was offered for the lot."""
        vals = super()._prepare_agreement_vals(offer)
        if offer.lot_id:
            amount = self._get_offered_amount(offer)
            vals |= {"amount_max": amount.value, "amount_max_known": bool(amount.value)}
        return vals

    # === VALUE === #
    # What lots and members are worth, counted once, whatever the number of holders.

    def _get_value(self):
        """At least what the lots, or the members, are worth together. A lot of unknown
        value leaves the total unknown, unless the whole need was estimated; a member's
        unknown share does, whatever was estimated."""
        amount = super()._get_value()
        if lots := self.sudo().lot_ids:
            parts = Amount.sum_of(Amount.stated(lot, "amount") for lot in lots)
            amount = Amount(max(amount.value, parts.value), amount.known or parts.known)
        if members := self.sudo().grouping_member_ids:
            parts = Amount.sum_of(Amount.stated(each, "amount") for each in members)
            amount = Amount(max(amount.value, parts.value), parts.known)
        return amount

    @api.depends(
        "lot_ids.amount",
        "lot_ids.amount_known",
        "grouping_member_ids.amount",
        "grouping_member_ids.amount_known",
        "grouping_member_ids.entity_type",
        "grouping_member_ids.member_company_id",
    )
    def _compute_circuit(self):
        return super()._compute_circuit()

    def _get_committed(self, files):
        """Holders of one lot share its value, and holders of the whole need its
        maximum: an amount repeated on each agreement counts once."""
        lots = files.lot_id
        others = files.filtered(lambda file: not file.lot_id)
        shared = [lot._get_ceiling() for lot in lots]
        if others and self.amount_max_known:
            ceilings = [file._get_ceiling().value for file in others]
            whole = Amount(max([self.amount_max, *ceilings]), True)
        else:
            whole = super()._get_committed(others)
        return Amount.sum_of([*shared, whole])

    # === COUNTED === #
    # Amounts that can be summed over files: each need once, frameworks apart. Written
    # by the server when the file is judged again, and never computed: purchases out of
    # scope pay nothing for them, and no gate reads them.

    def _refresh_counted(self):
        """Write what each file counts for now; only what changed."""
        for file in self.sudo():
            vals = file._prepare_counted()
            if any(file[name] != value for name, value in vals.items()):
                file._write_server(vals)

    def _prepare_counted(self):
        amount, known = self._get_value()
        digital = self.scope_status != "out"
        spent = digital and self._is_expense()
        return {
            "amount_counted": self.currency_id.round(amount) if spent else 0.0,
            "amount_counted_known": bool(spent and known),
            "amount_framework": self._get_framework_amount() if digital else 0.0,
        }

    def _get_framework_amount(self):
        """The ceiling of an umbrella framework, on the file that carries it."""
        carried = self.is_umbrella and self.need_id == self and not self.is_prior
        if not carried or self.state == "cancel":
            return 0.0
        maximum = Amount.stated(self, "amount_max")
        amount = maximum if maximum.known else self._get_value()
        return self.currency_id.round(amount.value)

    # === REGIME === #
    # A grouping follows the strictest regime of its members; their values add up.

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

    # === UMBRELLA FRAMEWORK === #

    def action_open_framework(self):
        return self._open_page("action_framework_page")

    @api.onchange("vendor_id")
    def _onchange_vendor(self):
        """A contract signed beside its framework is no oversight: Odoo warns of the
        others."""
        return None if self.framework_id else super()._onchange_vendor()

    def _get_placed_amount(self):
        """With the orders of an umbrella framework, its subsequent contracts."""
        placed = super()._get_placed_amount()
        if not self.is_umbrella:
            return placed
        subsequent = self._get_subsequent()
        committed = [file._get_commitment(self.currency_id) for file in subsequent]
        return Amount.sum_of([placed, *committed])

    def _prepare_envelope(self):
        """Where they exist, so that envelopes of before stay what they were."""
        links = {"framework": self.framework_id.id, "lot": self.lot_id.id}
        return super()._prepare_envelope() | {k: v for k, v in links.items() if v}

    def _get_envelope_checks(self, now, judged):
        signed = self.gate_envelope or {}
        own = {k: now.get(k) != signed.get(k) for k in ("framework", "lot")}
        return super()._get_envelope_checks(now, judged) | own

    def _get_envelope_labels(self):
        told = tell(self.env)
        way_out = told._("sign a new agreement, which is checked on its own.")
        framework = told._("The framework is not the one judged:")
        lot = told._("The lot is not the one judged:")
        return super()._get_envelope_labels() | {
            "framework": Told.join([framework, way_out]),
            "lot": Told.join([lot, way_out]),
        }
