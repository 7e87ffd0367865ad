from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[("data_test", "Guided test of the data")],
        ondelete={"data_test": "cascade"},
    )

    @api.model
    def _get_open_events(self):
        """The data of the need is described without quoting an offer."""
        return super()._get_open_events() | {"data_test"}
