from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.text import is_blank
from ..base.told import Label, tell
from .band import BANDS

# Routes on which bidders compete.
_COMPETITIVE = ("own", "subsequent")

# Outcomes that close a need without a purchase: a success, but for the last.
_CLOSING = ("mutualised", "existing_contract", "internal", "abandoned")


class PurchaseRequisition(models.Model):
    """The need and how it may be met: options, offers, verdicts, and how it ended."""

    _name = "purchase.requisition"
    # What is gated comes last: its hooks do nothing, and the chain ends there.
    _inherit = [
        "purchase.requisition",
        "souverainete.ranked",
        "souverainete.connected",
        "souverainete.proportion",
        "souverainete.signing",
        "souverainete.gated",
    ]

    option_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Options",
        help="The ways of meeting the need: studied before launch, offered after.",
    )
    judged_option_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        groups=fields.NO_ACCESS,
        copy=False,
        help="The same options, offers included, as the gate reads them. A list of its "
        "own: the lists of a request are shared, and what a person sees of the options "
        "would be taken for all of them, or the reverse.",
    )
    analyst_ids = fields.Many2many(
        "res.users",
        "souverainete_requisition_analyst_rel",
        string="Offer analysts",
        copy=False,
        help="Who may read the offers until award (confidentiality of bids, CCP). "
        "The buyer alone, unless others are named.",
    )

    need_effect = fields.Text(
        string="Effect to obtain",
        help="The need as a performance to reach or an effect to obtain, without "
        "over-specification (circular 6519/SG).",
        guard="judged",
    )
    need_measure = fields.Text(
        string="How it will be measured",
        help="The means the buyer has to measure that the effect is obtained "
        "(circular 6519/SG).",
        guard="judged",
    )
    studied_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Options studied",
        domain=[("kind", "=", "studied")],
    )
    offer_ids = fields.One2many(
        "souverainete.option",
        "requisition_id",
        string="Offers",
        domain=[("kind", "=", "offer")],
    )
    is_awarded = fields.Boolean(
        compute="_compute_is_awarded",
        help="Agreements of the need were signed and none is still a draft.",
    )

    agreement_count = fields.Integer(
        string="Number of agreements",
        compute="_compute_agreement_count",
        help="Agreements of this need that are files of their own.",
    )

    outcome = fields.Selection(
        [
            ("mutualised", "Met by a mutualised solution"),
            ("existing_contract", "Met by a contract already running"),
            ("purchase", "Purchase"),
            ("internal", "Done internally"),
            ("abandoned", "Abandoned"),
        ],
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="How the need ended. Met without buying anything is a success of the "
        "doctrine: mutualise first.",
        guard="server",
    )
    outcome_reason = fields.Text(
        string="Reason of the outcome", copy=False, guard="server"
    )
    outcome_option_id = fields.Many2one(
        "souverainete.option",
        string="Met by",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The option that meets the need.",
        guard="server",
    )

    grid_id = fields.Many2one(
        "souverainete.grid",
        string="Assessment grid",
        compute="_compute_grid_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Grid the options of this need are assessed with. It is frozen at launch.",
        guard="judged",
    )

    sovereignty_statement = fields.Text(
        string="How sovereignty shapes the consultation",
        help="Reasoned statement, before the consultation leaves: what the three "
        "questions of circular 6519/SG (immunity, exit, mastery) showed, and how they "
        "shape the need, the criteria and the clauses. The circular sets no scale: "
        "words are asked for, not a score.",
        guard="judged",
    )
    asked_band = fields.Selection(
        BANDS,
        string="Criteria asked at launch",
        copy=False,
        help="Which criteria the value and the data asked when the consultation left.",
        guard="server",
    )
    asked_note = fields.Char(
        string="What is asked",
        compute="_compute_asked_note",
        help="Which criteria are asked for this purchase. Empty: none, it is light.",
    )

    # === HOOKS === #

    def _get_judged_options(self):
        """The options this file signs.

        The retained offers of its own holders; where no offer was received, what the
        study retained (an order to UGAP, under a framework, without competition).
        """
        options = self.sudo().need_id.judged_option_ids
        offers = options.filtered(lambda o: o.kind == "offer")
        retained = (offers or options).filtered(lambda o: o.verdict == "retained")
        holders = self._get_holders()
        own = retained.filtered(
            lambda o: o.kind == "offer" and o.partner_id._is_among(holders)
        )
        return own or retained

    def _get_launch_content(self):
        """Freeze the need and its study; offers come later and are judged at award."""
        content = super()._get_launch_content()
        studied, need = self._get_studied_need(), self.need_id
        options = studied.sudo().judged_option_ids.sorted("id")
        searches = studied.search_ids.filtered(lambda s: not s.after_launch)
        content["doctrine"] = {
            "effect": studied.need_effect or "",
            "measure": studied.need_measure or "",
            "searches": searches.sorted("id").ids,
            "options": [
                option._get_study_content()
                for option in options
                if option.kind == "studied"
            ],
        }
        content["sovereignty"] = {
            "asked": need._get_asked_band(),
            "statement": need.sovereignty_statement or "",
            "grid": need.grid_id._get_launch_content(),
            "answers": {
                str(option.id): option._get_launch_answers()
                for option in need.judged_option_ids
                if option.kind == "studied"
            },
        }
        return content

    def _on_launch(self):
        result = super()._on_launch()
        for file in self.sudo().filtered(lambda f: not f.analyst_ids):
            file.analyst_ids = file.user_id or self.env.user
        for file in self.sudo():
            file._write_server({"asked_band": file._derive_band()})
        self._freeze_grids()
        return result

    def _refresh_asked(self):
        """The lines are part of what a need is worth: the stored band of its options
        does not follow them, which would burden each line of a purchase of chairs."""
        result = super()._refresh_asked()
        open_files = self.filtered(lambda f: f.scope_status != "out")
        for file in open_files.filtered(lambda f: not f.date_launch):
            band = file._get_asked_band()
            moved = file.option_ids.filtered(lambda o, band=band: o.band != band)
            moved._write_server({"band": band})
        return result

    def _freeze_grids(self):
        """What a consultation was launched with can no longer change."""
        for file in self.sudo():
            grids = file.need_id.grid_id | file.need_id.judged_option_ids.grid_id
            grids._freeze(file.company_id._souverainete_today())

    def _on_signed(self):
        result = super()._on_signed()
        if self.requisition_type == "blanket_order":
            self.need_id.sudo()._record_purchase()
        return result

    def _has_evidence(self):
        return super()._has_evidence() or any(
            option._is_evidence() for option in self.judged_option_ids
        )

    def _is_met(self):
        met = self._is_closed() and self.outcome != "abandoned"
        return super()._is_met() or met

    def _is_offer_disclosed(self, user):
        """Until there are offers and once the contract is awarded, everybody; in
        between the file's analysts, but never the DAE, even written among them."""
        need = self.need_id
        offers = need.judged_option_ids.filtered(lambda option: option.kind == "offer")
        if need.is_awarded or not offers:
            return super()._is_offer_disclosed(user)
        dae = user.has_group("souverainete_achat.group_dae")
        return user in need.analyst_ids and not dae

    def _get_own_words(self):
        effect = (self.need_effect or "").strip()
        return [*super()._get_own_words(), *([effect] if effect else [])]

    def _find_next_act(self):
        """Between the launch and the signature: record the offers, then prepare the
        agreement of those retained."""
        published = self.need_id == self and self._is_published() and self.date_launch
        if not published or self.state != "draft" or self.is_awarded:
            return super()._find_next_act()
        told, options = tell(self.env), self.judged_option_ids
        offers = options.filtered(lambda o: o.kind == "offer")
        retained = (offers or options).filtered(lambda o: o.verdict == "retained")
        if self._filter_unsigned(retained.filtered("partner_id")):
            label = told._("Prepare the agreement")
            return "signature", "action_prepare_agreement", label
        if not offers and not self.vendor_id:
            return "offers", "action_open_offers", told._("Record the offers")
        return super()._find_next_act()

    def _get_turn_user(self, role):
        analysts = self.need_id.analyst_ids
        if role == "analyst" and len(analysts) == 1:
            return analysts
        return super()._get_turn_user(role)

    # === FINDINGS === #
    # What the doctrine of mutualisation still asks of the file.

    def _get_studied_need(self):
        """The need studied for this file.

        None for an umbrella framework: its needs are studied order by order.
        """
        self.ensure_one()
        return self.browse() if self.is_umbrella else self.need_id

    def _finding_need_closed(self, options):
        if not self.need_id._is_closed():
            return {}
        return {
            "": tell(self.env)._(
                "The need %(file)s was closed without a purchase (%(outcome)s). To buy "
                "after all, reset it to draft first.",
                file=self.need_id.name,
                outcome=Label(self._name, "outcome", self.need_id.outcome),
            )
        }

    def _finding_mutualised_verdicts(self, options):
        need = self._get_studied_need()
        studied = need.judged_option_ids.filtered(
            lambda option: option._is_mutualised()
        )
        if not studied and (found := need._get_mutualised_found()):
            return {"none": self._get_unexamined_message(found)}
        return {
            str(option.id): tell(self.env)._(
                "The mutualised solution “%(option)s” has no verdict with its reason. "
                "Give them in the tab “Need and doctrine”.",
                option=option.name,
            )
            for option in studied
            if option.verdict == "pending" or is_blank(option.reason)
        }

    def _get_mutualised_found(self):
        """Mutualised solutions that the catalogue gave for this need."""
        return self.search_ids.result_ids.filtered(
            lambda s: s.active and s.path == "mutualised"
        )

    def _get_unexamined_message(self, solutions):
        return tell(self.env)._(
            "The catalogue has mutualised solutions for this need and none was "
            "examined: %(solutions)s. Add at least one to the options in the tab “Need "
            "and doctrine” and say whether it fits.",
            solutions=", ".join(solutions.mapped("name")),
        )

    def _finding_way_retained(self, options):
        """Before a competition the study retains a way, never a product or a vendor."""
        need = self._get_studied_need()
        if not need or need.purchase_route not in _COMPETITIVE or need.date_launch:
            return {}
        return {
            str(option.id): tell(self.env)._(
                "%(option)s is retained with its product or its vendor before the "
                "competition. Retain the way (%(way)s) under a name of its own, and "
                "leave the catalogued solution and the contract holder empty: bidders "
                "propose theirs. Where no other can answer, choose the route without "
                "competition.",
                option=option.name,
                way=Label(option._name, "path", option.path),
            )
            for option in need.judged_option_ids
            if option._names_product()
        }

    def _finding_custom_last(self, options):
        need = self._get_studied_need()
        custom = (need.judged_option_ids | options).filtered(
            lambda option: option.path == "custom" and option.verdict == "retained"
        )
        return self._get_custom_missing(need, custom) if need and custom else {}

    def _get_custom_missing(self, need, custom):
        """What is missing before developing: comparison, verdicts, ground."""
        ready = need.judged_option_ids.filtered(
            lambda option: option.kind == "studied" and option.path != "custom"
        )
        missing = {}
        if not ready.filtered(lambda o: o.path == "off_the_shelf") and all(
            search.result_count for search in need.search_ids
        ):
            missing["compared"] = tell(self.env)._(
                "A development is retained and nothing off the shelf was studied. Add "
                "an off-the-shelf option in the tab “Need and doctrine”, or record a "
                "search that finds nothing."
            )
        if pending := ready.filtered(lambda option: option.verdict == "pending"):
            missing["pending"] = tell(self.env)._(
                "A development is retained although existing solutions remain to "
                "examine: %(options)s. Give their verdicts in the tab “Need and "
                "doctrine”.",
                options=", ".join(pending.mapped("name")),
            )
        if not any(option.custom_ground for option in custom):
            missing["ground"] = tell(self.env)._(
                "A development is retained without its ground. On the option, choose "
                "whether no existing solution meets the need or resilience demands it."
            )
        return missing

    def _finding_award_option(self, options):
        if self.requisition_type != "blanket_order":
            return {}
        if not self.vendor_id:
            return {"vendor": self._get_no_vendor_message()}
        if self.is_umbrella:
            return {}
        retained = self._get_judged_options().partner_id
        return {
            str(holder.id): tell(self.env)._(
                "No retained option has %(vendor)s as its contract holder. In the tab "
                "“Need and doctrine”, retain the option or offer of this vendor and "
                "fill in its contract holder.",
                vendor=holder.display_name,
            )
            for holder in self._get_holders()
            if not holder._is_among(retained)
        }

    def _get_no_vendor_message(self):
        return tell(self.env)._(
            "Retain an offer in the tab “Need and doctrine”, then click “Prepare the "
            "agreement”; or choose the vendor, at the top of the file."
        )

    def _finding_ambassador(self, options):
        need = self._get_studied_need()
        if not need.search_ids or need.judged_option_ids:
            return {}
        return {
            "": tell(self.env)._(
                "No option is studied yet. An ambassador of the ministry can point to "
                "companies and innovative solutions: ask one before going further."
            )
        }

    # === FINDINGS ON SOVEREIGNTY === #
    # How it was taken into account in the choice, and how far that is known.

    def _finding_answers_aged(self, options):
        self.ensure_one()
        today = self.company_id._souverainete_today()
        return {
            str(option.id): option._conceal(
                tell(self.env)._(
                    "%(option)s: some answers go back to %(date)s, more than "
                    "%(months)s months ago. Check them again in the option, page "
                    "Sovereignty: the score does not move by itself.",
                    option=option.name,
                    date=option.oldest_answer_on,
                    months=option.grid_id.validity_months,
                )
            )
            for option in self._get_options_to_assess(options)
            if option._is_aged(today)
        }

    # === COMPUTE METHODS === #

    @api.depends(
        "agreement_ids.gate_passed_on",
        "agreement_ids.requisition_type",
        "agreement_ids.state",
    )
    def _compute_is_awarded(self):
        for need in self:
            agreements = need.agreement_ids.filtered(
                lambda file: file.requisition_type == "blanket_order"
            )
            signed = any(agreement.gate_passed_on for agreement in agreements)
            need.is_awarded = signed and not need._get_draft_agreements()

    @api.depends("agreement_ids")
    def _compute_agreement_count(self):
        """A draft that was not launched has none: nothing is read."""
        for file in self:
            started = file.date_launch or file.state != "draft"
            agreements = started and file.is_digital and file.agreement_ids - file
            file.agreement_count = len(agreements or ())

    @api.depends("is_digital")
    def _compute_grid_id(self):
        default = self._get_default_grid() if any(self.mapped("is_digital")) else None
        for file in self:
            file.grid_id = file.grid_id or (file.is_digital and default)

    @api.model
    def _get_default_grid(self):
        """Grid proposed to a digital purchase: a ministry may prefer its own."""
        grid = self.env.ref(
            "souverainete_achat.grid_doctrine_2026", raise_if_not_found=False
        )
        return grid if grid and grid.active else self.env["souverainete.grid"]

    # === CONSTRAINTS === #

    @api.constrains("grid_id", "company_id")
    def _check_grid(self):
        for file in self.filtered("grid_id"):
            file.grid_id._check_usable(file.company_id)

    def _check_grid_announced(self, grid):
        """No repair changes what bidders were told they would be judged on: `grid` is
        the one left."""
        if self.date_launch and grid._is_binding():
            raise ValidationError(
                self.env._(
                    "%(file)s was launched with the grid “%(grid)s”: what was "
                    "announced to bidders no longer changes. Cancel the file and "
                    "launch it again.",
                    file=self.display_name,
                    grid=grid.display_name,
                )
            )

    # === CRUD === #

    @contextmanager
    def _writing(self, vals):
        grids = {file: file.grid_id for file in self} if "grid_id" in vals else {}
        self._reopen_on(vals)
        named = self._get_analysts_named(vals)
        left = named.filtered(lambda f: self.env.user not in f._get_analysts())
        with super()._writing(vals):
            yield
        left._check_names_others()
        for file in named:
            file._journal("correction", {"analysts": file.analyst_ids.mapped("login")})
        for file, grid in grids.items():
            if file.grid_id != grid:
                file._check_grid_announced(grid)
        if grids:
            self._move_unassessed_options()

    def _move_unassessed_options(self):
        """Options where nothing is assessed yet follow the grid of their need."""
        for file in self:
            file.sudo().judged_option_ids.filtered(
                lambda option, grid=file.grid_id: (
                    not option.level_reached and option.grid_id != grid
                )
            ).write({"grid_id": file.grid_id.id})

    # === OPTIONS === #

    def _add_options(self, solutions):
        """Study these solutions: one option to examine each, but the dead ones and
        those already here."""
        self.ensure_one()
        return self.env["souverainete.option"].create(
            [
                self._prepare_option_vals(solution)
                for solution in solutions._get_living() - self.studied_ids.solution_id
            ]
        )

    def _ask_why_none_fits(self, solutions):
        """Study them, and ask for the verdict that answers all those to examine."""
        self._add_options(solutions)
        studied = self.studied_ids.filtered(lambda o: o.solution_id in solutions)
        return studied.filtered(lambda o: o.verdict == "pending").action_give_verdict()

    def _prepare_option_vals(self, solution):
        return {
            "requisition_id": self.id,
            "kind": "studied",
            "name": solution.name,
            "path": solution.path,
            "solution_id": solution.id,
        }

    def action_open_offers(self):
        offers = ("kind", "=", "offer")
        return self._open_list(
            "action_offers_received", offers, **self._prepare_offer_context()
        )

    def _prepare_offer_context(self):
        """What the list of offers is told of the file."""
        return {"default_kind": "offer"}

    def action_open_scores(self):
        return self._open_list("action_option_scores")

    def action_give_verdict(self):
        """Answer at once the options of the need that remain to examine."""
        self.check_access("read")
        self.ensure_one()
        return self.need_id.studied_ids.filtered(
            lambda option: option.verdict == "pending"
        ).action_give_verdict()

    # === ANALYSTS === #
    # Who may read the offers is said by those who may; once none of them is left, by an
    # officer who does not buy, for somebody else.

    def _get_analysts_named(self, vals):
        """Files whose analysts are about to change once offers are reserved to them.
        Raises unless the user may name them."""
        if "analyst_ids" not in vals or self.env.su:
            return self.browse()
        named = self.filtered(lambda file: file._has_named_analysts())
        named._check_names_analysts()
        return named

    def _has_named_analysts(self):
        """Whether offers are, or will be, reserved to the analysts named."""
        file = self.sudo()
        return bool(
            file._get_analysts() and (file.date_launch or file._get_sealed_options())
        )

    def _get_analysts(self):
        """All who were named, those who left included."""
        return self.sudo().with_context(active_test=False).analyst_ids

    def _get_sealed_options(self):
        """Offers that only the analysts read. Runs sudo."""
        return self.judged_option_ids.filtered(lambda o: o._is_confidential())

    def _may_read_offers(self):
        """Whether the reader is one of those whom sealed offers are shown to."""
        user = self.env.user
        if user.has_group("souverainete_achat.group_dae"):
            return False
        return user in self.sudo().need_id.analyst_ids

    def _check_names_analysts(self):
        for file in self.filtered(lambda f: self.env.user not in f._get_analysts()):
            if any(file._get_analysts().mapped("active")):
                raise AccessError(
                    self.env._(
                        "The offers of %(file)s are reserved to its analysts: one of "
                        "them can name another.",
                        file=file.display_name,
                    )
                )
            file._check_may_name_next()

    def _check_may_name_next(self):
        refusal = self.env._(
            "The analysts of %(file)s have left: a compliance officer who does not buy "
            "under it names the next one.",
            file=self.display_name,
        )
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(refusal)
        self._check_four_eyes(refusal)

    def _check_names_others(self):
        """Who names the next analyst does not read the offers by it."""
        if self.filtered(lambda file: self.env.user in file._get_analysts()):
            raise AccessError(
                self.env._(
                    "The analysts have left: name somebody else than yourself to "
                    "analyse the offers."
                )
            )

    # === OUTCOME === #
    # How the need ended.

    def _record_purchase(self):
        """Something was signed or ordered for these needs: offers are disclosed.

        They stay confidential while another lot of the need is to be signed.
        """
        for need in self.filtered(lambda file: not file.outcome):
            need._write_server({"outcome": "purchase"})
        offers = self.sudo().judged_option_ids.filtered(lambda o: o._is_confidential())
        offers.filtered(lambda o: o._is_award_settled())._write_server(
            {"awarded": True}
        )

    def _is_closed(self):
        """The need ended without a purchase."""
        self.ensure_one()
        return self.outcome in _CLOSING

    def _get_outcome_label(self):
        selection = self._fields["outcome"]._description_selection(self.env)
        return dict(selection).get(self.outcome, "")

    def action_close_need(self):
        """Ask how the need was met, or why it is given up, without a purchase."""
        self.check_access("read")
        self.ensure_one()
        self._check_closable()
        options = self.need_id.studied_ids.filtered(lambda option: option._meets_need())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close without a purchase"),
            "res_model": "souverainete.need.closing",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_requisition_id": self.need_id.id,
                "default_option_id": options.id if len(options) == 1 else False,
            },
        }

    def _close_need(self, outcome, reason, option=None):
        """End the need without a purchase: no finding about purchases can prevent it.

        The file goes to core's `cancel`: it takes no order, its quotations are
        cancelled, and core's own button reopens it. Core's `done` would have the gate
        ask for everything a purchase needs, which was not made. The outcome, not the
        state, says whether the need was met.
        """
        self.check_access("write")
        self.ensure_one()
        self._check_closable()
        self._check_outcome(outcome, reason, option)
        self._withdraw_connections()
        self._write_server(
            {
                "outcome": outcome,
                "outcome_reason": reason,
                "outcome_option_id": option.id if option else False,
            }
        )
        self.action_cancel()
        self._journal(
            "outcome",
            {
                "outcome": outcome,
                "reason": reason,
                "option_id": self.outcome_option_id.id,
            },
            summary=self._get_outcome_label(),
        )

    def _check_closable(self):
        """Something bought under the need: it did not end without a purchase."""
        files = (self.need_id.agreement_ids | self).sudo()
        orders = files.purchase_ids | files.need_order_ids
        bought = orders.filtered(lambda order: order.state == "purchase")
        signed = files.filtered(
            lambda file: (
                file.requisition_type == "blanket_order"
                and file.state in ("confirmed", "done")
            )
        )
        if bought or signed:
            raise UserError(
                self.env._(
                    "A purchase was made for this need: %(documents)s. Close or cancel "
                    "the agreement with its own buttons.",
                    documents=", ".join(signed.mapped("name") + bought.mapped("name")),
                )
            )

    def _check_outcome(self, outcome, reason, option):
        if outcome not in _CLOSING:
            raise UserError(self.env._("Choose how the need ends."))
        if not (reason or "").strip():
            raise UserError(self.env._("Write the reason of this outcome."))
        retained = (option or self.env["souverainete.option"]).filtered(
            lambda o: o.requisition_id == self and o._meets_need()
        )
        if outcome == "mutualised" and not retained:
            raise UserError(
                self.env._(
                    "Choose the mutualised option that meets the need. It must be "
                    "retained in the tab “Need and doctrine”."
                )
            )
        if outcome == "mutualised" and not self._is_connected(retained):
            raise UserError(
                self.env._(
                    "The need is met once the operator of %(solution)s confirmed the "
                    "connection: ask for it, or say who confirmed it, and when.",
                    solution=retained.name,
                )
            )

    def _reopen_on(self, vals):
        """A need taken up again has no outcome any more, whatever the way in."""
        if vals.get("state") == "draft":
            self.filtered("outcome")._reopen_need()
        elif vals.get("state") == "confirmed":
            self.filtered(lambda file: file._is_closed())._reopen_need()

    def _reopen_need(self):
        """Take a closed need up again; the journal keeps how it had ended."""
        for need in self:
            need._journal(
                "outcome",
                {"outcome": False, "was": need.outcome},
                summary=self.env._("The need is taken up again."),
            )
        self._write_server(
            {"outcome": False, "outcome_reason": False, "outcome_option_id": False}
        )
