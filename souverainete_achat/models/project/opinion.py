from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.text import check_words
from ..base.told import tell
from .opinion_state import FAVOURABLE, RUNNING, STATES
from .threshold import OPINION_KINDS


class Opinion(models.Model):
    """The DINUM's opinion on a project: what was asked, what came back, what it lacks.

    A record of an act of an outside body, never a click in Odoo: what decides is
    written by methods that check who acts, and never by a client.
    """

    _name = "souverainete.opinion"
    _inherit = [
        "souverainete.opinion.clock",
        "souverainete.opinion.registration",
        "souverainete.opinion.referral",
        "souverainete.opinion.sequel",
        "souverainete.authored",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "DINUM opinion on a project"
    _order = "date_submitted desc, id desc"
    _asker_fields = ("requester_id",)
    _decider_groups = ("group_officer", "group_dinum")
    # The DINUM discusses what it reads without being able to write it.
    _mail_post_access = "read"

    project_id = fields.Many2one(
        "souverainete.project",
        required=True,
        index=True,
        ondelete="restrict",
        help="The opinion is about the project, not about one contract.",
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    kind = fields.Selection(
        OPINION_KINDS,
        readonly=True,
        copy=False,
        help="Binding for a ministry, simple for a supervised body (décret 2019-1088, "
        "art. 3). Follows from the ministry or body when the request is submitted.",
        guard="server",
    )
    channel = fields.Selection(
        [
            ("registered", "Letter received outside, transcribed here"),
            ("here", "Given here by a DINUM reviewer"),
        ],
        required=True,
        default=lambda self: self.env.company.opinion_channel,
        help="Registered: an officer who did not ask transcribes the letter, another "
        "person confirms it. Here: a DINUM reviewer with an account answers.",
    )
    note = fields.Html(
        string="Summary note",
        default=lambda self: self._get_headings(),
        help="What the request says of the project, under the aspects that are judged: "
        "strategy, finances, governance, carrying out, planning (DINUM, 2022).",
    )
    state = fields.Selection(
        STATES,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        guard="server",
    )
    # === REQUEST === #
    requester_id = fields.Many2one(
        "res.users",
        string="Requested by",
        readonly=True,
        copy=False,
        help="Who submitted the request. They never record or give its outcome.",
        guard="server",
    )
    date_submitted = fields.Date(
        string="Submitted on", readonly=True, copy=False, guard="server"
    )
    basis_cost = fields.Monetary(
        string="Cost submitted",
        readonly=True,
        copy=False,
        help="Known cost of the project when the request was submitted, € TTC. A cost "
        "above it leaves what the DINUM judged.",
        guard="server",
    )
    basis_cost_known = fields.Boolean(
        string="Cost wholly known", readonly=True, copy=False, guard="server"
    )
    basis_threshold = fields.Monetary(
        string="Threshold",
        readonly=True,
        copy=False,
        help="Threshold then, € TTC.",
        guard="server",
    )
    is_stale = fields.Boolean(
        string="Cost above what was submitted",
        compute="_compute_is_stale",
        help="Whether the project costs more than what was submitted and the growth "
        "the ministry tolerates (menu “Thresholds”; none: nothing is tolerated).",
    )
    piece_ids = fields.One2many(
        "souverainete.opinion.piece",
        "opinion_id",
        string="Pieces of the referral file",
        help="Each piece with its document, or the reason it is absent.",
    )
    event_ids = fields.One2many(
        "souverainete.opinion.event",
        "opinion_id",
        string="Events",
        readonly=True,
        copy=False,
        guard="server",
        help="What came from the DINUM, in the order it was recorded.",
    )
    suspension_ids = fields.One2many(
        "souverainete.suspension",
        "opinion_id",
        string="Suspensions",
        readonly=True,
        guard="server",
    )
    # === OUTCOME === #
    reference = fields.Char(
        readonly=True,
        copy=False,
        tracking=True,
        help="Reference of the DINUM's letter.",
        guard="server",
    )
    date_outcome = fields.Date(
        string="Opinion dated",
        readonly=True,
        copy=False,
        help="Date of the letter; for a deemed favourable opinion, the day after the "
        "time limit ended.",
        guard="server",
    )
    recommendations = fields.Text(readonly=True, copy=False, guard="server")
    appraisal = fields.Html(
        string="Opinion by aspect",
        readonly=True,
        copy=False,
        help="What the DINUM says of each aspect it judges, as its letter does.",
        guard="server",
    )
    security_observation = fields.Text(
        string="Observation of the ANSSI",
        readonly=True,
        copy=False,
        help="What the ANSSI says of the project's security, where it was heard.",
        guard="server",
    )
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_document_rel",
        string="Documents",
        ondelete="restrict",
        readonly=True,
        copy=False,
        help="Acknowledgement, requests for information and letter, as received.",
        guard="server",
    )
    recommendation_ids = fields.One2many(
        "souverainete.recommendation",
        "opinion_id",
        string="Recommendations one by one",
        readonly=True,
        copy=False,
        guard="server",
    )
    departure_ids = fields.One2many(
        "souverainete.opinion.departure",
        "opinion_id",
        string="Departures",
        readonly=True,
        copy=False,
        help="Why who decides went against the opinion.",
        guard="server",
    )
    ending_reason = fields.Text(
        string="Reason of the end",
        readonly=True,
        copy=False,
        help="Why the request was withdrawn, or the opinion declared stale.",
        guard="server",
    )
    ended_by_id = fields.Many2one(
        "res.users",
        string="Ended by",
        readonly=True,
        copy=False,
        help="Who withdrew the request or declared the opinion stale.",
        guard="server",
    )
    # === READER === #
    may_answer = fields.Boolean(
        compute="_compute_may_answer",
        help="Whether the current user may record or give the answer.",
    )
    situation = fields.Text(
        compute="_compute_situation", help="Where the request stands, and who can act."
    )

    # === ROLES === #

    def _is_registrar(self):
        """Whether the current user's role may record what the DINUM wrote."""
        return self.env.user.has_group(
            "souverainete_achat.group_officer"
        ) or self.env.user.has_group("souverainete_achat.group_dinum")

    def _is_reviewer(self):
        """Whether the current user may give the opinion here: DINUM, never a buyer."""
        user = self.env.user
        return user.has_group("souverainete_achat.group_dinum") and not user.has_group(
            "purchase.group_purchase_user"
        )

    def _check_not_requester(self):
        self._check_four_eyes(
            self.env._(
                "Four eyes: you asked for this opinion, so another person records "
                "or gives the answer."
            )
        )

    # === COMPUTE METHODS === #

    @api.depends("project_id.name", "project_id.code", "date_submitted")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for opinion in self:
            project = opinion.project_id
            opinion.display_name = self.env._(
                "DINUM opinion on %(project)s", project=project.code or project.name
            )

    @api.depends("channel", "requester_id", "authors")
    @api.depends_context("uid")
    def _compute_may_answer(self):
        for opinion in self:
            role = opinion._is_reviewer() if opinion.channel == "here" else True
            opinion.may_answer = (
                role and opinion._is_registrar() and not opinion.is_asker
            )

    @api.depends("state", "basis_cost", "project_id.dinum_cost_low")
    def _compute_is_stale(self):
        for opinion in self:
            opinion.is_stale = opinion._is_stale()

    def _is_stale(self):
        """Whether the project outgrew what was submitted. Only people declare it."""
        if not self or self.state in ("draft", "withdrawn"):
            return False
        cost = self.project_id._get_cost().value
        limit = self.basis_cost + self._get_tolerance()
        return self.currency_id.compare_amounts(cost, limit) > 0

    def _get_tolerance(self):
        """€ TTC of growth the ministry tolerates; none in force: nothing."""
        company = self.company_id
        today = company._souverainete_today()
        tolerance = self.env["souverainete.threshold"]._get(
            "opinion_tolerance", company, today
        )
        return tolerance.currency_id._convert(
            tolerance.amount, self.currency_id, company, today
        )

    # === SITUATION === #
    # What the opinion still lacks for a purchase to go on, in one sentence.

    @api.depends(
        "state", "date_received", "date_due", "registration_pending", "departure_needed"
    )
    @api.depends_context("lang")
    def _compute_situation(self):
        for opinion in self:
            opinion.situation = opinion._get_situation()

    def _get_situation(self):
        """One sentence above the form; empty when nothing is to be done."""
        if self.state == "draft":
            return self.env._(
                "Draft: submitting it freezes the project's costs as the DINUM will "
                "judge them."
            )
        if self.departure_needed:
            return self._get_departure_message()
        if self.kind == "simple" and self.state == "unfavourable":
            return False
        gap = self.state != "withdrawn" and self._get_gap("binding")
        return self._get_gap_message(gap) if gap else False

    def _get_gap(self, kind):
        """Key of what is missing, or empty: nothing is.

        A binding opinion has to be favourable. For a simple one the referral is due,
        with its acknowledgement; what the opinion says does not bind.
        """
        if not self:
            return "none"
        if self.state == "stale":
            return "stale"
        if self._is_awaited(kind):
            return "running"
        if self.state in FAVOURABLE:
            return ""
        if kind == "simple" and (self.date_received or self.state not in RUNNING):
            return ""
        return self.state

    def _is_awaited(self, kind):
        """Whether nothing else is to be done about it than to wait for its answer."""
        if self._is_contradicted():
            return True
        return self.state == "submitted" and not (
            kind == "simple" and self.date_received
        )

    def _is_contradicted(self):
        """Silence seemed to decide, and an unfavourable letter is being confirmed."""
        return self.state == "tacit" and self.registered_outcome == "unfavourable"

    def _get_gap_message(self, gap):
        """The sentence for one key of `_get_gap`, with the way out."""
        messages = {
            "running": self._get_running_message,
            "suspended": self._get_suspended_message,
            "unfavourable": self._get_unfavourable_message,
            "stale": self._get_stale_message,
        }
        return messages[gap]()

    def _get_running_message(self):
        if self.registration_pending:
            return tell(self.env)._(
                "The DINUM's letter was transcribed: another officer or the DINUM has "
                "to confirm it, on the opinion."
            )
        if not self.date_received:
            return tell(self.env)._(
                "The DINUM's opinion was requested on %(date)s, but the complete file "
                "is not acknowledged yet, so no time limit runs: record the "
                "acknowledgement on the opinion.",
                date=self.date_submitted,
            )
        return tell(self.env)._(
            "The DINUM's opinion is running since %(date)s and is due on %(due)s: "
            "wait for it, or record it on the opinion when it comes.",
            date=self.date_received,
            due=self.date_due,
        )

    def _get_suspended_message(self):
        return tell(self.env)._(
            "The DINUM asked for more information on %(date)s and its time limit is "
            "suspended: answer, then record the answer on the opinion.",
            date=self._get_running_suspension().date_from,
        )

    def _get_unfavourable_message(self):
        return tell(self.env)._(
            "The DINUM's opinion of %(date)s is unfavourable and it binds: change the "
            "project and submit a new request.",
            date=self.date_outcome,
        )

    def _get_stale_message(self):
        return tell(self.env)._(
            "The DINUM's opinion was declared stale, because the project left what "
            "was judged: submit a new request."
        )

    # === INTEGRITY === #

    @api.constrains("project_id", "channel", "note")
    def _check_request_is_frozen(self):
        if self.filtered(lambda o: o.state != "draft"):
            raise UserError(
                self.env._(
                    "A submitted request keeps its project, channel and note: withdraw "
                    "it and make a new one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if self.filtered(lambda o: o.state != "draft"):
            raise UserError(
                self.env._(
                    "A submitted opinion is evidence and is never deleted: withdraw it."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        opinions = super().create(vals_list)
        opinions._add_pieces()
        return opinions

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that left with a request, or that a decision was
        confirmed on."""
        opinions = self.browse(set(documents.mapped("res_id")) - {0}).exists()
        sent = opinions.filtered(lambda o: o.state != "draft")
        kept = sent.piece_ids.document_ids | sent.referral_pdf_id | sent.referral_zip_id
        kept |= sent.filtered("confirmer_id").document_ids
        return kept & documents

    # === RECORD === #
    # One step: written by the server, told to the project's files, journalled.

    def _take_step(self, vals, summary):
        """Write one step, and tell the project and its files. Rights are checked.

        A favourable outcome plans the first follow-up; any other state ends it.
        """
        if "state" in vals:
            favourable = vals["state"] in FAVOURABLE
            start = favourable and (vals.get("date_outcome") or self.date_outcome)
            vals = {**vals, "date_follow_up": self._get_next_follow_up(start)}
        opinion = self.sudo()
        opinion._write_server(vals)
        files = opinion.project_id._get_judged_files()
        opinion.project_id._touch_evidence()
        files._record_act("opinion", opinion._prepare_step_payload(), summary)
        opinion._release_orders(files)
        self._message_log(body=summary)

    def _prepare_step_payload(self):
        """What the journal keeps of a step, as JSON-able data."""
        payload = {
            "opinion": self.id,
            "project": self.project_id.display_name,
            "kind": self.kind or "",
            "channel": self.channel,
            "state": self.state,
            "basis_cost": self.basis_cost,
            "threshold": self.basis_threshold,
            "reference": self.reference or "",
            "dates": {
                name: fields.Date.to_string(self[name]) or ""
                for name in self._get_journal_dates()
            },
        }
        if self.ending_reason:
            payload["reason"] = self.ending_reason
        if recommendations := self.recommendation_ids:
            payload["recommendations"] = recommendations.mapped("text")
        if self.security_observation:
            payload["security"] = self.security_observation
        if self.publication:
            payload["publication"] = self._prepare_publication_entry()
        if digests := self.referral_digests:
            payload["referral"] = digests
        return payload

    @api.model
    def _get_journal_dates(self):
        return ("date_submitted", "date_received", "date_due", "date_outcome")

    def _release_orders(self, files):
        """Orders that waited for this opinion alone leave by themselves."""
        if self.state in FAVOURABLE:
            (files.purchase_ids | files.need_order_ids)._release_parked()

    def _notify_outcome(self):
        """For who asked: one activity once the answer is known, one more where it has
        recommendations to answer."""
        opinion, answer = self.sudo(), self.env["mail.activity"]._answer
        answer(opinion, opinion.requester_id, lambda read: read._describe_outcome())
        if opinion.unanswered_count:
            answer(
                opinion, opinion.requester_id, lambda read: read._describe_to_answer()
            )

    def _describe_outcome(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._("DINUM opinion: %(outcome)s", outcome=labels[self.state])

    def _describe_to_answer(self):
        return self.env._(
            "Recommendations of the DINUM to answer: %(count)s",
            count=self.unanswered_count,
        )

    # === ENDING === #
    # How a request or an opinion ends before its time: by whom, and why.

    def _end(self, state, reason, summary):
        self._take_step(
            {"state": state, "ending_reason": reason, "ended_by_id": self.env.uid},
            summary,
        )

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(
                self.env._("Give the reason: it is kept with the opinion for good.")
            )

    def action_withdraw(self, reason=""):
        """Take a running request back: by who asked, or by an officer, with a reason.

        Orders that waited for it are not released, and what is ordered stays.
        """
        self.check_access("read")
        check_words(self.env, reason)
        for opinion in self:
            opinion._check_withdrawable(reason)
            opinion._end("withdrawn", reason, self.env._("The request was withdrawn."))

    def _check_withdrawable(self, reason):
        if self.state not in RUNNING:
            raise UserError(self.env._("Only a running request can be withdrawn."))
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        if not officer and self.env.user != self.requester_id:
            raise AccessError(
                self.env._("Only who asked or a compliance officer can withdraw it.")
            )
        if self.registration_pending:
            raise UserError(
                self.env._(
                    "The DINUM answered: its letter awaits confirmation. Confirm it or "
                    "send it back first."
                )
            )
        self._check_reason(reason)

    def action_declare_stale(self, reason=""):
        """Say that the project left what was judged: a new opinion is needed.

        Never automatic. A cost above what was submitted is its own reason; for
        anything else that changed, the reason is written.
        """
        self.check_access("read")
        check_words(self.env, reason)
        for opinion in self:
            opinion._check_stale(reason)
            opinion._end(
                "stale",
                reason or opinion._get_stale_reason(),
                self.env._(
                    "The project left what the DINUM judged: the opinion is stale."
                ),
            )

    def _check_stale(self, reason):
        if not self._is_registrar():
            raise AccessError(
                self.env._(
                    "Only a compliance officer or the DINUM can declare an opinion "
                    "stale."
                )
            )
        if self._is_binding_refusal():
            self._check_not_requester()
            self._check_reason(reason)
        elif self.state not in FAVOURABLE:
            raise UserError(
                self.env._("Only an opinion that was given can be declared stale.")
            )
        elif not self._is_stale():
            self._check_reason(reason)

    def _is_binding_refusal(self):
        """Whether it refuses the project: who asked does not set it aside alone."""
        return self.state == "unfavourable" and self.kind == "binding"

    def _get_stale_reason(self):
        cost = self.project_id._get_cost().value
        return self.env._(
            "The project costs %(cost)s incl. tax, more than the %(basis)s submitted.",
            cost=self.currency_id.format(cost),
            basis=self.currency_id.format(self.basis_cost),
        )
