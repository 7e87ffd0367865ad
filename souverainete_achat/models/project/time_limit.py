from odoo import fields, models


class TimeLimit(models.Model):
    """The dated time limits of projects and of opinions."""

    _inherit = "souverainete.time.limit"

    kind = fields.Selection(
        selection_add=[
            ("exchange_rate", "Age of an exchange rate"),
            ("fte_days", "Days worked in a year by a full-time equivalent"),
            ("project_split", "Files that may be one project"),
            ("opinion_observations", "Observations of ANSSI and the budget director"),
            ("opinion_follow_up", "Follow-up of a project in the Panorama"),
        ],
        ondelete={
            "exchange_rate": "cascade",
            "fte_days": "cascade",
            "project_split": "cascade",
            "opinion_observations": "cascade",
            "opinion_follow_up": "cascade",
        },
    )

    def _get_end(self, start):
        """`start` plus the time limit, or empty where none is in force."""
        return start + self._get_period() if self and start else False
