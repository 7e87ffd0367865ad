from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.told import tell
from .band import BANDS
from .ended import CLOSING, MET, STAGES


class PurchaseRequisition(models.Model):
    """The need and how it may be met: options, offers, verdicts, and how it ended."""

    _name = "purchase.requisition"
    # What is gated comes last: its hooks do nothing, and the chain ends there.
    _inherit = [
        "purchase.requisition",
        "souverainete.examined",
        "souverainete.analysed",
        "souverainete.ranked",
        "souverainete.connected",
        "souverainete.ended",
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
        help="Before the consultation leaves: what immunity, exit and mastery showed, "
        "and how they shape the need, the criteria and the clauses.",
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
        return super()._is_met() or self.outcome in MET

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

    def _finding_award_option(self, options):
        if self.requisition_type != "blanket_order":
            return self._get_unretained(options)
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

    def _get_unretained(self, options):
        """A need that is ordered on as it is: what its orders will be asked."""
        if self.need_id != self or self._is_published() or options:
            return {}
        return {
            "retained": tell(self.env)._(
                "Retain, in the tab “Need and doctrine”, the option that will be "
                "ordered and fill in its contract holder: an order takes no other."
            )
        }

    def _get_no_vendor_message(self):
        return tell(self.env)._(
            "Retain an offer in the tab “Need and doctrine”, then click “Prepare the "
            "agreement”; or choose the vendor, at the top of the file."
        )

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

    @api.depends("is_awarded", "need_id.offer_ids.verdict", "outcome", "purchase_route")
    def _compute_file_stage(self):
        return super()._compute_file_stage()

    def _get_file_stage(self):
        """How the need ended; one that is signed by others is notified by the last.
        A vendor known beforehand is awarded nothing while no offer is retained."""
        if self.outcome in CLOSING:
            return STAGES.get(self.outcome, "met")
        ended = self.state in ("done", "cancel")
        signed = self.need_id == self and self.is_awarded
        ordered = self.requisition_type == "purchase_template" and self.outcome
        if not ended and (signed or ordered):
            return "notified"
        stage = super()._get_file_stage()
        return stage if stage != "awarded" or self._is_offered() else "launched"

    def _is_offered(self):
        """Whether an offer is retained, where offers compete."""
        need = self.need_id
        if not need._is_published():
            return True
        # Read already by whatever judges the file.
        offers = need.sudo().judged_option_ids.filtered(lambda o: o.kind == "offer")
        return "retained" in offers.mapped("verdict")

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
