from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..base.opening import open_dialog
from ..base.told import Named, tell
from .statement import is_unwritten

REASONS = [
    ("meets", "Meets the need"),
    ("function", "Does not do what is needed"),
    ("capacity", "Not enough capacity or performance"),
    ("security", "Security or sensitivity of data not met"),
    ("integration", "Cannot be connected to what exists"),
    ("eligibility", "Not open to this administration"),
    ("time_limit", "Not available in time"),
    ("compliance", "Accessibility, language or legal obligation not met"),
    ("cost", "Costs more over the duration of the need"),
    ("other", "Other"),
]

GROUNDS = [
    ("irregular", "Irregular offer"),
    ("unacceptable", "Unacceptable offer"),
    ("inappropriate", "Inappropriate offer"),
    ("abnormally_low", "Abnormally low offer"),
    ("late", "Received late"),
    ("candidate", "Candidate excluded or not admitted"),
    ("withdrawn", "Withdrawn by the bidder"),
    ("other_lot", "Limit of lots a bidder may hold"),
]


class Option(models.Model):
    """One way of meeting one need: studied from public sources, or a bidder's offer."""

    _name = "souverainete.option"
    _inherit = [
        "souverainete.candidate",
        "souverainete.declaration",
        "souverainete.scored",
        "souverainete.graded",
    ]
    _description = "Option studied for a need"
    _order = "sequence, id"
    _file_path = "requisition_id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10, guard="free")
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="cascade",
        help="The purchase file that carries the need this option would meet.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    kind = fields.Selection(
        [("studied", "Studied"), ("offer", "Offer")],
        required=True,
        default="studied",
        help="Studied: before launch, from public sources. Offer: a bid, confidential "
        "to the file's analysts until award.",
    )
    path = fields.Selection(
        [
            ("mutualised", "Mutualised solution"),
            ("off_the_shelf", "Off the shelf"),
            ("custom", "Custom development"),
        ],
        string="Way",
        required=True,
        help="Way of circular 6519/SG: mutualise first, buy off the shelf second, "
        "develop last.",
    )
    solution_id = fields.Many2one(
        "souverainete.solution",
        string="Catalogued solution",
        index="btree_not_null",
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contract holder",
        ondelete="restrict",
        help="Who would sign the contract: an order must go to this vendor.",
    )
    cost = fields.Monetary(
        string="Cost (excl. tax)",
        help="Estimated or offered cost over the whole duration of the need, in € HT.",
    )
    cost_known = fields.Boolean(
        string="Cost known",
        help="Unticked, the cost is unknown, which is not zero: a solution can be "
        "free.",
    )
    awarded = fields.Boolean(
        copy=False,
        help="An offer is confidential until the award that follows it.",
        guard="server",
    )

    solution_used_by = fields.Text(
        related="solution_id.used_by",
        string="Used by (catalogue)",
        help="Administrations known to use the catalogued solution.",
    )
    solution_status = fields.Selection(
        related="solution_id.development_status",
        string="Phase (catalogue)",
        help="Development status of the catalogued solution, as its source says.",
    )
    solution_confirmed_on = fields.Date(
        related="solution_id.confirmed_on",
        string="Confirmed (catalogue)",
        help="Last day on which the source of the catalogue still gave the solution, "
        "or someone confirmed that it can be obtained.",
    )
    solution_contact = fields.Char(
        related="solution_id.contact",
        string="Whom to ask (catalogue)",
        help="Address, form or team that gives access to the catalogued solution.",
    )
    solution_contract_vehicle = fields.Char(
        related="solution_id.contract_vehicle",
        string="Contract vehicle (catalogue)",
        help="Contract or convention through which an administration obtains it.",
    )
    solution_url = fields.Char(
        related="solution_id.url",
        string="Web address (catalogue)",
        help="Page of the catalogued solution.",
    )

    assessment = fields.Selection(
        [
            ("adequate", "Adequate"),
            ("adequate_with_development", "Adequate with development"),
            ("inadequate", "Inadequate"),
            ("unavailable", "Not available"),
        ],
        help="Does it meet the need? Additional developments are to be considered for "
        "mutualised solutions (circular 6519/SG).",
    )
    verdict = fields.Selection(
        [
            ("pending", "To examine"),
            ("retained", "Retained"),
            ("rejected", "Set aside"),
        ],
        required=True,
        default="pending",
        copy=False,
    )
    reason = fields.Text(
        copy=False,
        string="Reason of the verdict",
        help="Why it is retained or set aside, in a few sentences a third party "
        "understands.",
    )
    custom_ground = fields.Selection(
        [
            ("no_solution", "No existing solution meets the need"),
            ("resilience", "Resilience demands very strong internal mastery"),
        ],
        string="Ground for developing",
        help="The two grounds on which the State develops: nothing existing answers, "
        "or resilience requires it (circular 6519/SG, third step).",
    )
    verdict_date = fields.Datetime(string="Verdict given on", guard="server")
    verdict_user_id = fields.Many2one(
        "res.users", string="Verdict given by", guard="server"
    )

    reason_code = fields.Selection(
        REASONS,
        string="Main reason",
        copy=False,
        help="The main reason of the verdict; the text says it in full. It tells the "
        "operators of mutualised solutions what they lack.",
    )

    set_aside_ground = fields.Selection(
        GROUNDS,
        string="Ground for setting aside",
        copy=False,
        help="After a competition the best-ranked regular offer is retained; a better "
        "one is set aside only on a ground the code lists (CCP L. 2152-1 to L. 2152-8, "
        "cited from memory by a practitioner: to be checked on Legifrance). Empty for "
        "an offer that simply ranks lower.",
    )
    award_statement = fields.Text(
        string="How the announced criteria weighed",
        copy=False,
        help="At award: how the criteria announced to bidders, sovereignty among them, "
        "weighed in the choice of this offer. Drafted from its grades, to be edited.",
    )
    irregularities = fields.Text(
        compute="_compute_irregularities",
        help="Objectives on which the offer stays below the level published.",
    )
    ranking_score = fields.Float(
        compute="_compute_ranking",
        help="Out of 100: the score of the answers and, where an objective is scored "
        "from the price, its part. Shown once every criterion is settled.",
    )
    ranking = fields.Integer(
        compute="_compute_ranking",
        help="Rank among the regular offers not set aside. 0: not ranked.",
    )

    # === WHAT OTHERS READ OF AN OPTION === #

    def _get_study_content(self):
        """What the consultation relies on, frozen when it is launched."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "path": self.path,
            "solution_id": self.solution_id.id or 0,
            **self._get_verdict_content(),
        }

    def _get_verdict_content(self):
        """What a verdict says; any change of it is journalled.

        What is given no value is absent: what was frozen before stays as it was.
        """
        self.ensure_one()
        content = {"verdict": self.verdict}
        if self.verdict != "pending":
            content |= {
                "assessment": self.assessment or "",
                "reason": self.reason or "",
                "custom_ground": self.custom_ground or "",
            }
            if self.reason_code:
                content["reason_code"] = self.reason_code
        if self.set_aside_ground:
            content["set_aside_ground"] = self.set_aside_ground
        return content

    def _get_verdict_text(self):
        """The verdict in words: a regular offer that ranks lower was not set aside."""
        if self.kind == "offer" and self.verdict == "rejected":
            if self.set_aside_ground:
                return self.env._("Set aside on a listed ground")
            if self.ranking:
                return self.env._("Not retained, ranked %(rank)s", rank=self.ranking)
        labels = dict(self._fields["verdict"]._description_selection(self.env))
        return labels[self.verdict]

    def _get_verdict_summary(self):
        """The sentence everybody reads: it says nothing of a bid."""
        if self.kind == "offer":
            return self.env._("Verdict on an offer.")
        return self.env._(
            "%(option)s: %(verdict)s.",
            option=self.name,
            verdict=self._get_verdict_text(),
        )

    def _meets_need(self):
        """A mutualised solution retained: the need is met without a purchase."""
        return self._is_mutualised() and self.verdict == "retained"

    def _names_product(self):
        """Whether the study retains a product or a vendor of the market."""
        named = self.partner_id or self.solution_id
        retained = self.kind == "studied" and self.verdict == "retained"
        return bool(retained and named) and not self._is_mutualised()

    def _is_evidence(self):
        """Judged on a launched file, or used by an order; or a bid that was read, which
        takes part in the ranking even while it is pending."""
        self.ensure_one()
        judged = self.verdict != "pending" and self.requisition_id.date_launch
        answers = self.answer_ids if self.kind == "offer" else self.answer_ids.browse()
        read = any(not answer._is_blank() for answer in answers)
        orders = self.env["purchase.order"].sudo()
        return bool(
            judged
            or read
            or orders.search_count([("option_id", "=", self.id)], limit=1)
        )

    def _is_settled(self):
        """The award was made on this offer: what was judged stays as it was judged."""
        self.ensure_one()
        return self.awarded and self.kind == "offer" and self.verdict != "pending"

    # === WHAT OTHERS DO NOT READ BEFORE THE AWARD === #

    def _conceal(self, message):
        """`message`, or a sentence that says nothing of a bid the user may not read.

        Findings are computed for everyone, and shown to people who never read offers.
        """
        if not self._is_confidential():
            return message
        instead = tell(self.env)._(
            "An offer, confidential until the award, does not meet this yet: its "
            "analysts see why."
        )
        return message.reserve(instead, self._is_hidden())

    def _is_hidden(self):
        """Whether the current user may not read this option."""
        self.ensure_one()
        return self._is_confidential() and not self.requisition_id._may_read_offers()

    def _is_award_settled(self):
        """Whether nothing is left to sign that this offer competes for."""
        return not self.requisition_id._get_draft_agreements()

    def _is_confidential(self):
        """A bid before the award: only the analysts of the file read it."""
        return self.kind == "offer" and not self.awarded

    # === A BID AMONG OTHERS === #
    # Whether it is regular, and what it competes for.

    def _get_published_grid(self):
        """The grid that was published for what this offer competes for."""
        return self.requisition_id.grid_id

    def _get_competition(self):
        """What tells apart the offers that compete with one another."""
        return False

    def _is_on_published_grid(self):
        grid = self._get_published_grid()
        return self.grid_id == grid or not grid._is_binding()

    def _is_regular(self):
        return self._is_on_published_grid() and not self._get_irregular_objectives()

    def _get_irregular_objectives(self):
        """Objectives whose published level one answer at least does not reach."""
        answers = self._get_scoring_answers()
        return self.grid_id.objective_ids.filtered(
            lambda objective: (
                objective.required_level
                and any(
                    answers[criterion.id].level < objective.required_level
                    for criterion in self._get_scored(objective.criterion_ids)
                    if criterion.id in answers
                )
            )
        )

    def _get_irregularity(self):
        """Why this offer cannot be retained, or empty. Nothing lifts it."""
        if not self._is_on_published_grid():
            return tell(self.env)._(
                "%(offer)s is not assessed on the grid that was published, “%(grid)s”: "
                "choose it in the option, page Sovereignty.",
                offer=self.name,
                grid=self._get_published_grid().display_name,
            )
        if objectives := self._get_irregular_objectives():
            return tell(self.env)._(
                "%(offer)s is irregular: below the level published for "
                "%(objectives)s. Set it aside.",
                offer=self.name,
                objectives=Named(objectives),
            )
        return ""

    def _get_regularity_gap(self):
        """Why this offer cannot be signed yet, or ever; empty when it can."""
        unproven = self._get_unproven_objectives()
        if (irregularity := self._get_irregularity()) or not unproven:
            return irregularity
        return tell(self.env)._(
            "%(offer)s: a level to reach was published for %(objectives)s, and not all "
            "of it is settled. Settle it in the option, page Sovereignty.",
            offer=self.name,
            objectives=Named(unproven),
        )

    def _get_unproven_objectives(self):
        """Objectives with a published level on which some answer is still missing:
        unknown is not reached."""
        answers = self._get_scoring_answers()
        settled = {key for key, answer in answers.items() if answer.settled}
        return self.grid_id.objective_ids.filtered(
            lambda objective: (
                objective.required_level
                and set(self._get_scored(objective.criterion_ids).ids) - settled
            )
        )

    def _is_ranked(self):
        """In the running: a regular bid not set aside on a listed ground."""
        return self.kind == "offer" and not self.set_aside_ground and self._is_regular()

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    @api.depends("answer_ids.level_id", "answer_ids.left_blank", "kind")
    def _compute_irregularities(self):
        for option in self:
            names = option._get_irregular_objectives().mapped("name")
            option.irregularities = option.kind == "offer" and "\n".join(names)

    @api.depends(
        "score", "cost", "cost_known", "set_aside_ground", "requisition_id.option_ids"
    )
    def _compute_ranking(self):
        ranked = {}
        for need in self.requisition_id:
            ranked |= need._get_ranking()
        for option in self:
            option.ranking, option.ranking_score = ranked.get(option, (0, 0.0))

    @api.onchange("solution_id")
    def _onchange_solution_id(self):
        if self.solution_id:
            self.name = self.solution_id.name
            self.path = self.solution_id.path

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """An offer is named after its bidder and takes the step the study retained."""
        if self.kind == "offer" and self.partner_id:
            self.name = self.name or self.partner_id.name
            studied = self.requisition_id.studied_ids
            retained = studied.filtered(lambda o: o.verdict == "retained")
            self.path = self.path or retained[:1].path

    @api.onchange("cost")
    def _onchange_cost(self):
        self.cost_known = bool(self.cost)

    # === CONSTRAINTS === #

    @api.constrains("set_aside_ground", "verdict", "kind")
    def _check_ground(self):
        """A ground belongs to an offer set aside: it takes it out of the ranking."""
        for option in self.filtered("set_aside_ground"):
            if option.kind != "offer" or option.verdict != "rejected":
                raise ValidationError(
                    self.env._(
                        "%(option)s is not an offer set aside: set it aside first, or "
                        "empty the ground for setting aside.",
                        option=option.display_name,
                    )
                )

    def _check_not_settled(self):
        settled = self.filtered(lambda option: option._is_settled())
        if settled:
            raise UserError(
                self.env._(
                    "The award was made on these offers, whose grid and answers stay "
                    "as they were judged: %(options)s.",
                    options=", ".join(settled.mapped("display_name")),
                )
            )

    def _check_same_identity(self, vals):
        """A bid cannot become a study, nor move to a need where it would be read."""
        for name in {"kind", "requisition_id"} & set(vals):
            field = self._fields[name]
            if any(field.convert_to_write(o[name], o) != vals[name] for o in self):
                raise UserError(
                    self.env._(
                        "An option keeps its kind and its need once created. Create "
                        "another option instead."
                    )
                )

    def _check_settled_vals(self, vals):
        """What an offer was judged on stays as it was judged."""
        if not {"award_statement", "grid_id", "set_aside_ground"}.isdisjoint(vals):
            self._check_not_settled()
        if not {"cost", "cost_known"}.isdisjoint(vals):
            self.filtered(lambda option: option.kind == "offer")._check_not_settled()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # Judged once, with its blank answers: an option that repairs is one change.
        with self._get_files_from_vals(vals_list)._judging_change():
            options = super().create(vals_list)
            given = options.filtered(lambda option: option.verdict != "pending")
            given._record_verdicts()
            options._prepare_answers()
        return options

    def write(self, vals):
        self._check_settled_vals(vals)
        self._check_same_identity(vals)
        before = {option: option._get_verdict_content() for option in self}
        with self._judging_write(vals):
            result = super().write(vals)
            changed = self.filtered(lambda o: o._get_verdict_content() != before[o])
            changed._record_verdicts()
        if "grid_id" in vals:
            self._refresh_questions()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if kept := self.filtered(lambda option: option._is_evidence()):
            raise UserError(
                self.env._(
                    "These options cannot be deleted, because they are part of what "
                    "was decided: %(options)s. Set them aside with a reason instead.",
                    options=", ".join(kept.mapped("name")),
                )
            )

    def _record_verdicts(self):
        """Date, sign and journal the verdicts just given, changed or withdrawn."""
        for option in self:
            given = option.verdict != "pending"
            option._write_server(
                {
                    "verdict_date": given and fields.Datetime.now(),
                    "verdict_user_id": given and self.env.uid,
                }
            )
            option.requisition_id._journal(
                "verdict",
                {
                    "option_id": option.id,
                    "kind": option.kind,
                    "name": option.name,
                    "path": option.path,
                    **option._get_verdict_content(),
                },
                summary=option._get_verdict_summary(),
            )

    def _refresh_links(self):
        """Ask of the chain as it is now. What was judged at the award stays judged."""
        open_options = self.filtered(lambda option: not option._is_settled())
        open_options._refresh_questions()

    # === STATEMENT === #

    def action_draft_award_statement(self):
        """Draft the statement of the award from the grades; what was written stays."""
        self.check_access("write")
        self.ensure_one()
        if is_unwritten(self.award_statement):
            grades = self._get_graded_texts(self._get_asked_criteria())
            self.award_statement = "\n".join([self._get_award_text(), *grades])

    def _get_award_text(self):
        if not self.ranking:
            return self.env._(
                "%(offer)s is retained. Criteria announced:", offer=self.name
            )
        return self.env._(
            "%(offer)s is retained, ranked %(rank)s (%(score)s of 100). Criteria "
            "announced:",
            offer=self.name,
            rank=self.ranking,
            score=self._format_number(self.ranking_score),
        )

    # === ACTIONS === #

    def action_give_verdict(self):
        """Ask for one verdict that answers all these options."""
        self.check_access("read")
        return open_dialog(
            self.env["souverainete.option.verdict"],
            self.env._("One verdict for several options"),
            default_option_ids=self.ids,
        )

    def _give_verdict(self, vals):
        """Write the same verdict on several options of one kind: all, or none."""
        if not self:
            raise UserError(self.env._("Choose at least one option."))
        if len(self.requisition_id) > 1:
            raise UserError(
                self.env._(
                    "These options are of several needs: give a verdict need by need."
                )
            )
        self.write(vals)
