from odoo import api, fields, models

# The steps before an end, the nearest first, with the time limit that fixes each.
STEPS = {
    "third": "qualification_third",
    "second": "qualification_second",
    "first": "qualification_first",
}


class TimeLimit(models.Model):
    """How long a renewal may be pending, and when ends are told."""

    _inherit = "souverainete.time.limit"

    kind = fields.Selection(
        selection_add=[
            ("renewal_pending", "Orders while a qualification is being renewed"),
            ("renewal_pending_award", "Signing while a qualification is being renewed"),
            ("qualification_first", "First alert before a qualification ends"),
            ("qualification_second", "Second alert before a qualification ends"),
            ("qualification_third", "Last alert before a qualification ends"),
        ],
        ondelete={
            "renewal_pending": "cascade",
            "renewal_pending_award": "cascade",
            "qualification_first": "cascade",
            "qualification_second": "cascade",
            "qualification_third": "cascade",
        },
    )

    @api.model
    def _find(self, kind, company, day):
        """The period of `kind` in force on `day`; None where none was fixed."""
        time_limit = self.sudo().browse(self._get_time_limit_id(kind, company.id, day))
        return time_limit._get_period() if time_limit else None

    @api.model
    def _find_horizons(self, company, day):
        """{step: last end date it covers}, the nearest first."""
        periods = {step: self._find(kind, company, day) for step, kind in STEPS.items()}
        return {step: day + period for step, period in periods.items() if period}
