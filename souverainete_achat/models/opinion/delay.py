from odoo import fields, models


class Delay(models.Model):
    _inherit = "souverainete.delay"

    kind = fields.Selection(
        selection_add=[
            ("opinion_observations", "Observations of ANSSI and the budget director"),
            ("opinion_follow_up", "Follow-up of a project in the Panorama"),
        ],
        ondelete={
            "opinion_observations": "cascade",
            "opinion_follow_up": "cascade",
        },
    )

    def _get_end(self, start):
        """`start` plus the delay, or empty where none is in force."""
        return start + self._get_period() if self and start else False
