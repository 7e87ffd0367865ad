from collections import defaultdict
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import format_date

from ..base.amount import Amount
from ..base.each import run_in_batches
from ..base.finding import SIGNED_STATES, STAGES
from ..base.told import tell
from ..policy.shown import get_banner_points

SHORTFALLS = [
    ("none", "Nothing would be missing"),
    ("planned", "Falls short, with a trajectory"),
    ("late", "Falls short, trajectory late"),
    ("alone", "Falls short, without a trajectory"),
]

EXTENSIONS = [
    ("none", "No extension"),
    ("tacit", "Tacit extensions"),
    ("express", "Express extensions"),
    ("unknown", "Not known"),
]

_DURATION = frozenset(
    {
        "date_start",
        "duration_months",
        "reconduction_kind",
        "reconduction_count",
        "reconduction_months",
        "notice_months",
    }
)


class PurchaseRequisition(models.Model):
    """What becomes of a contract once signed: taken over from before the rules,
    amended, extended or not, renewed."""

    _name = "purchase.requisition"
    _inherit = [
        "purchase.requisition",
        "souverainete.deadline",
        "souverainete.renewed",
    ]
    _extensions_bounded = models.Constraint(
        "CHECK (reconduction_count BETWEEN 0 AND 100 "
        "AND reconduction_months BETWEEN 0 AND 120 "
        "AND notice_months BETWEEN 0 AND 120)",
        "Extensions are at most 100, of at most 120 months, with at most 120 months' "
        "notice, and none of these is negative.",
    )

    duration_months = fields.Integer(
        string="Duration (months)",
        help="Maximum duration announced or signed, tranches and extensions included, "
        "in months. 0: unknown.",
    )
    prior_document_id = fields.Many2one(
        "ir.attachment",
        string="Document of the contract",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="What proves that the contract was signed.",
        guard="server",
    )
    date_signed = fields.Date(
        string="Signed on",
        copy=False,
        help="Day the contract was signed, for one signed elsewhere or before the "
        "rules: what a take-over relies on. Empty: its start says enough.",
        guard="judged",
    )
    prior_annex_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_prior_annex_rel",
        string="Other documents of the contract",
        copy=False,
        help="What was taken over with the document that proves the signature.",
        guard="server",
    )

    prior_amount_missing = fields.Boolean(
        string="Amount to complete",
        copy=False,
        readonly=True,
        help="Taken over without a known maximum (€ HT): it takes orders until its "
        "end, whatever they add up to, until its amount is completed, once.",
        guard="server",
    )

    shortfall_state = fields.Selection(
        SHORTFALLS,
        string="Shortfall",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Whether this contract signed before the rules would be refused if it "
        "were signed today, and whether a trajectory says how that ends. Refreshed "
        "every night and when a trajectory changes; nothing is refused because of it.",
        guard="server",
    )
    shortfall_on = fields.Date(
        copy=False,
        readonly=True,
        help="Day it was last compared with the rules (Paris): one cut short goes on "
        "with the contracts that were not.",
        guard="server",
    )
    shortfall_banner = fields.Html(
        string="What would be missing today",
        compute="_compute_shortfall_banner",
        sanitize=False,
        help="What the rules in force would ask of this contract if it were signed "
        "today. Nothing is refused because of it until the contract ends.",
    )

    trajectory_ids = fields.One2many(
        "souverainete.trajectory",
        "requisition_id",
        string="Trajectories",
        help="What this contract must reach, by when, and whether it is funded.",
    )

    amendment_ids = fields.One2many(
        "souverainete.amendment", "requisition_id", string="Amendments"
    )

    review_ids = fields.One2many(
        "souverainete.review",
        "requisition_id",
        string="Examinations",
        help="One for each extension of the agreement, opened in time for its notice.",
    )
    # === DURATION === #
    reconduction_kind = fields.Selection(
        EXTENSIONS,
        string="Extensions",
        required=True,
        default="unknown",
        tracking=True,
        help="Reconduction. Tacit: it happens unless someone stops it in time. "
        "Express: it happens only when someone decides it. Not known is not “none” "
        "(CCP R. 2112-4, cited from memory by a practitioner: to be checked).",
    )
    reconduction_count = fields.Integer(
        string="Number of extensions",
        tracking=True,
        help="How many times the agreement may be extended (reconductions). The end "
        "of the agreement counts them all.",
    )
    reconduction_months = fields.Integer(
        string="Length of an extension (months)",
        tracking=True,
        help="How many calendar months each extension lasts.",
    )
    notice_months = fields.Integer(
        string="Notice (months)",
        aggregator=None,
        tracking=True,
        help="How many calendar months before the end of a period its extension can "
        "still be stopped, or must be decided. 0: no notice is stated.",
    )
    host_ids = fields.Many2many(
        "res.partner",
        "souverainete_requisition_host_rel",
        string="Hosts",
        copy=False,
        help="Who hosts what the agreement buys, from the components of its retained "
        "options.",
        guard="server",
    )

    # === HOOKS === #

    def _get_judged_lists(self):
        names = ("amendment_ids", "host_ids", "renewal_ids", "review_ids")
        return super()._get_judged_lists() + [(self, name) for name in names]

    def _get_prior_codes(self):
        return super()._get_prior_codes() | {"take_over", "trajectory"}

    def _refresh_compliance(self, findings=None):
        result = super()._refresh_compliance(findings)
        self._refresh_deadlines()
        return result

    def _prepare_end_of_take_over(self):
        """A contract cancelled or reset is no longer one that runs: signing it again
        asks everything, and an officer can take it over once more."""
        vals = super()._prepare_end_of_take_over()
        ended = self.is_prior and self.state not in SIGNED_STATES
        return vals | {"is_prior": False} if ended else vals

    def _get_unknown_limits(self, judged):
        """Those a contract was taken over without knowing."""
        names = ("vendor", "holders", "products", "amount", "end", "options")
        unknown = {name for name in names if self.is_prior and not judged.get(name)}
        return super()._get_unknown_limits(judged) | unknown

    def _learn_unknown_limits(self):
        """What was not known is learnt once; from then on it is judged.

        But for options: studying them now says nothing of what was signed then.
        """
        result = super()._learn_unknown_limits()
        for file in self.filtered("is_prior"):
            judged, now = file.gate_envelope or {}, file._prepare_envelope()
            unknown = file._get_unknown_limits(judged) - {"options"}
            if learnt := {name: now[name] for name in unknown if now[name]}:
                file._learn(judged | learnt)
        return result

    def _learn(self, envelope):
        missing = not envelope.get("amount")
        self._write_server({"gate_envelope": envelope, "prior_amount_missing": missing})

    # === TAKE OVER === #
    # Contracts signed elsewhere, or before the rules.

    def _take_over(self, document, reason, signed=None):
        """Put drafts of contracts already signed into `confirmed`, state `prior`.

        `document`: ir.attachment that proves the signature; `signed`: the day of those
        that do not say theirs. Raises when the current user is not an officer, or
        wrote one of the files: it takes two people.
        """
        self._take_over_with(dict.fromkeys(self, document), reason, signed)

    def _take_over_with(self, documents, reason, signed=None):
        """The same, each contract with its own: {file: attachments}, of which the
        first proves the signature. Queries do not depend on the number of files."""
        for attachments in documents.values():
            self._check_take_over(attachments)
        self.env["ir.attachment"].union(*documents.values())._check_proves()
        for file in self:
            if refusal := file._get_take_over_refusal(signed):
                raise refusal
            file._check_four_eyes(file._get_take_over_four_eyes())
        if unsaid := self.filtered(lambda file: signed and not file.date_signed):
            # What the officer reads on the document makes them no author of the file.
            unsaid._quiet().with_user(SUPERUSER_ID)._write_server(
                {"date_signed": signed}
            )
        self._write_prior(documents)
        self._record_take_over(documents, reason)

    def _get_take_over_refusal(self, signed=None):
        """The error that says why this contract cannot be taken over, or None."""
        if self.state != "draft":
            return UserError(
                self.env._("%(name)s is not a draft.", name=self.display_name)
            )
        if gaps := self._get_take_over_gaps(self.date_signed or signed):
            return UserError("\n".join([f"{self.display_name}:", *gaps]))
        return self._get_four_eyes_error(self._get_take_over_four_eyes())

    def _get_take_over_four_eyes(self):
        return self.env._(
            "Four eyes: the buyer of %(name)s cannot take it over; another officer "
            "can.",
            name=self.display_name,
        )

    def _get_take_over_gaps(self, signed):
        """[sentence]: why this is no contract of before, signed that day."""
        gaps = []
        if self.sudo()._is_started():
            gaps.append(
                self.env._(
                    "It was launched, or prepared, under the rules here: what is "
                    "bought so is signed here. Make another file of the contract of "
                    "before."
                )
            )
        today = self.company_id._souverainete_today()
        if max(signed or today, self.date_start or today) > today:
            gaps.append(
                self.env._(
                    "It is signed, or starts, on a day to come: a contract is taken "
                    "over once it runs."
                )
            )
        if not self._is_of_before(signed):
            gaps.append(self._get_not_of_before_message())
        return gaps

    def _is_started(self):
        """Whether a purchase was prepared on this file: launched once, studied, or
        searched for."""
        need = self.need_id
        events = set(self.journal_ids.mapped("event"))
        return bool(
            self.date_launch
            or need.date_launch
            or {"launch", "gate"} & events
            or need.search_ids
            or need.judged_option_ids
        )

    def _is_of_before(self, signed):
        """Whether its day, or its number elsewhere, says that it was not bought under
        the rules here."""
        start = self._get_rules_start(self.company_id)
        day = signed or self.date_start
        return bool(self.ref_contract or (day and start and day < start))

    @api.model
    def _get_rules_start(self, company):
        """First day of the rule on contracts of before: that of the circular."""
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), ("award",)
        )
        return rules.filtered(lambda rule: rule.code == "take_over")[:1].date_start

    def _get_not_of_before_message(self):
        return self.env._(
            "Nothing says that it was signed before the rules (%(day)s) or elsewhere: "
            "give the day it was signed, or its number in “Contract number”.",
            day=format_date(self.env, self._get_rules_start(self.company_id)) or "–",
        )

    def _finding_take_over(self, options):
        """A contract taken over says when, or under which number, it was signed."""
        told = self.is_prior and not self._is_of_before(self.date_signed)
        return {"": self._get_not_of_before_message()} if told else {}

    def _write_prior(self, documents):
        """One write for all, then what is proper to each."""
        self._quiet()._write_server(self._prepare_prior_vals())
        self._write_own_prior(documents)

    def _write_own_prior(self, documents):
        self._prefetch_prior()
        for file in self._quiet():
            file._write_server(file._prepare_own_prior_vals(documents[file]))

    def _quiet(self):
        """Without a message a file, each with its own queries: the journal says who
        took the contract over, and why."""
        return self.sudo().with_context(tracking_disable=True)

    def _prefetch_prior(self):
        """Read at once what the envelope of each contract reads."""
        files = self.sudo()
        files._prefetch_case()
        files._prefetch_findings({"envelope"})

    @api.model
    def _create_prior(self, vals_list, document, reason=""):
        """Create contracts already signed, as `prior`. See `_take_over`."""
        self._check_take_over(document)
        proof = self._prepare_prior_vals()
        quiet = self.with_context(tracking_disable=True)
        files = quiet._create_server(
            [{"user_id": False, **vals, **proof} for vals in vals_list]
        )
        files = files.with_env(self.env)
        # Who reads the first file reads the document of them all. It is given its
        # place before it becomes evidence, which no longer moves.
        if not document.res_id:
            document.sudo().write({"res_model": self._name, "res_id": files[:1].id})
        documents = dict.fromkeys(files, document)
        files._write_own_prior(documents)
        files._record_take_over(documents, reason)
        return files

    def _check_officer(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer can take over a contract.")
            )

    def _check_take_over(self, document):
        self._check_officer()
        if not document:
            raise UserError(
                self.env._("Attach the document that proves the contract was signed.")
            )

    def _prepare_prior_vals(self):
        return {
            "is_prior": True,
            "state": "confirmed",
            "gate_state": "confirmed",
            "prior_officer_id": self.env.uid,
        }

    def _prepare_own_prior_vals(self, documents):
        return {
            "gate_envelope": self._prepare_envelope(),
            "prior_document_id": documents[:1].id,
            "prior_amount_missing": not self._get_ceiling().known,
            # A shared document has no annex: nothing to write for most contracts.
            **({"prior_annex_ids": documents[1:].ids} if documents[1:] else {}),
        }

    def _record_take_over(self, documents, reason):
        """Their rows were just written: what is common is told once for all."""
        summary = self.env._("Contract signed before the rules, taken over.")
        same = defaultdict(self.browse)
        for file in self:
            same[documents[file]] |= file
        for attachments, files in same.items():
            payload = attachments._prepare_take_over_payload() | {"why": reason}
            for (signed, number), alike in files.grouped(_get_proofs).items():
                said = {"signed_on": signed, "number": number}
                alike._journal("take_over", payload | said, summary)
        self._refresh_compliance()

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that prove a contract taken over."""
        proofs = ("prior_document_id", "prior_annex_ids")
        domain = Domain.OR(Domain(name, "in", documents.ids) for name in proofs)
        files = self.with_context(active_test=False).search(domain)
        return (files.prior_document_id | files.prior_annex_ids) & documents

    def _record_holders(self, partners):
        """Record holders that the published data name since the contract was taken
        over. Raises when the current user is not an officer."""
        self._check_officer()
        for file in self.sudo():
            links = [fields.Command.link(partner.id) for partner in partners]
            unknown = dict(file.gate_envelope or {}, holders=[])
            file._write_server({"gate_envelope": unknown, "holder_ids": links})
            file._journal("take_over", {"holders": file._get_holders().mapped("name")})

    def action_state_umbrella(self):
        """The officer states that a contract taken over is an umbrella framework."""
        self.check_access("read")
        self._check_officer()
        for file in self:
            file._check_umbrella_statable()
            envelope = dict(file.sudo().gate_envelope or {}, umbrella=True)
            file.sudo()._write_server({"is_umbrella": True, "gate_envelope": envelope})
            file._journal(
                "take_over",
                {"umbrella": True},
                self.env._("Stated to be an umbrella framework."),
            )

    def _check_umbrella_statable(self):
        if not self.is_prior or self.is_umbrella:
            raise UserError(
                self.env._(
                    "%(name)s is not a contract taken over, or is already an umbrella "
                    "framework.",
                    name=self.display_name,
                )
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: the buyer of %(name)s cannot state it; another "
                "officer can.",
                name=self.display_name,
            ),
            askers=self._get_askers() - self.prior_officer_id,
        )

    # === SHORTFALL === #
    # What a contract signed before the rules would miss if it were signed today. Told,
    # never refused: a signed contract is performed until its end.

    @api.model
    def _get_unasked_codes(self):
        """Codes of the rules about the act of signing, not about what was signed."""
        return frozenset(
            {
                "envelope",
                "estimate",
                "launched",
                "need_covers",
                "take_over",
                "trajectory",
            }
        )

    def _get_shortfalls_by_file(self):
        """{file: [Finding]}: what each would miss, judged as if it were not prior.

        None of them blocks. Constant queries, as `_findings_by_file`.
        """
        files = self.sudo()
        files._prefetch_case()
        asked = {
            file: file._get_rules_as_new().filtered(file._is_blocked_by)
            for file in files
        }
        codes = {rule.code for rules in asked.values() for rule in rules}
        files._prefetch_findings(codes)
        return {
            file: checked._tell_as_new(asked[checked])
            for file, checked in zip(self, files, strict=True)
        }

    def _tell_as_new(self, rules):
        found = self._judge_as_new(rules)
        return [f._replace(blocking=False) for f in found if f.blocking]

    def _get_shortfalls(self):
        """[Finding] of one file. See `_get_shortfalls_by_file`."""
        self.ensure_one()
        return self._get_shortfalls_by_file()[self]

    def _judge_as_new(self, rules):
        """[Finding] of `rules` on this contract, were it signed today. Runs sudo."""
        options = self._get_judged_options()
        return [finding for rule in rules for finding in self._evaluate(rule, options)]

    def _get_rules_as_new(self):
        """The rules that signing this contract today would be judged on."""
        company, scope = self.company_id, self._get_judged_scope()
        rules = self.env["souverainete.rule"]._get_rules(
            company, company._souverainete_today(), STAGES
        )
        if scope != "in":
            return rules.filtered(lambda r: r.code == "scope" and scope == "ask")
        unasked = self._get_unasked_codes()
        asked = self._filter_asked(rules)
        return asked.filtered(lambda rule: rule.code not in unasked)

    def _refresh_shortfalls(self):
        """Write where each contract stands, in one write a state."""
        files = self.sudo()
        today = self.env.company._souverainete_today()
        shortfalls = files._get_shortfalls_by_file()
        states = files.grouped(lambda f: f._get_shortfall_state(shortfalls[f], today))
        for state, same in states.items():
            same._write_server({"shortfall_state": state, "shortfall_on": today})

    def _get_shortfall_state(self, shortfalls, today):
        if not self._is_followed() or not shortfalls:
            return "none"
        planned = self.trajectory_ids.filtered(lambda t: t.state == "planned")
        if not planned:
            return "alone"
        late = all(trajectory.date_target < today for trajectory in planned)
        return "late" if late else "planned"

    def _is_followed(self):
        """Whether this is a contract signed before the rules that runs today."""
        today = self.company_id._souverainete_today()
        running = self.gate_state == "confirmed" and self._is_running(today)
        return self.is_prior and running

    @api.depends_context("uid", "lang")
    def _compute_shortfall_banner(self):
        for file in self:
            shown = file.is_prior and file.scope_status != "out"
            file.shortfall_banner = bool(shown and file._origin) and (
                file._render_shortfalls()
            )

    def _render_shortfalls(self):
        points = get_banner_points(self._origin._get_shortfalls())
        label = self.env._("If it were signed today")
        return self.env["ir.qweb"]._render(
            "souverainete_achat.shortfall_banner", {"label": label, "points": points}
        )

    @api.model
    def _cron_refresh_shortfalls(self):
        """Compare those that were not today, in batches: a run cut short goes on."""
        run_in_batches(self, self._get_follow_domain(), type(self)._refresh_shortfalls)

    @api.model
    def _get_follow_domain(self):
        """Digital contracts taken over that run, not compared with the rules today."""
        today = self.env.company._souverainete_today()
        return [
            ("is_prior", "=", True),
            "|",
            ("scope_status", "!=", "out"),
            ("scope_drift", "=", True),
            "|",
            ("shortfall_on", "=", False),
            ("shortfall_on", "<", today),
        ]

    # === TRAJECTORY === #
    # A contract that falls short is tolerated with a trajectory, which is asked.

    def _finding_trajectory(self, options):
        """A contract that falls short says how it will comply. Reads the indicator: on
        a contract that is not followed, there is nothing to say."""
        messages = {
            "alone": tell(self.env)._(
                "This contract falls short of the rules in force and nothing says how "
                "that ends: plan it on the page “Trajectory” of the file."
            ),
            "late": tell(self.env)._(
                "The date of the trajectory has passed: on the page “Trajectory”, an "
                "officer records that it was reached or abandoned, or the buyer plans "
                "another date."
            ),
        }
        asked = self._is_followed() and self.shortfall_state in messages
        return {self.shortfall_state: messages[self.shortfall_state]} if asked else {}

    def action_open_trajectory(self):
        return self._open_page("action_trajectory_page")

    # === AMENDMENT === #
    # The agreement once amended: what an amendment may change, and how far.

    def action_prepare_amendment(self):
        """Open a new amendment of this agreement."""
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amendment"),
            "res_model": "souverainete.amendment",
            "view_mode": "form",
            "context": {"default_requisition_id": self.id},
        }

    def _get_extension_findings(self):
        """What is missing for the agreement to go further: all that is asked today,
        even of a contract signed before the rules."""
        extended = self._as_extended()
        if not self.is_prior:
            return extended._findings()
        if self._get_judged_scope() == "out":
            return []
        return extended._judge_as_new(self._get_rules_as_new())

    def _as_extended(self):
        """Going further is signing anew: what is tolerated of a contract that only runs
        is not."""
        return self.with_context(souverainete_extends=True)

    def _apply_amendment(self, amendment):
        """Change what the amendment changes, and the limits exactly as much. Runs sudo,
        among declarations that are judged afterwards."""
        self.ensure_one()
        judged = dict(self.gate_envelope or {})
        self._apply_holder(amendment.vendor_id)
        self.write(self._prepare_amended_vals(amendment))
        if judged and not judged.get("out_of_scope"):
            limits = self._prepare_amended_limits(amendment, judged)
            self._write_server({"gate_envelope": judged | limits})
        self._raise_need(amendment.amount)
        amendment._record_project_cost()

    def _apply_holder(self, vendor):
        """Another company takes over the agreement and the option it holds."""
        if not vendor:
            return
        former = self.vendor_id
        held = self._get_judged_options().filtered(
            lambda option: option.partner_id._is_among(former)
        )
        left = self.holder_ids.filtered(lambda holder: holder._is_among(former))
        self.write(
            {
                "vendor_id": vendor.id,
                "holder_ids": [Command.unlink(holder.id) for holder in left],
            }
        )
        held.write({"partner_id": vendor.id})

    def _prepare_amended_vals(self, amendment):
        vals = {"line_ids": [line._prepare_line() for line in amendment.line_ids]}
        if amendment.date_end_new:
            vals |= {"date_end": amendment.date_end_new, "date_end_estimated": False}
        # A ceiling that is not known stays so, whatever is added to it.
        if amendment.amount_before_known and (amendment.amount or amendment.line_ids):
            ceiling = amendment.amount_before + amendment.amount
            self._check_ceiling_left(ceiling)
            vals |= {"amount_max": ceiling, "amount_max_known": True}
        return vals

    def _check_ceiling_left(self, ceiling):
        if self.currency_id.compare_amounts(ceiling, 0) <= 0:
            raise UserError(
                self.env._(
                    "Nothing would be left of %(file)s: close it instead.",
                    file=self.display_name,
                )
            )

    def _prepare_amended_limits(self, amendment, judged):
        """The limits of the agreement, moved by what was signed and nothing else."""
        now = self._prepare_envelope()
        limits = {}
        if judged.get("amount") is not None:
            amount = judged["amount"] + amendment.amount
            limits["amount"] = self.currency_id.round(amount)
        if amendment.date_end_new:
            limits["end"] = now["end"]
        if amendment.line_ids:
            known = judged.get("products") or now["products"]
            added = amendment.line_ids.product_id.ids
            limits["products"] = sorted({*known, *added})
            limits["codes"] = now["codes"] | judged["codes"]
        if amendment.vendor_id:
            limits |= {name: now[name] for name in ("vendor", "holders", "options")}
        return limits

    def _raise_need(self, amount):
        """A need that several agreements share is worth at least what they are."""
        need = self.need_id
        if need == self or amount <= 0 or not need._is_exceeded():
            return
        signed = (need.agreement_ids - need).filtered(lambda f: f.state != "cancel")
        total = Amount.sum_of(file._get_ceiling() for file in signed).value
        need.write({"amount_estimated": total, "amount_estimated_known": True})

    def action_open_deadlines(self):
        return self._open_page("action_deadlines_page")

    def _end_with(self, day):
        """End the agreement with one of its periods, for good: going on after all
        would be an amendment."""
        ends = self._get_period_ends()
        day = min([day, *ends[-1:]])
        judged = dict(self.gate_envelope or {})
        if "end" in judged:
            limits = judged | {"end": fields.Date.to_string(day)}
            self._write_server({"gate_envelope": limits})
        number = sum(end < day for end in ends)
        self.write({"date_end": day, "reconduction_count": number})

    @api.onchange("date_start", "duration_months")
    def _onchange_duration_months(self):
        """The end is proposed where it is empty: it is not estimated, but computed
        from the two things that were typed."""
        if not self.date_end and self._get_last_end():
            self.date_end = self._get_last_end()

    @contextmanager
    def _writing(self, vals):
        with super()._writing(vals):
            yield
        if _DURATION & set(vals):
            self.filtered("deadline_state")._refresh_deadlines()


def _get_proofs(file):
    """What a contract of before says of itself: (day it was signed, number)."""
    return fields.Date.to_string(file.date_signed) or "", file.ref_contract or ""
