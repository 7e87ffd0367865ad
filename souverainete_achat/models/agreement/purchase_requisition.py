from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.amount import Amount
from ..base.text import is_blank
from ..base.told import Told, tell


class PurchaseRequisition(models.Model):
    """How one need becomes agreements: lots, grouping, framework, and what some natures
    and routes are asked."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.umbrella",
        "souverainete.shared.study",
    ]

    lot_ids = fields.One2many(
        "souverainete.lot",
        "requisition_id",
        string="Lots",
        copy=False,
        help="Lots of the consultation, described on the file that carries the need.",
        guard="judged",
    )
    lot_id = fields.Many2one(
        "souverainete.lot",
        string="Lot signed",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        domain="[('requisition_id', '=', need_id)]",
        help="Lot of the need that this agreement signs.",
        guard="judged",
    )
    lot = fields.Char(
        related="lot_id.label",
        string="Lot",
        store=True,
        help="Number and object of the lot that this agreement signs.",
        guard="server",
    )
    lot_count = fields.Integer(
        string="Number of lots",
        compute="_compute_lot_count",
        store=True,
        help="Whether the screen speaks of lots.",
        guard="server",
    )
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
        help="Value of the need, in € HT, on the file that carries it; 0 on the "
        "agreements that share it and on umbrella frameworks. It can be summed.",
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
        help="Maximum of an umbrella framework, in € HT, counted once. It is no "
        "expense: what is spent under it is counted with the need of each order.",
        guard="server",
    )
    # === GROUPING AND FRAMEWORK === #
    grouping_member_ids = fields.One2many(
        "souverainete.grouping.member",
        "requisition_id",
        string="Members of the grouping",
        copy=False,
        help="The buyers who share this need, one's own ministry included. Empty: no "
        "grouping.",
        guard="judged",
    )
    subsequent_ids = fields.One2many(
        "purchase.requisition",
        "framework_id",
        string="Subsequent contracts",
        context={"active_test": False},
        help="Agreements signed under this umbrella framework.",
    )
    # === HARDWARE AND TELECOMMUNICATIONS === #
    shared_support = fields.Selection(
        [
            ("used", "Examined, one is used"),
            ("none_fits", "Examined, none fits"),
            ("not_examined", "Not examined yet"),
        ],
        string="Shared contract examined",
        copy=False,
        help="Hardware and telecommunications: whether the interministerial contracts "
        "and those of a central purchasing body (UGAP) were examined before buying "
        "alone. Policy of the ministry: mutualise first.",
        guard="judged",
    )
    shared_support_reason = fields.Text(
        string="Contracts examined",
        copy=False,
        help="Which shared contracts were examined and, when none is used, why none "
        "fits.",
        guard="judged",
    )
    # === MAINTENANCE === #
    alternatives_reviewed_on = fields.Date(
        string="Alternatives last reviewed on",
        copy=False,
        help="Maintenance: day the alternatives to what is maintained were last "
        "examined. The months it holds are a dated time limit. Policy of the ministry.",
        guard="judged",
    )
    alternatives_conclusion = fields.Text(
        string="Conclusion of the review",
        copy=False,
        help="What the last review of the alternatives found, and why what exists is "
        "maintained.",
        guard="judged",
    )
    exit_plan = fields.Text(
        copy=False,
        help="Maintenance: how the ministry would leave this solution: data and "
        "formats, skills, time, cost (€ HT) and who would take over. Doctrine « cloud "
        "au centre », rule R4, asks that reversibility be provided for and funded.",
        guard="judged",
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

    @api.depends("is_digital", "lot_ids")
    def _compute_lot_count(self):
        for file in self:
            file.lot_count = file.is_digital and len(file.lot_ids)

    def action_open_lots(self):
        return self._open_page("action_lots_page")

    def _prepare_offer_context(self):
        return super()._prepare_offer_context() | {"has_lots": bool(self.lot_ids)}

    def _carries_need(self):
        return self.need_id in (self.browse(), self)

    @api.constrains("lot_id", "need_id")
    def _check_lot(self):
        for file in self.filtered("lot_id"):
            if file.lot_id.requisition_id != file.need_id:
                raise ValidationError(
                    self.env._(
                        "Lot %(lot)s is not a lot of the need %(need)s.",
                        lot=file.lot_id.label,
                        need=file.need_id.display_name,
                    )
                )

    @api.constrains("need_id")
    def _check_lots_stay_with_need(self):
        """What a need consists of does not leave it by naming another need."""
        for file in self.filtered(lambda f: f.need_id and f.need_id != f):
            if file.sudo().lot_ids or file.sudo().grouping_member_ids:
                raise ValidationError(
                    self.env._(
                        "%(file)s has lots or members of a grouping: it stays its own "
                        "need.",
                        file=file.display_name,
                    )
                )

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

    def _finding_lots(self, options):
        """Each agreement says its lot, and each offer too: what is proved for one lot
        proves nothing of another."""
        need = self.need_id
        if not need.lot_ids or self.requisition_type != "blanket_order":
            return {}
        if need == self:
            return {"need": self._get_signed_by_lot_message()}
        missing = {}
        if not self.lot_id:
            missing["lot"] = tell(self.env)._(
                "Choose the lot this agreement signs, at the top of the file."
            )
        offers = need.judged_option_ids.filtered(lambda o: o.kind == "offer")
        if offers.filtered(lambda o: not o.lot_id and o.verdict == "retained"):
            missing["offers"] = tell(self.env)._(
                "A retained offer does not say its lot: choose it in the list of "
                "offers, tab “Need and doctrine” of %(need)s.",
                need=need.display_name,
            )
        return missing

    def _get_signed_by_lot_message(self):
        return tell(self.env)._(
            "This need is divided into lots: each lot is signed by its own agreement. "
            "Use “Prepare the agreement” once offers are retained."
        )

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

    def _get_signed_pairs(self):
        """{(lot, holder)} that have an agreement of this need already."""
        files = self.agreement_ids.filtered(lambda file: file.state != "cancel")
        return {
            (file.lot_id, holder) for file in files for holder in file._get_holders()
        }

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

    def _prepare_lot_vals(self, offer):
        """What the lot gives to its agreement: object, code, grid."""
        lot = offer.lot_id
        return {
            "lot_id": lot.id,
            "reference": " – ".join(filter(None, (self.reference, lot.label))),
            "cpv_code": lot.cpv_code or self.cpv_code,
            "grid_id": lot.grid_id.id,
        }

    def _finding_lot_lines(self, options):
        """Each agreement buys its own lines: those that say no lot are asked."""
        need = self.need_id
        lines = need.line_ids.filtered(lambda line: not line.lot_id)
        if not need.lot_ids or not lines:
            return {}
        return {
            "": tell(self.env)._(
                "Say which lot buys %(products)s, in the column “Lot” of the lines of "
                "%(need)s: otherwise the agreement of each lot takes them all, at its "
                "share of the price.",
                products=", ".join(lines.product_id.mapped("display_name")),
                need=need.display_name,
            )
        }

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

    # === GROUPING === #
    # Several buyers for one need: who they are, and who signs for them.

    def _journal_grouping(self):
        """One entry for each change of who buys together."""
        for file in self.exists():
            members = file.sudo().grouping_member_ids
            file._journal(
                "grouping",
                [member._get_launch_content() for member in members.sorted("id")],
                self.env._("Members of the grouping: %(count)s.", count=len(members)),
            )

    def _get_coordinator(self):
        """The one member who signs; none when nobody, or several, are named."""
        named = self.need_id.grouping_member_ids.filtered("is_coordinator")
        return named if len(named) == 1 else named.browse()

    def _finding_grouping(self, options):
        """A grouping is known when each member, its share and the coordinator are."""
        members = self.need_id.grouping_member_ids
        if not members:
            return {}
        missing = {}
        if not self._get_coordinator():
            missing["coordinator"] = tell(self.env)._(
                "Tick exactly one coordinator among the members of the grouping, on "
                "the page “Lots and grouping”: it signs for all."
            )
        if not any(member._is_of(self.company_id) for member in members):
            missing["own"] = self._get_own_member_message()
        for member in members.filtered(lambda m: not m._is_identified()):
            missing[f"member-{member.id}"] = tell(self.env)._(
                "%(member)s: give its SIRET and type of body, on the page “Lots and "
                "grouping”. They decide the regime of the grouping.",
                member=member.name,
            )
        return missing | self._get_unknown_shares(members)

    def _get_own_member_message(self):
        return tell(self.env)._(
            "%(ministry)s is not among the members of the grouping: add it, with what "
            "it expects to buy, on the page “Lots and grouping”.",
            ministry=self.company_id.name,
        )

    def _get_unknown_shares(self, members):
        unknown = members.filtered(lambda m: not m.amount_known)
        if not unknown:
            return {}
        return {
            "amount": tell(self.env)._(
                "What these members expect to buy is not known: %(members)s. The value "
                "of the grouping is then unknown, which is not below a threshold. Give "
                "it on the page “Lots and grouping”.",
                members=", ".join(unknown.mapped("name")),
            )
        }

    def _finding_grouping_coordinator(self, options):
        """The coordinator signs: an agreement of another member binds nobody."""
        coordinator = self._get_coordinator()
        if not coordinator or coordinator._is_of(self.company_id):
            return {}
        return {
            "": tell(self.env)._(
                "%(coordinator)s coordinates the grouping and signs for it, not "
                "%(ministry)s: the agreement is signed in the coordinator's own file. "
                "Here, keep this file for your orders, or correct the coordinator.",
                coordinator=coordinator.name,
                ministry=self.company_id.name,
            )
        }

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

    def _is_reached_for_members(self, kind, amount):
        return any(
            self._is_reached_for(kind, amount, *body)
            for member in self.sudo().need_id.grouping_member_ids
            for body in member._get_bodies()
        )

    def _is_reached_for(self, kind, amount, company, entity_type):
        day = self._get_engaged_day()
        thresholds = self.env["souverainete.threshold"]
        threshold = thresholds._get_for_body(kind, company, entity_type, day)
        return bool(threshold) and threshold._is_reached_by(
            amount, self.currency_id, self.company_id, day
        )

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

    # === WHAT SOME NATURES AND ROUTES ARE ASKED === #

    def action_open_alternatives(self):
        return self._open_page("action_alternatives_page")

    @api.model
    def _get_route_fields(self):
        """Names of the fields that only some natures or routes are asked."""
        return (
            "shared_support",
            "shared_support_reason",
            "alternatives_reviewed_on",
            "alternatives_conclusion",
            "exit_plan",
        )

    def _finding_alternatives_review(self, options):
        """What is maintained is compared with what exists, now and then."""
        need = self.need_id
        reviewed = need.alternatives_reviewed_on
        if not reviewed or is_blank(need.alternatives_conclusion):
            return {
                "": tell(self.env)._(
                    "Say when the alternatives to what is maintained were last "
                    "reviewed, and what was concluded (page “Alternatives”)."
                )
            }
        # A review that was recent enough at launch stays so.
        day = self._get_engaged_day()
        if reviewed > day:
            return {
                "future": tell(self.env)._(
                    "The review of the alternatives is dated in the future: correct "
                    "its date (page “Alternatives”)."
                )
            }
        return self._get_aged_review(reviewed, day)

    def _get_aged_review(self, reviewed, day):
        """A review that was too old on the day that counts."""
        time_limits = self.env["souverainete.time.limit"].sudo()
        company = self.company_id
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id("alternatives_review", company.id, day)
        )
        if not time_limit or reviewed + time_limit._get_period() >= day:
            return {}
        return {
            "aged": tell(self.env)._(
                "The alternatives were last reviewed on %(date)s, which is too old: "
                "review them again and write the conclusion (page “Alternatives”).",
                date=reviewed,
            )
        }

    def _finding_chain_roles(self, options):
        """Who sells is not who makes, runs or hosts: those are asked."""
        roles = self._get_asked_roles()
        return {
            str(option.id): option._conceal(option._get_roles_message(missing))
            for option in options
            if (missing := option._get_missing_roles(roles))
        }

    def _get_asked_roles(self):
        """Without any cloud service, the ministry itself runs and hosts."""
        if self.need_id.has_cloud == "no":
            return ("publisher",)
        return ("publisher", "operator", "host")
