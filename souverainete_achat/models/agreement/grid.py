from odoo import api, models


class Grid(models.Model):
    """A lot proposes a grid to its options too."""

    _inherit = "souverainete.grid"

    @api.model
    def _get_proposing_tables(self):
        lots = ("souverainete_lot", "requisition_id")
        return [*super()._get_proposing_tables(), lots]
