from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.documents import get_digest
from ..base.opening import open_form
from ..base.told import tell

# The rule whose derogations the law is reported to bound.
_BOUNDED = "hosting_qualified"

# What officers are told of.
_FACT = "derogation"

_REQUEST = frozenset(
    {"rule_id", "requisition_id", "component_ids", "motive", "measures"}
)

_DECISION = frozenset(
    {
        "authority",
        "document",
        "document_name",
        "date_start",
        "date_end",
        "engaged_on",
    }
)

_PUBLICATION = frozenset({"publication_date", "publication_url"})

_OFFER = frozenset({"acceptable_offer", "acceptable_offer_date"})

# What happens after the decision, and is recorded then.
_FACTS = _PUBLICATION | _OFFER


class Derogation(models.Model):
    """The authority's decision to lift one rule for one need, for a time.

    Decided outside, it is recorded here with its document by an officer who did not
    ask for it. Never deleted, and never rewritten once decided.
    """

    _name = "souverainete.derogation"
    _inherit = ["souverainete.waiver"]
    _description = "Derogation to a rule"
    _order = "id desc"
    _decision_fields = ("recorded_by_id", "recorded_on")
    _event = "derogation"

    rule_id = fields.Many2one(
        "souverainete.rule",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("derogable", "=", True)],
        help="The rule to be lifted; it must allow derogations.",
    )
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="restrict",
        help="The purchase file this derogation is for.",
    )
    component_ids = fields.Many2many(
        "souverainete.component",
        string="Services",
        copy=False,
        domain="[('option_id.requisition_id', '=', need_id)]",
        help="The services it is asked for, each of one offer, as they are then: it "
        "lifts the rule for nothing else. Left empty, those that fall short when it is "
        "asked for.",
    )
    need_id = fields.Many2one(
        related="requisition_id.need_id", string="Need studied", guard="server"
    )
    asked_for = fields.Json(
        copy=False,
        help="Who provides each service, and what it fell short of, when it was asked "
        "for.",
        guard="server",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True, guard="server"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("revoked", "Revoked"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
        guard="server",
    )
    motive = fields.Text(
        required=True,
        help="Why the rule cannot be met. A derogation to loi SREN, art. 31 is "
        "reported to be motivated and made public.",
    )
    measures = fields.Text(
        string="Compensating measures",
        required=True,
        help="What protects the data meanwhile, and how the rule will be met again.",
    )
    authority = fields.Char(
        tracking=True,
        help="Who granted or refused it: for the hosting of sensitive data, the "
        "minister, after validation by the Prime Minister (doctrine cloud, R9).",
    )
    document = fields.Binary(attachment=True, help="The signed decision.")
    document_name = fields.Char()
    engaged_on = fields.Date(
        string="Project engaged on",
        tracking=True,
        help="Day the project was engaged. Loi SREN, art. 31 III, as reported: only "
        "projects already engaged are granted a derogation on their hosting.",
    )
    acceptable_offer = fields.Selection(
        [("none", "None available yet"), ("available", "Available")],
        string="Acceptable offer",
        tracking=True,
        help="Whether an offer that meets the rule is available. When one becomes so "
        "after the decision, an officer records it: the time limit runs from that day.",
    )
    acceptable_offer_date = fields.Date(
        string="Offer available since",
        tracking=True,
        help="The derogation ends a dated time limit after that day at the latest (loi "
        "SREN, art. 31 III, as reported: 18 months; see the menu “Time limits”).",
    )
    publication_date = fields.Date(
        string="Published on", tracking=True, help="When it was made public."
    )
    publication_url = fields.Char(
        string="Published at", tracking=True, help="Where anyone can read it."
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        help="Officer who recorded the decision; never the person who asked.",
        guard="server",
    )
    recorded_on = fields.Datetime(
        string="Recorded on", readonly=True, copy=False, guard="server"
    )

    is_bounded = fields.Boolean(
        string="Bounded",
        compute="_compute_bounds",
        help="Whether the law is reported to bound such a derogation.",
    )
    date_limit = fields.Date(
        string="At the latest until",
        compute="_compute_bounds",
        help="Last day such a derogation may last, once an acceptable offer is "
        "available (inclusive).",
    )
    bounds_gap = fields.Text(
        string="Beyond the bounds",
        compute="_compute_bounds",
        help="What is missing or beyond the bounds.",
    )

    @api.depends("rule_id", "requisition_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(file)s – %(rule)s",
                file=record.requisition_id.display_name or "",
                rule=record.rule_id.name or "",
            )

    @api.depends(
        "rule_id",
        "requisition_id",
        "date_start",
        "date_end",
        "engaged_on",
        "acceptable_offer",
        "acceptable_offer_date",
    )
    def _compute_bounds(self):
        for record in self:
            bounded = bool(record.rule_id.code == _BOUNDED and record.company_id)
            today = (record.company_id or self.env.company)._souverainete_today()
            gaps = record._get_bound_gaps(today) if bounded else {}
            record.is_bounded = bounded
            record.date_limit = bounded and record._get_date_limit(today)
            record.bounds_gap = "\n".join(gaps.values())

    @api.constrains("rule_id")
    def _check_rule_is_derogable(self):
        if fixed := self.rule_id.filtered(lambda rule: not rule.derogable):
            raise ValidationError(
                self.env._(
                    "No derogation can be granted to: %(rules)s.",
                    rules=", ".join(fixed.mapped("name")),
                )
            )

    @api.constrains("acceptable_offer", "acceptable_offer_date")
    def _check_offer_date(self):
        for record in self:
            available = record.acceptable_offer == "available"
            if available != bool(record.acceptable_offer_date):
                raise ValidationError(
                    self.env._(
                        "Give the day an acceptable offer became available, or say "
                        "that there is none yet."
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if _FACTS & set(vals):
            self.filtered(
                lambda r: r.state not in ("draft", "requested")
            )._record_event()
        return result

    # === WHAT IT LIFTS === #
    def _lifts(self, finding):
        rule = finding.rule
        granted = rule.derogable and rule.code == self.rule_id.code
        return granted and self._covers(finding) and super()._lifts(finding)

    def _covers(self, finding):
        """Whether `finding` is about a service it was asked for, from who provided it
        then, and for what it fell short of then."""
        if self.rule_id.code != _BOUNDED:
            return True
        component = self.component_ids.filtered(
            lambda component: component._get_finding_key() == finding.key
        )
        asked = (self.asked_for or {}).get(str(component.id))
        return bool(asked) and component._is_as_asked(asked)

    def _is_on_hosting(self, day):
        """Whether it lifts the hosting of sensitive data on `day`."""
        return self.rule_id.code == _BOUNDED and self._is_running(day)

    def _is_published(self):
        return bool(self.publication_date and self.publication_url)

    # === BOUNDS === #
    # Of a derogation on the hosting of sensitive data. They were read in the press:
    # what is beyond them is shown, and refused only where the ministry made the rule
    # blocking.

    def _get_date_limit(self, today):
        """Last day (inclusive) it may last; False while no offer is acceptable, or
        where no time limit is in force."""
        period = self.acceptable_offer_date and self._find_engaged_period(today)
        return bool(period) and self.acceptable_offer_date + period

    def _find_engaged_period(self, today):
        time_limits = self.env["souverainete.time.limit"]
        return time_limits._find("sren_engaged", self.company_id, today)

    def _get_bound_gaps(self, today):
        """{key: message} of what is missing, or beyond the bounds."""
        self.ensure_one()
        gaps = {
            "engaged": self._get_engaged_gap(),
            "offer": not self.acceptable_offer and self._get_offer_gap(),
            "limit": self._get_limit_gap(self._get_date_limit(today)),
            "time_limit": self._get_time_limit_gap(today),
        }
        return {key: message for key, message in gaps.items() if message}

    def _get_engaged_gap(self):
        if not self.engaged_on:
            return tell(self.env)._(
                "%(name)s: say when the project was engaged; such a derogation is for "
                "projects already engaged (form of the derogation).",
                name=self.display_name,
            )
        late = self.date_start and self.engaged_on > self.date_start
        return late and tell(self.env)._(
            "%(name)s: the project was engaged after the derogation starts; such a "
            "derogation is for projects already engaged.",
            name=self.display_name,
        )

    def _get_offer_gap(self):
        return tell(self.env)._(
            "%(name)s: say since when an acceptable offer is available, or that there "
            "is none yet (form of the derogation).",
            name=self.display_name,
        )

    def _get_limit_gap(self, limit):
        beyond = limit and self.date_end and self.date_end > limit
        return beyond and tell(self.env)._(
            "%(name)s: it lasts beyond %(limit)s, the end of the time limit since "
            "an acceptable offer is available. Ask for a shorter one, or migrate.",
            name=self.display_name,
            limit=limit,
        )

    def _get_time_limit_gap(self, today):
        """An unknown time limit is not one of zero, and no reason to judge nothing."""
        if not self.acceptable_offer_date or self._find_engaged_period(today):
            return ""
        return tell(self.env)._(
            "%(name)s: how long it may last is unknown, as no time limit for projects "
            "already engaged is in force: a referentials manager has to propose one, "
            "in the menu “Time limits”.",
            name=self.display_name,
        )

    # === DECISION === #
    # Asking, deciding, publishing: four eyes.

    def action_request(self):
        """Ask the authority; what is asked is frozen from then on."""
        self.check_access("read")
        for record in self:
            record._check_no_acceptable_offer()
            services = record.component_ids or record._get_falling_short()
            asked = {str(c.id): c._prepare_asked() for c in services.sudo()}
            named = [fields.Command.set(services.ids)]
            record._ask({"asked_for": asked, "component_ids": named})

    def _enter(self, state, vals=()):
        """Officers are told of what is asked; who asked, of what became of it."""
        result = super()._enter(state, vals)
        activities = self.env["mail.activity"]
        for record in self.sudo():
            if state == "requested":
                officers = record.company_id._get_role_users("group_officer")
                activities._tell(
                    record,
                    _FACT,
                    officers - record._get_askers(),
                    lambda read: read.env._("Record what was decided"),
                    act_type_xmlid="mail.mail_activity_data_todo",
                )
                continue
            activities._untell(record, _FACT)
            askers = record.requested_by_id | record.requisition_id._get_told_buyer()
            activities._answer(record, askers, lambda read: read._get_summary())
        return result

    def _get_falling_short(self):
        """The services that the rule refuses now, of what is not set aside."""
        if self.rule_id.code != _BOUNDED:
            return self.env["souverainete.component"]
        options = self._get_open_options()
        today = self.company_id._souverainete_today()
        return options.component_ids.filtered(lambda c: c._get_award_gap(today))

    def _get_open_options(self):
        need = self.requisition_id.sudo().need_id
        return need.judged_option_ids.filtered(lambda o: o.verdict != "rejected")

    def _check_no_acceptable_offer(self):
        """Raise where the file itself shows an offer that meets the rule: one that only
        ranks lower is available; one set aside on a listed ground is not."""
        if self.rule_id.code != _BOUNDED:
            return
        today = self.company_id._souverainete_today()
        need = self.requisition_id.sudo().need_id
        offers = need.judged_option_ids.filtered(
            lambda o: o.kind == "offer" and not o.set_aside_ground
        )
        if any(offer._is_acceptable(today) for offer in offers):
            raise UserError(
                self.env._(
                    "An offer received on %(file)s meets the rule: no derogation is "
                    "asked for while an acceptable offer is available.",
                    file=self.requisition_id.display_name,
                )
            )

    def action_grant(self):
        """Record that the authority granted it; the rule is lifted for the period."""
        self.check_access("read")
        self._check_filled("authority", "document", "date_start", "date_end")
        for record in self:
            record._check_no_acceptable_offer()
        self._decide("requested", "granted")

    def action_refuse(self):
        """Record that the authority refused it."""
        self.check_access("read")
        self._decide("requested", "refused")

    def action_revoke(self):
        """Record that the authority put an end to it."""
        self.check_access("read")
        self._decide("granted", "revoked")

    def action_open(self):
        """Open the derogation from the list of its file."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self)

    def _check_decider(self):
        self.check_access("write")
        refusal = self.env._(
            "Four eyes: a decision is recorded by a compliance officer who did not ask "
            "for the derogation."
        )
        if not self._is_officer():
            raise AccessError(refusal)
        self._check_four_eyes(refusal)

    def _is_officer(self):
        return self.env.user.has_group("souverainete_achat.group_officer")

    def _get_askers(self):
        """Who buys asks too."""
        return super()._get_askers() | self.requisition_id._get_askers()

    def _get_rewritten(self, vals):
        """Once asked for, what the authority decided is written by who records it."""
        drafts = self.filtered(lambda record: record.state == "draft")
        asked = {name: value for name, value in vals.items() if name in _REQUEST}
        rewritten = super(Derogation, drafts)._get_rewritten(vals)
        return rewritten | super(Derogation, self - drafts)._get_rewritten(asked)

    # === EVIDENCE === #
    def _get_files(self):
        return self.requisition_id

    def _prepare_entry(self):
        self.ensure_one()
        return {
            "id": self.id,
            "rule": self.rule_id.code,
            "state": self.state,
            "services": self.asked_for or {},
            "motive": self.motive,
            "measures": self.measures,
            "authority": self.authority or "",
            "date_start": fields.Date.to_string(self.date_start) or "",
            "date_end": fields.Date.to_string(self.date_end) or "",
            "document": self.document_name or "",
            "document_sha256": get_digest(self, "document"),
            "engaged_on": fields.Date.to_string(self.engaged_on) or "",
            "acceptable_offer": self.acceptable_offer or "",
            "acceptable_offer_date": fields.Date.to_string(self.acceptable_offer_date)
            or "",
            "publication_date": fields.Date.to_string(self.publication_date) or "",
            "publication_url": self.publication_url or "",
        }

    def _get_frozen_fields(self):
        """What was asked is frozen by asking; what was decided, by recording it."""
        self.ensure_one()
        if self.state == "draft":
            return frozenset()
        if self.state == "requested":
            return _REQUEST
        decided = _REQUEST | _DECISION
        if not self._is_officer():
            return decided | _FACTS
        # The day an offer became available starts the time limit: it is not put off.
        return decided | _OFFER if self.acceptable_offer_date else decided

    @api.model
    def _get_kept_documents(self, documents):
        """Those among `documents` that a decision was recorded with."""
        decided = documents.filtered(lambda d: d.res_field == "document").filtered(
            lambda d: "document" in self.browse(d.res_id)._get_frozen_fields()
        )
        return decided
