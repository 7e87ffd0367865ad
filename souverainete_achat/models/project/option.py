from odoo import api, models


class Option(models.Model):
    """A project that the DINUM judges is asked about in full."""

    _inherit = "souverainete.option"

    @api.depends("requisition_id.project_id.opinion_required")
    def _compute_band(self):
        return super()._compute_band()
