from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

_WEIGHT = {"advice": 0, "warning": 1, "blocking": 2}


class Rule(models.Model):
    """What a purchase must show at one stage, who asks it and who can act.

    The rule `xyz` is evaluated by the method `_finding_xyz` of the purchase file, or
    of the order when its stage is `order`.
    """

    _name = "souverainete.rule"
    _inherit = ["souverainete.policy"]
    _description = "Rule of the digital purchasing doctrine"
    _order = "stage_rank, sequence, id"

    code = fields.Char(required=True, index=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    stage = fields.Selection(
        [("launch", "Launch"), ("award", "Award"), ("order", "Order")],
        required=True,
        help="Launch: before the consultation leaves. Award: before an agreement is "
        "signed. Order: before an order is confirmed.",
    )
    stage_rank = fields.Integer(compute="_compute_stage_rank", store=True)
    basis = fields.Selection(
        [
            ("law", "Law or regulation"),
            ("circular", "Circular"),
            ("ministry", "Policy of the ministry"),
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
        [
            ("buyer", "Buyer"),
            ("officer", "Compliance officer"),
            ("data_owner", "Data owner"),
            ("analyst", "Offer analyst"),
            ("dinum", "DINUM"),
            ("manager", "Referentials manager"),
        ],
        required=True,
        default="buyer",
        help="Who can act on what is missing.",
    )
    derogable = fields.Boolean(
        help="Whether a derogation in force lifts this rule for one file."
    )
    description = fields.Text(
        translate=True, help="Plain explanation shown to the users."
    )
    applicability_ids = fields.One2many(
        "souverainete.applicability", "rule_id", string="Where it applies", copy=True
    )

    _advice_never_blocks = models.Constraint(
        "CHECK (basis != 'advice' OR severity = 'advice')",
        "Advice never blocks: a rule whose basis is advice has the severity advice.",
    )

    @api.depends("stage")
    def _compute_stage_rank(self):
        ranks = {"launch": 1, "award": 2, "order": 3}
        for rule in self:
            rule.stage_rank = ranks.get(rule.stage, 0)

    @api.constrains("code", "stage")
    def _check_code_is_known(self):
        for rule in self:
            if not hasattr(rule._get_judged_model(), f"_finding_{rule.code}"):
                raise ValidationError(
                    self.env._(
                        "Nothing evaluates the rule %(code)s: choose the code of an "
                        "existing rule.",
                        code=rule.code,
                    )
                )

    def _get_judged_model(self):
        """The class of what this rule is asked of."""
        order = self.stage == "order"
        return self.env.registry["purchase.order" if order else "purchase.requisition"]

    @api.constrains("severity", "stage", "derogable", "company_id", "policy_state")
    def _check_ministry_hardens(self):
        """A ministry may ask more than the common rule, never less."""
        for rule in self.filtered("company_id"):
            if any(rule._softens(common) for common in rule._get_common_versions()):
                raise ValidationError(
                    self.env._(
                        "The rule “%(name)s” can be hardened for a ministry, not "
                        "softened: severity, stage, derogations and table of where it "
                        "applies.",
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

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_rule_ids(self, company_id, date):
        rules = self._search_in_force(company_id, date)
        nearest = {}
        for rule in rules:
            nearest.setdefault(rule.code, rule.company_id)
        # In the order users read them, which the search for the nearest loses.
        held = rules.filtered(lambda r: nearest[r.code] == r.company_id)
        return held.sorted()._ids

    def _is_blocking(self):
        self.ensure_one()
        return self.severity == "blocking"
