from itertools import product

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

from ..base.opening import open_records
from .rule_part import CIRCUITS, NATURES, ROUTES, is_asked

_WEIGHT = {"advice": 0, "warning": 1, "blocking": 2}

# Of a purchase, in the order people go through them.
STEPS = [
    ("need", "Need"),
    ("solutions", "Solutions"),
    ("data", "Data"),
    ("project", "Project"),
    ("consultation", "Consultation"),
    ("offers", "Offers"),
    ("signature", "Signature"),
    ("orders", "Orders"),
]

OWNERS = [
    ("buyer", "Buyer"),
    ("officer", "Compliance officer"),
    ("data_owner", "Data owner"),
    ("analyst", "Offer analyst"),
    ("dinum", "DINUM"),
    ("manager", "Referentials manager"),
]

_STEP_OF_STAGE = {"launch": "need", "award": "signature", "order": "orders"}

AXES = {"nature": NATURES, "route": ROUTES, "circuit": CIRCUITS}

_NATURES, _ROUTES, _CIRCUITS = (tuple(dict(values)) for values in AXES.values())

_ABOVE_LIGHT = tuple(circuit for circuit in _CIRCUITS if circuit != "light")


class Rule(models.Model):
    """What a purchase must show at one stage, who asks it and who can act.

    The rule `xyz` is evaluated by the method `_finding_xyz` of the purchase file, or
    of the order when its stage is `order`; where there is none, by its points, which
    ask that fields are filled in.
    """

    _name = "souverainete.rule"
    _inherit = ["souverainete.placed", "souverainete.policy"]
    _description = "Rule of the digital purchasing doctrine"
    _order = "stage_rank, sequence, id"
    _advice_never_blocks = models.Constraint(
        "CHECK (basis != 'advice' OR severity = 'advice')",
        "Advice never blocks: a rule whose basis is advice has the severity advice.",
    )

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    # Who may write their own ministry's only starts there.
    company_id = fields.Many2one(default=lambda self: self._get_default_company())
    sequence = fields.Integer(default=10)
    stage = fields.Selection(
        [("launch", "Launch"), ("award", "Award"), ("order", "Order")],
        required=True,
        help="Launch: before the consultation leaves. Award: before an agreement is "
        "signed. Order: before an order is confirmed.",
    )
    stage_rank = fields.Integer(
        compute="_compute_stage_rank", store=True, guard="server"
    )
    basis = fields.Selection(
        [
            ("law", "Law or regulation"),
            ("circular", "Circular"),
            ("ministry", "Policy of the ministry or body"),
            ("advice", "Advice"),
        ],
        required=True,
        help="On what authority this is asked. Advice never blocks.",
    )
    severity = fields.Selection(
        [("blocking", "Blocking"), ("warning", "Warning"), ("advice", "Advice")],
        required=True,
        default="warning",
        help="Blocking: the act is refused while this is missing. Warning and advice "
        "are shown, never refused.",
    )
    owner = fields.Selection(
        OWNERS,
        required=True,
        default="buyer",
        help="Who can act on what is missing.",
    )
    step = fields.Selection(
        STEPS,
        compute="_compute_step",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Step of the purchase that shows it; by default the last one before the "
        "act it is asked for.",
    )
    coverage_min = fields.Float(
        string="Share classified first",
        help="Share of the spend of the last months whose products have a class, from "
        "which a version of this rule that blocks may be approved. 0: none is asked.",
    )
    dated_by = fields.Selection(
        [
            ("act", "Day of the act"),
            ("consultation", "Day the consultation is engaged"),
        ],
        required=True,
        default="act",
        help="The day that decides whether this version counts for a file. A text that "
        "applies to consultations engaged from a date on is not asked of those "
        "launched before.",
    )
    asked_once = fields.Boolean(
        string="Settled by the signature",
        help="What it asks is frozen when the agreement is launched or signed, and any "
        "change of it is judged by itself: it is not asked again of each order under a "
        "signed agreement.",
    )
    derogable = fields.Boolean(
        help="Whether a derogation in force lifts this rule for one file."
    )
    description = fields.Text(
        translate=True, help="Plain explanation shown to the users."
    )
    own_name = fields.Char(
        string="Words of a body by choice",
        translate=True,
        help="Name of the rule for a body of no State that applies it by choice; "
        "empty: it is not offered to them.",
    )
    own_description = fields.Text(
        string="Explanation for a body by choice",
        translate=True,
        help="What such a body reads in place of the explanation.",
    )
    applicability_ids = fields.One2many(
        "souverainete.applicability", "rule_id", string="Where it applies", copy=True
    )
    point_ids = fields.One2many(
        "souverainete.rule.point",
        "rule_id",
        string="What it asks",
        copy=True,
        help="Conditions on the file, or on the order, and what is told where one is "
        "met. Rules that compute have none.",
    )

    applicability_preview = fields.Html(
        string="How it reads",
        compute="_compute_applicability_preview",
        sanitize=False,
        help="What the lines mean for each nature, route and circuit, beside what is "
        "in force today.",
    )

    @api.depends("stage")
    def _compute_stage_rank(self):
        ranks = {"launch": 1, "award": 2, "order": 3}
        for rule in self:
            rule.stage_rank = ranks.get(rule.stage, 0)

    @api.depends("stage")
    def _compute_step(self):
        for rule in self:
            rule.step = rule.step or _STEP_OF_STAGE.get(rule.stage)

    @api.constrains("code", "stage", "point_ids")
    def _check_code_is_known(self):
        """A rule is evaluated, and once. What is shipped brings its points after it: a
        test keeps it."""
        if self.env.uid == SUPERUSER_ID:
            return
        for rule in self:
            if not rule._is_computed() and not rule.point_ids:
                raise ValidationError(
                    self.env._(
                        "Nothing evaluates the rule %(code)s: choose the code of an "
                        "existing rule, or say in “What it asks” what is to be filled "
                        "in.",
                        code=rule.code,
                    )
                )
            if rule._is_computed() and rule.point_ids:
                raise ValidationError(
                    self.env._(
                        "The rule %(code)s is computed and takes no condition: give "
                        "yours a rule of its own, with another code.",
                        code=rule.code,
                    )
                )
        self.point_ids._check_domain()

    def _is_computed(self):
        """Whether a method evaluates this rule, and not its points."""
        return hasattr(self._get_judged_model(), f"_finding_{self.code}")

    def _get_judged_model(self):
        """The class of what this rule is asked of."""
        order = self.stage == "order"
        return self.env.registry["purchase.order" if order else "purchase.requisition"]

    @api.constrains("severity", "stage", "derogable", "company_id", "policy_state")
    def _check_ministry_hardens(self):
        """A ministry may ask more than the common rule, never less. What it asks alone
        warns or advises."""
        for rule in self.filtered("company_id"):
            if rule.company_id._chooses_rules():
                continue
            common = rule._get_common_versions()
            if not common and rule._is_blocking():
                raise ValidationError(
                    self.env._(
                        "The rule “%(name)s” is the ministry's own: it warns or "
                        "advises, and blocks nothing.",
                        name=rule.name,
                    )
                )
            if any(rule._softens(version) for version in common):
                raise ValidationError(
                    self.env._(
                        "The rule “%(name)s” can be hardened for a ministry, not "
                        "softened: severity, stage, derogations, what it asks and "
                        "table of where it applies.",
                        name=rule.name,
                    )
                )

    def _get_common_versions(self):
        """What holds for this ministry besides its own version, now or later."""
        owners = [False, *self._get_lineage(self.company_id.id)[1:]]
        today = self.company_id._souverainete_today()
        return self.sudo().search(
            [
                ("code", "=", self.code),
                ("company_id", "in", owners),
                ("policy_state", "=", "active"),
                "|",
                ("date_end", "=", False),
                ("date_end", ">=", today),
            ]
        )

    def _softens(self, common):
        """Whether this version asks less than `common`."""
        return (
            _WEIGHT[self.severity] < _WEIGHT[common.severity]
            or self.stage_rank > common.stage_rank
            or (self.derogable and not common.derogable)
            or self._is_asked_less(common)
            or self._asks_less(common)
        )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "code")

    def _is_approver(self):
        """An officer may harden a rule for their own ministry."""
        own = self.company_id and self.company_id <= self.env.companies
        officer = self.env.user.has_group("souverainete_achat.group_officer")
        return super()._is_approver() or bool(own and officer)

    @api.model
    def _get_rules(self, company, date, stages):
        """Rules in force for `company` on `date`, in the order users read them."""
        ids = self._get_rule_ids(company.id, date)
        rules = self.sudo().browse(ids)
        return rules.filtered(lambda rule: rule.stage in stages)

    def _filter_engaged(self, day):
        """Those asked of a consultation engaged on `day`."""
        return self.filtered(
            lambda rule: rule.dated_by == "act" or rule._is_in_force(day)
        )

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_rule_ids(self, company_id, date):
        rules = self._search_in_force(company_id, date)
        if self.env["res.company"].browse(company_id)._chooses_rules():
            rules = rules.filtered("company_id")
        nearest = {}
        for rule in rules:
            nearest.setdefault(rule.code, rule.company_id)
        # In the order users read them, which the search for the nearest loses.
        held = rules.filtered(lambda r: nearest[r.code] == r.company_id)
        return held.sorted()._ids

    @api.model
    @tools.ormcache("code", "company_id", "date")
    def _is_code_blocking(self, code, company_id, date):
        """Whether the rule `code`, in force on `date`, blocks: asked of each order of
        chairs, it reads nothing."""
        rules = self.sudo().browse(self._get_rule_ids(company_id, date))
        return any(rule._is_blocking() for rule in rules if rule.code == code)

    def _is_blocking(self):
        self.ensure_one()
        return self.severity == "blocking"

    # === WHAT IT ASKS === #

    def _get_missing(self, record, *options):
        """{key: message}: what this file, or this order, lacks of the rule. Reads
        fields and never searches."""
        if judge := getattr(record, f"_finding_{self.code}", None):
            return judge(*options)
        return {
            key: message
            for key, is_lacking, message, _place in self._get_points()
            if is_lacking(record)
        }

    @tools.ormcache("self.id", "self.env.lang")
    def _get_points(self):
        """The points of this rule, read once: each file is asked each rule."""
        return tuple(point._compile() for point in self.sudo().point_ids)

    def _get_point_message(self, key):
        """What the point `key` of this rule tells, in the reader's language."""
        points = self._get_points()
        return next((told for name, _test, told, _place in points if name == key), "")

    @tools.ormcache("self.id", "key")
    def _get_place(self, key):
        """Where what is found under `key` is settled: see `souverainete.placed`."""
        places = {name: place for name, _test, _told, place in self._get_points()}
        place = places.get(key) or self.sudo().place or ""
        return place.replace("{key}", key)

    @tools.ormcache("self.id", "self.env.lang")
    def _get_labels(self):
        """What is shown of this rule beside what it finds, in the reader's words."""
        self = self.sudo()
        info = self.fields_get(["owner", "basis", "certainty"], ["selection"])
        labels = {name: dict(info[name]["selection"]) for name in info}
        shown = {name: labels[name].get(self[name], "") for name in labels}
        said = {"id": self.id, "code": self.code, "rule": self.name}
        asked = {"role": self.owner, "stage": self.stage, "step": self.step}
        return {**said, **asked, **shown}

    def _asks_less(self, common):
        """Whether a point of the common rule is not asked; compared, as the table is,
        when the version is approved."""
        if self.policy_state != "active":
            return False
        asked = {str(point._get_domain()) for point in self.point_ids}
        return any(str(p._get_domain()) not in asked for p in common.point_ids)

    # === RULE TABLE === #
    # Of which purchases a rule is asked: its lines, read as a table.

    def _applies_to(self, nature, route, circuit):
        """Whether the rule is asked of such a purchase.

        The line that names most characteristics wins; between lines that name as
        many, an exclusion does. What no line speaks of is asked.
        """
        return is_asked(self._get_table(), (nature, route, circuit))

    @tools.ormcache("self.id")
    def _get_table(self):
        """The lines of this rule, kept between requests: each file asks each rule."""
        return self.sudo().applicability_ids._prepare_table()

    # === BY CHOICE === #
    # A body of no State applies the rules it adopted, in words of its own: none at
    # first, and each is a proposal that another person approves.

    def action_adopt(self):
        """Propose that the current body applies these rules: they warn, until a later
        version says that they block. Raises where the body does not choose its rules,
        or a rule is not offered."""
        self.check_access("read")
        company = self.env.company
        offered = self.filtered(lambda rule: rule.own_name and not rule.company_id)
        if not company._chooses_rules() or offered != self:
            raise UserError(
                self.env._(
                    "Only a body that applies the doctrine by choice adopts rules, "
                    "among those that are offered to it."
                )
            )
        held = self.search([("company_id", "=", company.id)]).mapped("code")
        new = offered.filtered(lambda rule: rule.code not in held)
        versions = self.browse().union(*(rule._adopt(company) for rule in new))
        return open_records(versions, self.env._("Rules proposed"))

    def _adopt(self, company):
        [vals] = self.copy_data(
            {
                **self._prepare_version_vals(),
                "company_id": company.id,
                "basis": "ministry",
                "certainty": "policy",
                "severity": "warning",
                "derogable": False,
                "source": False,
            }
        )
        hidden = self._get_server_fields()
        version = self.create({k: v for k, v in vals.items() if k not in hidden})
        for code, _name in self.env["res.lang"].get_installed():
            said = self.with_context(lang=code)
            version.with_context(lang=code).write(
                {"name": said.own_name, "description": said.own_description}
            )
        return version

    # === FOUR EYES === #
    def _prepare_version_vals(self):
        """An officer proposes for their own ministry, a manager for whom it was."""
        company = self.company_id or self._get_default_company()
        return super()._prepare_version_vals() | {"company_id": company.id}

    @api.model
    def _get_default_company(self):
        """A manager writes for all, an officer for their own ministry."""
        manager = self.env.su or self.env.user.has_group(
            "souverainete_achat.group_manager"
        )
        return self.env.company.browse() if manager else self.env.company

    def _check_approval(self):
        result = super()._check_approval()
        self._check_code_is_known()
        self._check_coverage()
        if self._is_table_incomplete():
            raise UserError(
                self.env._(
                    "The rule “%(name)s” does not say whether it is asked in general. "
                    "Add to its table “Where it applies” a line without nature, route "
                    "or circuit; then another person approves it.",
                    name=self.name,
                )
            )
        return result

    def _check_coverage(self):
        """What has no class is asked about once most of the spend has one: buyers of
        chairs are not asked on the first day."""
        covered = self._get_covered_share()
        if self._is_blocking() and covered < self.coverage_min:
            raise UserError(
                self.env._(
                    "The rule “%(name)s” may block once %(asked)s %% of the spend is "
                    "classified; %(covered)s %% is. Classify more in the menu “What "
                    "has no class”.",
                    name=self.name,
                    asked=round(100 * self.coverage_min),
                    covered=round(100 * covered),
                )
            )

    def _get_covered_share(self):
        """Share, from 0 to 1, of what was bought that has a class."""
        return 1.0

    def _is_table_incomplete(self):
        """Whether some purchases are in no line. An order is asked its own rules."""
        general = self.applicability_ids.filtered(
            lambda line: not (line.nature or line.route or line.circuit)
        )
        return self.stage != "order" and not general

    def _is_asked_less(self, common):
        """Whether some purchase is asked `common` and would not be asked this one.

        The table is complete once proposed: it is compared when the version is
        approved, not while its lines are typed.
        """
        if self.policy_state != "active":
            return False
        unknown = [[False, *dict(AXES[axis])] for axis in ("nature", "route")]
        return any(
            common._applies_to(*case) and not self._applies_to(*case)
            for case in product(*unknown, dict(CIRCUITS))
        )

    # === RULE MATRIX === #
    # The table of a rule as people read it: one cell a nature, route and circuit.

    @api.depends(
        "applicability_ids.nature",
        "applicability_ids.route",
        "applicability_ids.circuit",
        "applicability_ids.applies",
    )
    @api.depends_context("lang")
    def _compute_applicability_preview(self):
        for rule in self:
            rule.applicability_preview = self.env["ir.qweb"]._render(
                "souverainete_achat.applicability_matrix",
                {
                    "axes": self._get_axes(),
                    "groups": [{"label": "", "rows": rule._prepare_preview_rows()}],
                    "linked": False,
                    "spoken": self._get_lang_code(),
                },
            )

    def _prepare_preview_rows(self):
        """This version and, while it is proposed, the one it would replace."""
        rows = [self._prepare_matrix_row(self.applicability_ids._prepare_table())]
        if self.policy_state != "draft" or not self.code:
            return rows
        company = self.company_id or self.env.company
        in_force = self._get_rules(
            company, company._souverainete_today(), (self.stage,)
        ).filtered(lambda rule: rule.code == self.code)
        return [rule._prepare_matrix_row() for rule in in_force] + rows

    # === CELLS === #
    @api.model
    def _get_lang_code(self):
        """For browsers, which cut long words by the rules of a language."""
        return (self.env.lang or "en_US").replace("_", "-")

    @api.model
    def _get_axes(self, chosen=None):
        """[(axis, label, [(value, label)])], each reduced to what was chosen of it."""
        lines = self.env["souverainete.applicability"]
        labels = lines.fields_get(list(AXES), ["string", "selection"])
        return [
            (
                axis,
                labels[axis]["string"],
                [
                    (value, label)
                    for value, label in labels[axis]["selection"]
                    if value == (chosen or {}).get(axis, value)
                ],
            )
            for axis in AXES
        ]

    def _prepare_matrix_row(self, table=None, chosen=None):
        """One row: the rule, and how often it is asked of each kind of purchase."""
        table = self._get_table() if table is None else table
        chosen = chosen or {}
        return {
            "rule": self,
            "draft": self.policy_state == "draft",
            "extent": get_extent(table, chosen, _CIRCUITS),
            "cells": [
                get_extent(table, {**chosen, axis: value})
                for axis, _label, values in self._get_axes(chosen)
                for value, _label in values
            ],
        }


def get_extent(table, chosen, circuits=_ABOVE_LIGHT):
    """`always`, `partly` or `never` asked of the purchases that are as chosen; where
    no circuit is chosen, of those above the light one, which has its own column."""
    values = {"nature": _NATURES, "route": _ROUTES, "circuit": circuits}
    axes = [[chosen[axis]] if chosen.get(axis) else values[axis] for axis in AXES]
    answers = {is_asked(table, case) for case in product(*axes)}
    if len(answers) > 1:
        return "partly"
    return "always" if answers.pop() else "never"
