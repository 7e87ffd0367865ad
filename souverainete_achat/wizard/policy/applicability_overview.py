from odoo import api, fields, models

from ...models.base.finding import STAGES
from ...models.policy.rule import AXES
from ...models.policy.rule_part import CIRCUITS, NATURES, ROUTES


class ApplicabilityOverview(models.TransientModel):
    """The whole table on one screen: which rule is asked of which purchase."""

    _name = "souverainete.applicability.overview"
    _description = "What is asked of which purchase"

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        default=lambda self: self.env.company,
        help="Whose rules: the common ones, and those the ministry hardened.",
    )
    date = fields.Date(
        string="On",
        required=True,
        default=lambda self: self.env.company._souverainete_today(),
        help="The rules in force on this day.",
    )
    nature = fields.Selection(NATURES, help="Empty: every nature.")
    route = fields.Selection(ROUTES, help="Empty: every route.")
    circuit = fields.Selection(CIRCUITS, help="Empty: every circuit.")
    matrix = fields.Html(
        compute="_compute_matrix",
        sanitize=False,
        string="Table",
        help="One row a rule in force, one column a nature, a route and a circuit.",
    )

    @api.depends("company_id", "date", "nature", "route", "circuit")
    @api.depends_context("lang", "uid")
    def _compute_matrix(self):
        for overview in self:
            overview.matrix = self.env["ir.qweb"]._render(
                "souverainete_achat.applicability_overview", overview._prepare_matrix()
            )

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for overview in self:
            overview.display_name = self.env._("What is asked of which purchase")

    # === CONTENT === #

    def _prepare_matrix(self):
        """Values of the template: what is asked, by stage, and what is not."""
        chosen = self._get_chosen()
        rules = self.env["souverainete.rule"]
        rows = [rule._prepare_matrix_row(chosen=chosen) for rule in self._get_rules()]
        asked = [row for row in rows if row["extent"] != "never"]
        return {
            "axes": rules._get_axes(chosen),
            "spoken": rules._get_lang_code(),
            "groups": self._group_by_stage(asked),
            "linked": True,
            "spared": [row for row in rows if row["extent"] == "never"],
            "reasons": self._prepare_reasons(rows),
        }

    def _get_chosen(self):
        return {axis: self[axis] for axis in AXES if self[axis]}

    def _get_chosen_label(self, axis):
        return dict(self._fields[axis]._description_selection(self.env))[self[axis]]

    def _get_rules(self):
        """Rules in force whose table counts: an order is asked all of its own."""
        company = self.company_id & self.env.user.company_ids or self.env.company
        today = company._souverainete_today()
        return self.env["souverainete.rule"]._get_rules(
            company, self.date or today, STAGES
        )

    def _group_by_stage(self, rows):
        stages = self.env["souverainete.rule"].fields_get(["stage"], ["selection"])
        return [
            {
                "label": label,
                "rows": [row for row in rows if row["rule"].stage == stage],
            }
            for stage, label in stages["stage"]["selection"]
            if stage in STAGES
        ]

    def _prepare_reasons(self, rows):
        """Why rules are asked or not, each reason told once for the rules it is of."""
        lines = self.env["souverainete.applicability"].union(
            *(row["rule"].applicability_ids for row in rows)
        )
        reasons = {}
        for line in lines.filtered(lambda line: line.reason and self._is_shown(line)):
            reasons.setdefault((line._get_label(), line.reason), []).append(
                line.rule_id
            )
        return [
            {
                "label": label,
                "reason": reason,
                "rules": ", ".join(rule.name for rule in rules),
            }
            for (label, reason), rules in reasons.items()
        ]

    def _is_shown(self, line):
        """Whether the line speaks of the purchases that were chosen."""
        return all(line[a] in (False, value) for a, value in self._get_chosen().items())

    # === ACTIONS === #

    def action_print(self):
        """The same table on paper."""
        self.check_access("read")
        self.ensure_one()
        report = self.env.ref("souverainete_achat.action_report_applicability")
        return report.report_action(self)

    def action_reset(self):
        """Every nature, route and circuit again."""
        self.check_access("read")
        self.ensure_one()
        self.write(dict.fromkeys(AXES, False))
