from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

# What managers are told of.
_FACT = "proposal"
# Since when, and until when, a version counts.
_PERIOD = ("date_start", "date_end")

CERTAINTIES = [
    ("primary", "Primary text"),
    ("press", "According to the specialised press; text not read"),
    ("unverified", "Unverified"),
    ("policy", "Policy of the ministry or body"),
]


class Policy(models.AbstractModel):
    """A dated fact or choice, with its source, that takes four eyes to change.

    An active version is never edited: a new version is proposed, another person
    approves it, and the version it replaces ends the day before it starts.
    """

    _name = "souverainete.policy"
    _inherit = [
        "souverainete.authored",
        "souverainete.kept",
        "souverainete.shipping",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Dated policy record with its source"
    _decider_groups = ("group_manager",)

    policy_state = fields.Selection(
        [("draft", "Proposed"), ("active", "In force"), ("retired", "Retired")],
        string="Status",
        default="draft",
        required=True,
        copy=False,
        help="Only versions in force count. A proposal is approved by another person.",
        guard="server",
    )
    approver_id = fields.Many2one(
        "res.users", string="Approved by", copy=False, guard="server"
    )
    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        index=True,
        help="Empty: applies to all. Otherwise this version replaces the common one "
        "for this ministry or body.",
    )
    date_start = fields.Date(
        string="In force from", help="First day this version counts (inclusive)."
    )
    date_end = fields.Date(
        string="In force until", help="Last day this version counts (inclusive)."
    )
    certainty = fields.Selection(
        CERTAINTIES,
        required=True,
        default="unverified",
        help="How sure the source is. Only a primary text may be shown as law.",
    )
    source = fields.Char(
        translate=True, help="Text, article and date this record comes from."
    )
    source_url = fields.Char(string="Source address")

    standing = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("upcoming", "To come"),
            ("current", "In force"),
            ("expired", "Expired"),
            ("retired", "Retired"),
        ],
        compute="_compute_standing",
        help="Whether it counts today.",
    )
    changes = fields.Text(
        string="What changes",
        compute="_compute_changes",
        help="What this proposal changes of the version it would replace.",
    )

    @api.depends("policy_state", "date_start", "date_end")
    def _compute_standing(self):
        today = self.env.company._souverainete_today()
        for version in self:
            version.standing = version._get_standing(today)

    def _get_standing(self, today):
        if self.policy_state != "active":
            return "proposed" if self.policy_state == "draft" else "retired"
        if self.date_start and self.date_start > today:
            return "upcoming"
        return "current" if self._is_in_force(today) else "expired"

    @api.model
    def _get_key_fields(self):
        """Names of the fields that say which records are versions of one another."""
        return ("company_id",)

    @api.model
    def _get_kept_domain(self):
        return [("policy_state", "!=", "draft")]

    def _is_approver(self):
        """Whether the current user belongs to those who may approve this record."""
        return self.env.user.has_group("souverainete_achat.group_manager")

    # === VERSIONS === #
    def _is_in_force(self, date):
        """Whether this version counts on `date`."""
        self.ensure_one()
        started = not self.date_start or self.date_start <= date
        return started and (not self.date_end or self.date_end >= date)

    @api.model
    def _get_in_force_domain(self, date):
        return [
            ("policy_state", "=", "active"),
            "|",
            ("date_start", "=", False),
            ("date_start", "<=", date),
            "|",
            ("date_end", "=", False),
            ("date_end", ">=", date),
        ]

    def action_propose_version(self):
        """Open a new version, filled in as this one, which it replaces once approved.
        It is created when it is saved: left at once, it leaves nothing behind."""
        self.check_access("read")
        self.ensure_one()
        [vals] = self.copy_data(self._prepare_version_vals())
        hidden = self._get_server_fields()
        defaults = {
            f"default_{name}": value
            for name, value in vals.items()
            if name not in hidden
        }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New version of %(name)s", name=self.display_name),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": defaults,
        }

    # === WHAT CHANGES === #
    @api.depends("policy_state")
    def _compute_changes(self):
        for version in self:
            proposed = bool(version._origin) and version.policy_state == "draft"
            version.changes = proposed and version._origin._describe_changes()

    def _describe_changes(self):
        """One line a field that changes: its label, the old value and the new one."""
        start = self.date_start or self.env.company._souverainete_today()
        replaced = self._get_replaced_versions(start)[:1]
        if not replaced:
            return self.env._("New: it replaces no version in force.")
        changed = sorted(
            name
            for name in self._get_content_fields()
            if name != "date_end" and self._show(name) != replaced._show(name)
        )
        labels = self.fields_get(changed, ["string"])
        return "\n".join(
            self.env._(
                "%(field)s: %(old)s → %(new)s",
                field=labels[name]["string"],
                old=replaced._show(name) or "–",
                new=self._show(name) or "–",
            )
            for name in changed
        )

    def _show(self, name):
        """The value of a field, as who reads it writes it."""
        field, value = self._fields[name], self[name]
        if field.type == "monetary":
            return self[field.get_currency_field(self)].format(value)
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if field.type == "date":
            return format_date(self.env, value)
        return str(value or "")

    def action_approve(self):
        """Put proposals in force. Raises when the approver wrote the proposal."""
        self.check_access("read")
        for version in self:
            version._check_approval()
            version._approve()

    def _check_approval(self):
        if self.policy_state != "draft":
            raise UserError(self.env._("Only a proposal can be approved."))
        if not self._is_approver():
            raise AccessError(
                self.env._("Only a referentials manager can approve a proposal.")
            )
        self._check_four_eyes(
            self.env._(
                "Four eyes: %(name)s was written by you, so another person "
                "has to approve it.",
                name=self.display_name,
            )
        )

    def _approve(self):
        proposers = self._get_askers()
        start = self.date_start or self.env.company._souverainete_today()
        self._get_replaced_versions(start)._end_before(start)
        self._write_server(
            {
                "policy_state": "active",
                "approver_id": self.env.uid,
                "date_start": start,
                **self._prepare_decided(),
            }
        )
        self._answer_proposal(proposers)

    def _call_approvers(self):
        """Managers who did not write it are told of a proposal; of the first one, where
        many come at once."""
        first = self[:1].sudo()
        count = len(self)
        self.env["mail.activity"]._tell(
            first,
            _FACT,
            first._get_approvers() - first._get_askers(),
            lambda read: read._describe_proposals(count),
            act_type_xmlid="mail.mail_activity_data_todo",
        )

    def _get_approvers(self):
        """Referentials managers of its ministry; of any, where it is for all."""
        if self.company_id:
            return self.company_id._get_role_users("group_manager")
        users = self.env.ref("souverainete_achat.group_manager").sudo().all_user_ids
        return users.filtered("active")

    def _describe_proposals(self, count):
        if count == 1:
            return self.env._("Proposal to approve: %(name)s", name=self.display_name)
        return self.env._("Proposals to approve: %(count)s", count=count)

    def _answer_proposal(self, proposers):
        """Who proposed it knows that it is in force."""
        activities = self.env["mail.activity"]
        activities._untell(self, _FACT)
        activities._answer(
            self,
            proposers,
            lambda read: read.env._("Approved: %(name)s", name=read.display_name),
        )

    def _get_replaced_versions(self, start):
        """Versions in force that this proposal replaces from `start` on."""
        names = self._get_key_fields()
        key = [(name, "=", self._get_key_value(name)) for name in names]
        return self.search(
            [*key, *self._get_in_force_domain(start), ("id", "!=", self.id)]
        )

    def _get_key_value(self, name):
        value = self[name]
        return value.id if isinstance(value, models.BaseModel) else value

    def _end_before(self, start):
        self._write_server({"date_end": fields.Date.subtract(start, days=1)})

    # === CRUD === #
    @api.model_create_multi
    def create(self, vals_list):
        """Proposals by people; versions in force by the data files of the addon."""
        shipped = self.env.uid == SUPERUSER_ID
        for vals in vals_list:
            if shipped:
                vals.setdefault("policy_state", "active")
            else:
                self._check_server_values(self._get_server_fields(), vals, ())
                vals["policy_state"] = "draft"
        with self.browse()._granting("create", vals_list):
            records = super().create(vals_list)
        if records and not shipped:
            records._call_approvers()
        return records

    def write(self, vals):
        if self.env.uid != SUPERUSER_ID and not self._is_granted("write", vals):
            self.check_access("write")
            self._check_editable()
            self._check_server_values(self._get_server_fields(), vals, ())
        with self._granting("write", [vals]):
            return super().write(vals)

    def _get_rewritten(self, vals):
        """Putting a proposal in force, or an end to a version, is writing neither."""
        proposals = self.filtered(lambda r: r.policy_state == "draft")
        return super(Policy, proposals)._get_rewritten(vals)

    def _check_editable(self):
        if fixed := self.filtered(lambda r: r.policy_state != "draft"):
            raise UserError(
                self.env._(
                    "A version in force is not edited: propose a new version of "
                    "%(names)s, which another person approves.",
                    names=", ".join(fixed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_proposals(self):
        if self.env.uid != SUPERUSER_ID:
            self._check_editable()

    @api.model
    @tools.ormcache()
    def _get_revision(self):
        """When a record of policy last changed: what was judged before may be judged
        otherwise since."""
        stored = [self.env[name] for name in self._get_stored_models()]
        for model in stored:
            model.flush_model(["write_date"])
        last = SQL(" UNION ALL ").join(
            SQL("SELECT MAX(write_date) AS day FROM %s", SQL.identifier(model._table))
            for model in stored
        )
        self.env.cr.execute(SQL("SELECT MAX(day) FROM (%s) AS last", last))
        return fields.Datetime.to_string(self.env.cr.fetchone()[0])

    @api.model
    def _get_stored_models(self):
        """Names of the models of dated records, in a stable order."""
        names = self.env.registry.descendants(["souverainete.policy"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    # === SHIPPED === #

    @api.model
    def _get_followed_names(self, values):
        """A version that the site ended or replaced was changed by it."""
        return super()._get_followed_names(values) | {"date_end", "policy_state"}

    @api.model
    def _prepare_shipped(self, values):
        """Where the site decided otherwise, a version new in the release is a proposal
        that a person approves."""
        start = values.get("date_start") or self.env.company._souverainete_today()
        key = [(n, "=", values.get(n, False)) for n in self._get_key_fields()]
        versions = self.search([*key, *self._get_in_force_domain(start)])
        own = versions._filter_own()
        return {**values, "policy_state": "draft"} if own else values

    def _filter_own(self):
        """Those that the site wrote."""
        names = self.get_external_id()
        return self.filtered(lambda version: not names[version.id])

    def _is_replaced(self):
        """Whether the site put a version of its own in the place of this one."""
        today = self.env.company._souverainete_today()
        if self._is_in_force(today):
            return False
        return bool(self._get_replaced_versions(today)._filter_own())

    def _take_release(self, values):
        """What comes back does so today, whenever it started first."""
        if self._is_replaced():
            self._come_back()
            values = {n: v for n, v in values.items() if n not in _PERIOD}
        return super()._take_release(values)

    def _come_back(self):
        """In force again from today on, instead of the site's own; what it said until
        the site replaced it stays, as a version of its own."""
        today = self.env.company._souverainete_today()
        self.copy({"date_start": self.date_start, "date_end": self.date_end})
        self._get_replaced_versions(today)._end_before(today)
        self._write_server({"date_start": today, "date_end": False})

    def _take_out(self):
        """No longer in force from today on."""
        self._end_before(self.env.company._souverainete_today())

    # === LINEAGE === #
    # Which versions hold for a body: its own, or those of what it is a part of.

    @api.model
    def _get_lineage(self, company_id):
        """Ids of whose versions hold for a body: itself first, then the ministries it
        is a part of."""
        company = self.env["res.company"].sudo().browse(company_id)
        return company.parent_ids.ids[::-1]

    @api.model
    def _search_in_force(self, company_id, date, domain=()):
        """Versions in force on `date` for this body, the nearest first."""
        lineage = self._get_lineage(company_id)
        versions = self.sudo().search(
            [
                *self._get_in_force_domain(date),
                ("company_id", "in", [False, *lineage]),
                *domain,
            ]
        )
        ranks = {owner: rank for rank, owner in enumerate([*lineage, False])}
        return versions.sorted(lambda version: ranks[version.company_id.id])

    def _prepare_version_vals(self):
        """What a proposal does not take from the version it would replace: the address
        is that of its own source."""
        return {"source_url": False, "date_start": False, "date_end": False}
