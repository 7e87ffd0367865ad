from odoo import api, fields, models
from odoo.fields import Domain

ENDING_STEPS = [
    ("first", "First alert"),
    ("second", "Second alert"),
    ("third", "Last alert"),
    ("passed", "End date passed: to verify"),
]


class Qualification(models.Model):
    """How near the end of a service's qualification is, by the ministry's delays."""

    _inherit = "souverainete.qualification"

    ending_step = fields.Selection(
        ENDING_STEPS,
        string="Ends soon",
        compute="_compute_ending_step",
        search="_search_ending_step",
        help="The nearest alert reached before the end of what is proven, renewals "
        "recorded included (menu “Delays”: 12, 6 and 3 months unless the ministry "
        "chose otherwise). A date that passed does not say that the service lapsed.",
    )

    @api.depends_context("company")
    @api.depends("date_start", "date_end", "state", "line_id.line_member_ids.date_end")
    def _compute_ending_step(self):
        company = self.env.company
        today = company._souverainete_today()
        horizons = self.env["souverainete.delay"]._find_horizons(company, today)
        for record in self:
            record.ending_step = record._get_ending_step(today, horizons)

    def _get_ending_step(self, today, horizons):
        """The step reached `today` by the line of this decision, or False.
        `horizons`: {step: last end date it covers}, the nearest first."""
        last = self._get_last(today)
        standing = last._get_standing(today)
        if standing == "ended":
            return "passed"
        if standing not in ("valid", "coming"):
            return False
        steps = (step for step, day in horizons.items() if last.date_end <= day)
        return next(steps, False)

    def _search_ending_step(self, operator, value):
        """By the records themselves: a register holds hundreds of them, not more."""
        if operator != "in":
            return NotImplemented
        horizons = self._find_horizons()
        near = self.search(self._get_near_domain(max(horizons.values(), default=None)))
        found = near.filtered(lambda record: record.ending_step in value)
        if False in value:
            return Domain("id", "not in", (near - found).ids)
        return Domain("id", "in", found.ids)

    @api.model
    def _find_horizons(self):
        company = self.env.company
        today = company._souverainete_today()
        return self.env["souverainete.delay"]._find_horizons(company, today)

    @api.model
    def _get_near_domain(self, horizon):
        """Those whose own end date is passed, or near enough for an alert."""
        today = self.env.company._souverainete_today()
        return [
            ("date_end", "!=", False),
            ("date_end", "<=", horizon or today),
        ]
