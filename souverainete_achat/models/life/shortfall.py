from odoo import api, fields, models

from ..base.each import run_in_batches
from ..base.finding import STAGES
from ..policy.shown import get_banner_points

SHORTFALLS = [
    ("none", "Nothing would be missing"),
    ("planned", "Falls short, with a trajectory"),
    ("late", "Falls short, trajectory late"),
    ("alone", "Falls short, without a trajectory"),
]


class Shortfall(models.AbstractModel):
    """What a contract signed before the rules would miss if it were signed today. Told,
    never refused: a signed contract is performed until its end."""

    _name = "souverainete.shortfall"
    _inherit = ["souverainete.guarded"]
    _description = "Shortfall of a contract of before"

    shortfall_state = fields.Selection(
        SHORTFALLS,
        string="Shortfall",
        copy=False,
        readonly=True,
        index="btree_not_null",
        help="Whether this contract signed before the rules would be refused today, "
        "and whether a trajectory says how that ends. Nothing is refused for it.",
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
