from contextlib import contextmanager
from datetime import date

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..base.opening import open_dialog, open_form, open_records
from ..base.told import tell
from ..catalogue.words import fold_text
from ..policy.policy import CERTAINTIES

_LONGEST = 500

# What says nothing of the service: asked for, or entered by mistake.
_NO_DECISION = ("examination", "void")


class Qualification(models.Model):
    """A qualification of one named service; never of the company that sells it.

    The state is what was declared. Expiry is derived from the day: an empty date is
    unknown, and what is unknown proves nothing.
    """

    _name = "souverainete.qualification"
    _inherit = [
        "souverainete.qualification.validity",
        "souverainete.qualification.ending",
        "souverainete.qualification.trail",
        "souverainete.authored",
        "souverainete.shipping",
        "mail.thread",
    ]
    _description = "Qualification of a cloud service"
    _decider_groups = ("group_officer", "group_manager")
    _order = "partner_id, service, date_start desc, id"
    _rec_names_search = ["service", "alias", "partner_id.name", "decision"]
    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A qualification cannot end before it starts.",
    )
    _service_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (partner_id, service, scheme, date_start, decision)",
        "This qualification is already in the register.",
    )

    partner_id = fields.Many2one(
        "res.partner",
        string="Provider",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    service = fields.Char(
        tracking=True,
        help="Name of the service, as in the ANSSI catalogue. Empty: unknown.",
    )
    service_type_ids = fields.Many2many(
        "souverainete.service.type",
        "souverainete_qualification_type_rel",
        string="Kinds of service",
        tracking=True,
        help="What the qualification covers. Empty: unknown.",
    )
    alias = fields.Char(
        string="Also called",
        tracking=True,
        help="Another name under which the service is sold or listed.",
    )
    scheme = fields.Selection(
        [
            ("secnumcloud", "SecNumCloud (ANSSI)"),
            ("eu_equivalent", "Equivalent European certification"),
        ],
        required=True,
        default="secnumcloud",
        tracking=True,
        help="SecNumCloud, or a European certification of at least the same level "
        "(doctrine cloud, R9). HDS and ISO 27001 are not such schemes.",
    )
    version = fields.Char(
        tracking=True, help="Version of the reference (for instance 3.2), if known."
    )
    decision = fields.Char(
        string="Decision number",
        copy=False,
        tracking=True,
        help="Number of ANSSI's decision.",
    )
    state = fields.Selection(
        [
            ("examination", "Under examination"),
            ("granted", "Granted"),
            ("withdrawn", "Withdrawn"),
            ("void", "Recorded by mistake"),
        ],
        string="Decision",
        required=True,
        default="granted",
        tracking=True,
        help="What was decided. Whether it is still valid depends on the dates. "
        "Recorded by mistake: it never existed, proves nothing, and is kept so that "
        "everyone sees what the register said.",
    )
    date_start = fields.Date(
        string="Valid from", tracking=True, help="First day. Empty: unknown."
    )
    date_end = fields.Date(
        string="Valid until",
        index=True,
        tracking=True,
        help="Last day (inclusive). Empty: unknown, hence not proven valid.",
    )
    date_withdrawn = fields.Date(
        string="Withdrawn on",
        tracking=True,
        help="First day without the qualification. Empty on a withdrawn one: it is "
        "held as withdrawn on any day.",
    )
    certainty = fields.Selection(
        CERTAINTIES,
        required=True,
        default="unverified",
        tracking=True,
        help="How sure the source is.",
    )
    source = fields.Char(translate=True, help="Where this record was read, and when.")
    source_url = fields.Char(
        string="Address to check", help="Where anyone can verify this record."
    )

    replaces_id = fields.Many2one(
        "souverainete.qualification",
        string="Renews",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="The earlier qualification of the same service: a renewal is a new "
        "record. Purchases that rely on the earlier one follow.",
    )
    is_renamed = fields.Boolean(
        string="Renamed",
        compute="_compute_is_renamed",
        help="The decision it renews names the service otherwise.",
    )
    renewal_reason = fields.Char(
        string="Why it is the same service",
        copy=False,
        tracking=True,
        help="Where it was read that the service qualified under this name is the one "
        "the earlier decision names.",
    )
    line_id = fields.Many2one(
        "souverainete.qualification",
        string="First of the line",
        compute="_compute_line_id",
        store=True,
        recursive=True,
        index=True,
        help="The first decision of this service in the register.",
        guard="server",
    )
    line_member_ids = fields.One2many(
        "souverainete.qualification",
        "line_id",
        string="Decisions of the line",
        help="Every decision recorded for the service, this one included.",
    )
    line_all_ids = fields.Many2many(
        "souverainete.qualification",
        string="Decisions on this service",
        compute="_compute_line_all_ids",
    )

    suspension_ids = fields.One2many(
        "souverainete.qualification.suspension",
        "qualification_id",
        string="Suspensions",
        help="When the qualification was suspended: it proves nothing on these days.",
    )

    renewal_pending_since = fields.Date(
        string="Renewal pending since",
        tracking=True,
        help="First day on which the source says that the renewal is under "
        "examination. After the end date, running contracts go on with a warning for "
        "the ministry's time limit (menu “Time limits”); then it proves nothing.",
    )
    renewal_source = fields.Char(
        string="Source of the renewal",
        tracking=True,
        help="Where it was read that the renewal is under examination, and when.",
    )
    renewal_closed_on = fields.Date(
        string="Renewal no longer pending from",
        tracking=True,
        help="First day the renewal is no longer under examination: refused, or given "
        "up. A renewal granted is a new record instead.",
    )

    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        help="Last person who wrote what the qualification proves. It proves nothing "
        "for their own purchases until another person verified it. Empty: shipped.",
        guard="server",
    )
    verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        readonly=True,
        copy=False,
        help="Second person who compared the record with the ANSSI catalogue.",
        guard="server",
    )

    entry_ids = fields.One2many(
        "souverainete.qualification.entry",
        "qualification_id",
        string="History",
        guard="server",
    )
    line_count = fields.Integer(
        string="Decisions",
        compute="_compute_line_count",
        help="Decisions recorded on this service.",
    )

    @api.depends("service", "partner_id", "scheme")
    def _compute_display_name(self):
        for record in self:
            service = record.service or self.env._("service unknown")
            record.display_name = f"{record.partner_id.name or ''} – {service}"

    @api.depends("service", "replaces_id.service")
    def _compute_is_renamed(self):
        for record in self:
            before = record.replaces_id
            renamed = self._fold(record.service) != self._fold(before.service)
            record.is_renamed = bool(before) and renamed

    @api.model
    def _fold(self, service):
        """Capitals, accents, spaces and punctuation make no other service."""
        return fold_text(service, _LONGEST).replace(" ", "")

    def _is_named(self, service):
        """Whether this service goes by that name."""
        names = filter(None, (self.service, self.alias))
        return self._fold(service or "") in map(self._fold, names)

    @api.depends("replaces_id.line_id")
    def _compute_line_id(self):
        for record in self:
            record.line_id = record.replaces_id.line_id or record._origin

    @api.depends("line_id.line_member_ids")
    def _compute_line_all_ids(self):
        for record in self:
            saved = record._origin
            record.line_all_ids = saved and saved.line_id.line_member_ids

    def _compute_line_count(self):
        for record in self:
            record.line_count = len(record.line_id.line_member_ids)

    @api.constrains("renewal_pending_since", "renewal_source")
    def _check_renewal_source(self):
        for record in self.filtered("renewal_pending_since"):
            if not (record.renewal_source or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say where it was read that the renewal of “%(name)s” is under "
                        "examination (field “Source of the renewal”).",
                        name=record.display_name,
                    )
                )

    @api.constrains("replaces_id", "service", "renewal_reason")
    def _check_same_service(self):
        """Two services of one provider are qualified apart: one proves nothing of the
        other."""
        for record in self | self.search([("replaces_id", "in", self.ids)]):
            if record.is_renamed and not (record.renewal_reason or "").strip():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” renews a service of another name, “%(other)s”: "
                        "record it without “Renews”, or say why it is the same service "
                        "(field “Why it is the same service”).",
                        name=record.display_name,
                        other=record.replaces_id.display_name,
                    )
                )

    @api.constrains("replaces_id", "partner_id", "scheme")
    def _check_line(self):
        """A line is of one provider and one scheme, and starts somewhere."""
        if self._has_cycle("replaces_id"):
            raise ValidationError(
                self.env._("A qualification cannot renew itself, even by others.")
            )
        for record in self | self.search([("replaces_id", "in", self.ids)]):
            if record.replaces_id and record._is_of_another_line():
                raise ValidationError(
                    self.env._(
                        "“%(name)s” renews the qualification of another provider or "
                        "scheme, “%(other)s”: record it without “Renews”.",
                        name=record.display_name,
                        other=record.replaces_id.display_name,
                    )
                )

    def _is_of_another_line(self):
        before = self.replaces_id
        holders = (self | before).partner_id.commercial_partner_id
        return len(holders) > 1 or self.scheme != before.scheme

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """A renewal is a fact of what it renews: its files are judged again."""
        reasons = [vals.pop("change_reason", False) for vals in vals_list]
        records = super().create(vals_list)
        records._sign_record()
        for record, reason in zip(records, reasons, strict=True):
            record._trace(reason)
        renewed = records.replaces_id
        renewed._reassess_files({r.id: r._prepare_entry() for r in renewed})
        return records

    def write(self, vals):
        vals = dict(vals)
        reason = vals.pop("change_reason", False)
        if not vals:
            return True
        if self._get_judged_fields() & set(vals):
            with self._judged():
                result = super().write(vals)
                self._sign_record()
        else:
            result = super().write(vals)
        if self._get_traced_fields() & set(vals):
            self._trace(reason)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "What the register says is never deleted (%(names)s): purchases were "
                "judged on it. Correct the record, or set its decision to “Recorded by "
                "mistake”.",
                names=", ".join(self.mapped("display_name")),
            )
        )

    # === FACT === #
    # Always recorded, then judged.

    @api.model
    def _get_judged_fields(self):
        """Names of the fields that say whether the qualification proves something."""
        return frozenset(
            {
                "partner_id",
                "service",
                "service_type_ids",
                "scheme",
                "state",
                "date_start",
                "date_end",
                "date_withdrawn",
                "replaces_id",
                "suspension_ids",
                "renewal_pending_since",
                "renewal_source",
                "renewal_closed_on",
            }
        )

    def _prepare_entry(self):
        """What the journal of the files keeps of this qualification."""
        self.ensure_one()
        values = {name: self._export_fact(name) for name in self._get_judged_fields()}
        return {"id": self.id, "decision": self.decision or "", **values}

    def _export_fact(self, name):
        """The value of a field, as text that outlives what it refers to."""
        if name == "replaces_id":
            return self.replaces_id.id or False
        if name == "suspension_ids":
            return self.suspension_ids._export_periods()
        value = self[name]
        if isinstance(value, models.BaseModel):
            names = value.mapped("display_name")
            single = self._fields[name].type == "many2one"
            return "".join(names) if single else names
        return fields.Date.to_string(value) if isinstance(value, date) else value or ""

    def _reassess_files(self, before):
        """Journal the change on the files that rely on it, and judge them again."""
        by_need = self._get_components().grouped(
            lambda component: component.option_id.requisition_id
        )
        for need, components in by_need.items():
            need._journal(
                "qualification",
                components._prepare_qualification_entry(before),
                summary=self.env._("A qualification this file relies on changed."),
            )
        needs = self.env["purchase.requisition"].sudo().union(*by_need)
        needs._reassess()
        # A renewal or a new date settles what was told, at once.
        self._get_line()._follow()

    def _get_components(self):
        """The components of any ministry that rely on these qualifications."""
        return (
            self.env["souverainete.component"]
            .sudo()
            .search([("qualification_id", "in", self.ids)])
        )

    @contextmanager
    def _judged(self):
        """Judge the files that rely on these records again where what they prove
        changed meanwhile; once, however many lists are written with a record."""
        pending = self.env.cr.cache.setdefault("souverainete_register", set())
        records = self.filtered(lambda record: record.id not in pending)
        before = {record.id: record._prepare_entry() for record in records}
        pending.update(records.ids)
        try:
            yield
        finally:
            pending.difference_update(records.ids)
        changed = records.filtered(lambda r: r._prepare_entry() != before[r.id])
        changed._reassess_files(before)

    # === RECORDER === #
    # Who recorded what the register says: nobody proves their own purchase alone.

    def _sign_record(self):
        """What these records prove was just written."""
        person = self.env.uid != SUPERUSER_ID and self.env.uid
        self._write_server({"recorded_by_id": person, "verified_by_id": False})

    def _get_recorder_gap(self, buyers):
        """Why it proves nothing yet for a purchase of `buyers`, or empty."""
        today = self.env.company._souverainete_today()
        for record in self | self._get_current(today) if self else self:
            recorders = record._get_askers() & buyers
            if recorders and not record.verified_by_id:
                return tell(self.env)._(
                    "the qualification “%(name)s” was recorded by %(buyer)s, who buys: "
                    "another officer has to verify it, on its form.",
                    name=record.display_name,
                    buyer=recorders[0].name,
                )
        return ""

    # === WHAT COUNTS ON A DAY === #
    # The last decision of the line that has started: a renewal takes over from what it
    # renews, and its withdrawal is not hidden by older dates.

    def _get_line(self):
        """Every decision on the services of these records."""
        return self.line_id.line_member_ids or self

    def _get_judged_lists(self):
        """[(records, name)]: the lists that say what a decision proves."""
        return [(self, "suspension_ids"), (self, "service_type_ids")]

    def _get_current(self, day):
        """The decision of the line that counts on `day`; this one when none of the
        others has started."""
        self.ensure_one()
        return self._get_line()._pick_current(day) or self

    def _pick_current(self, day):
        """Of these decisions on one service, the last that has started on `day`."""
        started = self.filtered(
            lambda r: (
                r.state not in _NO_DECISION and r.date_start and r.date_start <= day
            )
        )
        return started.sorted(lambda r: (r.date_start, r.id or 0))[-1:]

    def _pick_latest(self):
        """Of these decisions on one service, the one that starts last."""
        dated = self.filtered(lambda r: r.state not in _NO_DECISION and r.date_start)
        return dated.sorted(lambda r: (r.date_start, r.id))[-1:]

    def _get_last(self, day):
        """The decision that ends what is proven without a gap from `day` on: the
        current one, or the renewal that follows it."""
        current = self._get_current(day)
        for record in self._get_line().sorted(lambda r: (r.date_start or day, r.id)):
            if record._is_following(current):
                current = record
        return current

    def _is_following(self, current):
        """Whether this decision starts before the other ends, and lasts longer."""
        if not (current.date_end and self.date_start and self.date_end):
            return False
        gap = self.date_start - current.date_end
        return (
            gap.days <= 1
            and self.date_end > current.date_end
            and self._get_standing(self.date_end) == "valid"
        )

    # === ACTIONS === #
    def action_verify(self):
        """A second person compared the record with the catalogue."""
        self.check_access("write")
        self._check_four_eyes(
            self.env._(
                "Four eyes: you recorded this qualification, so another officer "
                "verifies it."
            )
        )
        for record in self:
            decided = record._prepare_decided()
            record._write_server({"verified_by_id": self.env.uid, **decided})
        self._add_entry("verified", False, self._prepare_trace())

    def action_withdraw(self):
        """Record the withdrawal today; the date can be corrected afterwards."""
        self.check_access("read")
        self.write(
            {
                "state": "withdrawn",
                "date_withdrawn": self.env.company._souverainete_today(),
            }
        )

    def action_open_line(self):
        """Every decision recorded on the service."""
        self.check_access("read")
        return open_records(self._get_line(), self.env._("Decisions"))

    def action_ask(self):
        """Was this service qualified on a day?"""
        self.check_access("read")
        self.ensure_one()
        return open_dialog(
            self.env["souverainete.qualification.question"],
            self.env._("Qualified on a day?"),
            default_qualification_id=self.id,
        )

    def action_renew(self):
        """Open the renewal of this qualification: a new record, what is known of the
        service filled in, and nothing of the decision."""
        self.check_access("read")
        self.ensure_one()
        last = self._get_line().sorted(lambda r: r.date_start or r.create_date.date())
        last = last[-1:]
        return open_form(
            self.browse(),
            self.env._("Record the renewal"),
            context={
                "default_replaces_id": last.id,
                "default_partner_id": last.partner_id.id,
                "default_service": last.service,
                "default_service_type_ids": [Command.set(last.service_type_ids.ids)],
                "default_scheme": last.scheme,
                "default_version": last.version,
                "default_source_url": last.source_url,
            },
        )
