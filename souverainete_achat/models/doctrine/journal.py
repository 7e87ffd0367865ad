from odoo import api, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    @api.model
    def _get_open_events(self):
        """How a need ended never quotes an offer, and the file may never be awarded."""
        return super()._get_open_events() | {"outcome"}
