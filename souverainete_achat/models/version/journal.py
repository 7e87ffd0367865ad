from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[("grid", "Grid replaced by a new version")],
        ondelete={"grid": "cascade"},
    )

    @api.model
    def _get_open_events(self):
        """Only studied options move to a new version: nothing of an offer is told."""
        return super()._get_open_events() | {"grid"}
