from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[("trajectory", "Trajectory")],
        ondelete={"trajectory": "cascade"},
    )

    @api.model
    def _get_open_events(self):
        """What a contract must reach is said without quoting an offer."""
        return super()._get_open_events() | {"trajectory"}
