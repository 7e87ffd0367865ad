from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.amount import Amount, round_half_up, to_fraction
from ..base.opening import open_form
from ..base.reading import read_lines
from ..base.together import once
from ..base.told import Money, tell
from .opinion_state import FAVOURABLE, RUNNING

REQUIRED = [("yes", "Required"), ("no", "Not required"), ("unknown", "Not known yet")]


class Project(models.Model):
    """A digital project: what the DINUM's opinion is about, never one contract alone.

    Its cost is construction plus the first months of maintenance in operational
    condition (MCO), staff included, with tax (arrêté of 5 June 2020, art. 1 and 2).
    """

    _name = "souverainete.project"
    _inherit = [
        "souverainete.explained",
        "souverainete.likeness.subject",
        "souverainete.authored",
        "souverainete.declaration",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Digital project"
    _order = "name, id"
    _file_path = "file_ids"
    _asker_fields = ("user_id",)
    # Only its cost, its ministry and its files are judged.
    _guard = "free"
    _code_unique = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "A project of this ministry already has this reference.",
    )

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        string="Reference", copy=False, help="Reference of the project in the ministry."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Ministry or body that carries the project. Its type decides whether the "
        "opinion is binding or simple.",
        guard="judged",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
    )
    description = fields.Html()
    cost_line_ids = fields.One2many(
        "souverainete.cost.line",
        "project_id",
        string="Cost lines",
        copy=True,
        guard="judged",
    )
    file_ids = fields.One2many(
        "purchase.requisition",
        "project_id",
        string="Purchase files",
        context={"active_test": False},
        guard="judged",
    )
    dinum_cost = fields.Monetary(
        string="Cost of the project",
        compute="_compute_dinum_cost",
        store=True,
        help="€ TTC: construction and first 24 months of maintenance, staff included "
        "(arrêté of 5 June 2020, art. 2). Empty while a line is unknown.",
        guard="server",
    )
    dinum_cost_low = fields.Monetary(
        string="Known cost",
        compute="_compute_dinum_cost",
        store=True,
        help="€ TTC: sum of the lines that are known. The project costs at least this.",
        guard="server",
    )
    dinum_cost_known = fields.Boolean(
        string="Cost known",
        compute="_compute_dinum_cost",
        store=True,
        help="Unticked while a line is unknown or there is no line: unknown is not 0.",
        guard="server",
    )
    opinion_required = fields.Selection(
        REQUIRED,
        string="DINUM opinion",
        compute="_compute_opinion_required",
        store=True,
        tracking=True,
        help="Required when the cost reaches the threshold in force, equality "
        "included (arrêté of 5 June 2020, art. 1).",
        guard="server",
    )
    evidence_rev = fields.Integer(
        default=0,
        copy=False,
        readonly=True,
        help="Raised by each change of costs, opinions or files, so that the database "
        "refuses one of two people who act at once on the project.",
        guard="server",
    )

    opinion_ids = fields.One2many(
        "souverainete.opinion", "project_id", string="Opinions"
    )

    ministry_led = fields.Selection(
        [("yes", "Yes"), ("no", "No, a supervised body did")],
        string="Initiated or directed by a ministry",
        tracking=True,
        help="Whether a ministry decided, initiated or prefigured the project, or "
        "directs it: the opinion is then binding, whoever buys. Empty: unknown. Read "
        "of the arrêté of 5 June 2020 by a law firm; the article itself was not.",
        guard="judged",
    )
    outside_ground = fields.Selection(
        [
            (
                "defence",
                "Operational, expertise, test or classified system of defence (décret "
                "2025-782, art. 1, third paragraph)",
            ),
            ("intelligence", "System of the DGSE or of the DGSI"),
        ],
        string="Outside article 3",
        tracking=True,
        help="Systems that article 3 of décret 2019-1088 is not about (its art. 1): no "
        "opinion is asked on them. Nothing classified is written here.",
        guard="judged",
    )
    outside_reason = fields.Char(
        string="Why outside article 3",
        help="What lets the officer declare it, without anything classified.",
        guard="judged",
    )
    outside_officer_id = fields.Many2one(
        "res.users",
        string="Declared outside by",
        compute="_compute_outside_officer_id",
        store=True,
        copy=False,
        help="Officer who declared the project outside article 3, and did not write "
        "the ground. Another ground or reason is declared again.",
        guard="server",
    )

    @api.model
    def _is_judged(self, vals):
        """A cost that an officer records on the project is a fact, as on its line."""
        fact = self.env["souverainete.cost.line"]._is_fact()
        stated = set(vals) - {"cost_line_ids"} if fact else vals
        return super()._is_judged(stated)

    @api.model
    def _get_files_from_vals(self, vals_list):
        """A file enters a project by its own write, which the gate judges."""
        return self.env["purchase.requisition"]

    def _get_judged_files(self):
        """Files that stand or fall with the project: needs and their agreements."""
        files = self.sudo().with_context(active_test=False).file_ids
        return files | files.agreement_ids

    # === INTEGRITY === #
    @api.constrains("company_id")
    def _check_company(self):
        for project in self.sudo():
            if any(not project._fits_company(f.company_id) for f in project.file_ids):
                raise ValidationError(
                    self.env._(
                        "%(project)s keeps its ministry: purchase files already "
                        "belong to it.",
                        project=project.display_name,
                    )
                )

    def _fits_company(self, company):
        """Whether a file of `company` may belong to this project."""
        return self.company_id in company.parent_ids

    def _touch_evidence(self):
        """Update the row, so that PostgreSQL refuses one of two at once."""
        for project in self.sudo():
            project._write_server({"evidence_rev": project.evidence_rev + 1})

    def _is_evidence(self):
        """Whether something depends on the project, which is then kept."""
        requested = self.opinion_ids.filtered(lambda o: o.state != "draft")
        return bool(self.file_ids or requested)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_evidence(self):
        if kept := self.sudo().filtered(lambda p: p._is_evidence()):
            raise UserError(
                self.env._(
                    "%(projects)s cannot be deleted: a purchase file or an opinion "
                    "depends on it. Archive it instead.",
                    projects=", ".join(kept.mapped("display_name")),
                )
            )

    # === COST === #
    # What the project costs in the sense of the order, and what follows from it.

    @api.depends(
        "cost_line_ids.amount_counted", "cost_line_ids.cost_known", "ministry_led"
    )
    def _compute_dinum_cost(self):
        for project in self:
            low, known = project._get_cost()
            project.dinum_cost_low = low
            project.dinum_cost_known = known
            project.dinum_cost = low if known else 0.0

    @api.depends(
        "dinum_cost_low",
        "dinum_cost_known",
        "company_id.public_entity_type",
        "outside_officer_id",
    )
    def _compute_opinion_required(self):
        for project in self:
            project.opinion_required = project._get_opinion_required()

    def _get_threshold(self, day=None):
        """The threshold record in force on `day` (today), or empty: no opinion."""
        company, entity_type = self.company_id, self._get_entity_type()
        day = day or company._souverainete_today()
        thresholds = self.env["souverainete.threshold"]
        return thresholds._get_for_body("dinum_opinion", company, entity_type, day)

    def _get_entity_type(self):
        """A ministry's, where one initiated or directs the project, whoever buys."""
        led = self.ministry_led == "yes"
        return "ministry" if led else self.company_id.public_entity_type

    def _get_threshold_amount(self, day=None):
        """The threshold in the project's currency, TTC."""
        threshold = self._get_threshold(day)
        return threshold.currency_id._convert_dated(
            threshold.amount,
            self.currency_id,
            self.company_id,
            day or self.company_id._souverainete_today(),
        )

    def _get_low_cost(self, mco_months, day=None):
        """€ TTC of the lines that are known: exact amounts added up, and rounded to
        the cent once, for the sum. What is compared is what is shown."""
        known = read_lines(self, "cost_line_ids").filtered("cost_known")
        exact = sum(
            (line._get_counted_exact(mco_months, day) for line in known), Fraction()
        )
        return float(round_half_up(exact, self.currency_id)) if self else 0.0

    def _get_cost(self, day=None):
        """TTC, from what was typed on the lines and the rule of `day`."""
        return once(self.env, ("cost", self, day), lambda: self._find_cost(day))

    def _find_cost(self, day):
        lines = read_lines(self, "cost_line_ids")
        low = self._get_low_cost(self._get_threshold(day).mco_months, day)
        return Amount(low, bool(lines) and all(lines.mapped("cost_known")))

    def _get_opinion_required(self, day=None):
        """`yes` as soon as the known part reaches the threshold; unknown is not no."""
        threshold = self._get_threshold(day)
        if not threshold or self.outside_officer_id:
            return "no"
        if threshold._is_rate_unknown(self.currency_id, self.company_id):
            return "unknown"
        low, known = self._get_cost(day)
        if self.currency_id.compare_amounts(low, self._get_threshold_amount(day)) >= 0:
            return "yes"
        return "no" if known else "unknown"

    @api.constrains(
        "dinum_cost", "dinum_cost_low", "dinum_cost_known", "opinion_required"
    )
    def _check_cost_is_derived(self):
        """A stored compute is a plain column: derive it again from its inputs."""
        for project in self:
            low, known = project._get_cost()
            stored = (project.dinum_cost_low, project.dinum_cost)
            wanted = (low, low if known else 0.0)
            amounts = zip(stored, wanted, strict=True)
            if (
                any(project.currency_id.compare_amounts(*pair) for pair in amounts)
                or project.dinum_cost_known != known
                or project.opinion_required != project._get_opinion_required()
            ):
                raise ValidationError(
                    self.env._(
                        "The cost of %(project)s is derived from its cost lines and "
                        "cannot be written.",
                        project=project.display_name,
                    )
                )

    def _record_cost(self):
        """Its costs changed: the project's row moves, its files stand elsewhere. What
        is still an estimate is journalled by the launch alone."""
        self._touch_evidence()
        files = self._get_judged_files()
        files._touch_evidence()
        files._refresh_compliance()
        launched = files.filtered("date_launch")
        launched._journal("project", self._prepare_cost_payload())

    def _prepare_cost_payload(self):
        """What the journal keeps when the cost of a launched project changes."""
        return {
            project.display_name: {
                "cost": cost,
                "known": known,
                "led": project.ministry_led or "",
                "outside": project.outside_officer_id.login or "",
                "ground": project.outside_ground or "",
            }
            for project, (cost, known) in ((p, p._get_cost()) for p in self)
        }

    # === OUTSIDE ARTICLE 3 === #
    # Systems of defence and intelligence (décret 2019-1088, art. 1).

    @api.depends("outside_ground", "outside_reason")
    def _compute_outside_officer_id(self):
        """What was declared is that ground, for that reason."""
        self.outside_officer_id = False

    def action_declare_outside(self):
        """An officer who did not write the ground declares the project outside article
        3 of décret 2019-1088: no opinion is asked on it."""
        self.check_access("read")
        for project in self:
            project._check_outside()
            project._write_server(
                {"outside_officer_id": self.env.uid, **project._prepare_decided()}
            )
            project._record_cost()

    def _check_outside(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._(
                    "Only a compliance officer can declare a project outside article 3."
                )
            )
        if not self.outside_ground or not (self.outside_reason or "").strip():
            raise UserError(
                self.env._(
                    "%(project)s: choose the ground and write the reason first, "
                    "without anything classified.",
                    project=self.display_name,
                )
            )
        self._check_four_eyes(
            self.env._("Four eyes: another officer has to declare it outside.")
        )

    def _get_review(self, day=None):
        """The threshold of the ministry's own review in force on `day`, or empty."""
        company = self.company_id
        day = day or company._souverainete_today()
        return self.env["souverainete.threshold"]._get("ministry_review", company, day)

    def _get_review_required(self, day=None):
        """Whether the ministry examines the project itself, below the opinion."""
        review = self._get_review(day)
        low, known = self._get_cost(day)
        day = day or self.company_id._souverainete_today()
        if review and review._is_reached_by(
            low, self.currency_id, self.company_id, day
        ):
            return "yes"
        return "no" if known or not review else "unknown"

    def _is_rate_frozen(self):
        """Whether its exchange rates stay: neither what a launch relied on nor what the
        DINUM was asked to judge is moved by night."""
        standing = self.opinion_ids.filtered(
            lambda o: o.state not in ("draft", "withdrawn", "stale")
        )
        return bool(standing) or any(self.sudo().file_ids.mapped("date_launch"))

    @api.model
    def _cron_refresh_cost(self):
        """A threshold that starts or ends moves the cost without any line changing,
        and so does the rate of the day until it is relied on."""
        projects = self.search([("cost_line_ids", "!=", False)])
        lines = projects.cost_line_ids
        moving = projects.filtered(lambda project: not project._is_rate_frozen())
        for records, names in (
            (moving.cost_line_ids, ("rate", "rate_date", "cost_known")),
            (lines, ("amount_ttc", "amount_counted", "amount_excluded")),
            (projects, ("dinum_cost", "dinum_cost_low", "dinum_cost_known")),
            (projects, ("opinion_required",)),
        ):
            for name in names:
                self.env.add_to_compute(records._fields[name], records)

    # === PURCHASES === #
    # What the project is said to cost, compared with what is bought for it.

    def _is_understated(self, day=None):
        """Whether its purchases alone, plus VAT, reach the threshold, while its cost
        lines, everything included, are worth less than they are without tax."""
        threshold = self._get_threshold(day)
        if not threshold or self.outside_officer_id:
            return False
        worth = self._get_purchased_value()
        taxed = self.currency_id.round(worth * (100 + threshold.vat_rate) / 100)
        compare = self.currency_id.compare_amounts
        reached = compare(taxed, self._get_threshold_amount(day)) >= 0
        return reached and not self._is_stated(worth)

    def _is_stated(self, worth):
        """Whether purchases of this worth, in € HT, fit in the cost lines, everything
        included."""
        stated = sum((line._get_ttc() for line in self.cost_line_ids), Fraction())
        shown = float(round_half_up(stated, self.currency_id))
        return self.currency_id.compare_amounts(worth, shown) <= 0

    def _get_purchased_value(self):
        """€ HT: what the purchase files of the project are worth together at least,
        each need once and without the ceilings of umbrella frameworks. A currency
        that no rate ties to the project's adds nothing: its worth is unknown."""
        company, own = self.company_id, self.currency_id
        day = company._souverainete_today()
        known = self.file_ids.filtered(
            lambda f: f.currency_id._is_comparable(own, company)
        )
        total = sum(
            (
                to_fraction(
                    need.currency_id._convert_dated(
                        need._get_value().value, self.currency_id, company, day
                    )
                )
                for need in known.filtered(lambda file: file._is_expense())
            ),
            Fraction(),
        )
        return float(round_half_up(total, self.currency_id))

    def _get_understated_message(self):
        return tell(self.env)._(
            "The purchases of %(project)s are worth %(worth)s excl. tax, more than all "
            "its cost lines together: complete them, on the project's form.",
            project=self.display_name,
            worth=Money(self._get_purchased_value(), self.currency_id),
        )

    # === OPINION === #
    # Which opinion counts for the project, and what it lacks.

    def action_request_opinion(self):
        """Open the project's draft request, or a new one."""
        self.check_access("read")
        self.ensure_one()
        draft = self.opinion_ids.filtered(lambda o: o.state == "draft")[:1]
        opinion = draft or self.opinion_ids.create({"project_id": self.id})
        return open_form(opinion)

    def _get_governing_opinion(self, kind=None):
        """The opinion that counts: the last answer, or the request that follows it.

        A favourable answer holds while a new request runs. A ministry needs a
        binding opinion; a simple one given before does not do.
        """
        opinions = self.opinion_ids.filtered(
            lambda o: (
                o.state not in ("draft", "withdrawn")
                and (kind != "binding" or o.kind == "binding")
            )
        ).sorted(lambda o: (o.date_submitted, o.id), reverse=True)
        running = opinions.filtered(lambda o: o.state in RUNNING)[:1]
        decided = (opinions - opinions.filtered(lambda o: o.state in RUNNING))[:1]
        if decided.state in FAVOURABLE:
            return decided
        return running or decided

    def _get_last_answer(self):
        """The last answer of the DINUM, which a request that follows does not undo."""
        answered = self.opinion_ids.filtered(
            lambda o: o.state not in ("draft", "withdrawn", *RUNNING)
        )
        return answered.sorted(lambda o: (o.date_submitted, o.id))[-1:]

    def _get_opinion_gap(self, day=None):
        """{key: message} of what the project's opinion lacks; empty: nothing."""
        if self._get_opinion_required(day) != "yes":
            return self._get_shrunk_gap()
        kind = self._get_threshold(day).opinion_kind
        opinion = self._get_governing_opinion(kind)
        gap = opinion._get_gap(kind)
        if not gap:
            return {}
        return {gap: self._get_gap_message(opinion, gap, day)}

    def _is_opinion_running(self, day=None):
        """Whether the opinion that governs was requested and nothing else is to be done
        about it than to wait."""
        if not self or self._get_opinion_required(day) != "yes":
            return False
        kind = self._get_threshold(day).opinion_kind
        return self._get_governing_opinion(kind)._is_awaited(kind)

    def _get_shrunk_gap(self):
        """A refused project stated below the threshold since: nobody sets the refusal
        aside by restating costs."""
        if self._is_refusal_pending():
            return {"pending": self._get_pending_refusal_message()}
        opinion = self._get_last_answer()
        if not opinion or not opinion._is_binding_refusal():
            return {}
        return {
            "shrunk": tell(self.env)._(
                "The DINUM's opinion of %(date)s on %(project)s is unfavourable, and "
                "its cost is now stated below the threshold: a compliance officer who "
                "did not ask confirms it by declaring that opinion stale, with the "
                "reason, on the opinion.",
                date=opinion.date_outcome,
                project=self.display_name,
            )
        }

    def _is_refusal_pending(self):
        """A letter transcribed as unfavourable binds nobody yet, and is no silence."""
        return any(
            opinion.state in RUNNING
            and opinion.kind == "binding"
            and opinion.registered_outcome == "unfavourable"
            for opinion in self.opinion_ids
        )

    def _get_pending_refusal_message(self):
        return tell(self.env)._(
            "The cost of %(project)s is now stated below the threshold, while a letter "
            "transcribed as unfavourable awaits its confirmation: another officer, or "
            "the DINUM, confirms it or sends it back, on the opinion.",
            project=self.display_name,
        )

    def _get_gap_message(self, opinion, gap, day):
        if gap != "none":
            return opinion._get_gap_message(gap)
        return tell(self.env)._(
            "%(project)s costs %(cost)s incl. tax, at or above %(threshold)s: request "
            "the DINUM's opinion on the project's form, before any contract.",
            project=self.display_name,
            cost=Money(self._get_cost(day).value, self.currency_id),
            threshold=Money(self._get_threshold_amount(day), self.currency_id),
        )
