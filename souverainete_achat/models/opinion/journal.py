from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[
            ("recommendation", "Recommendation of the DINUM answered"),
            ("departure", "Simple opinion gone against"),
        ],
        ondelete={"recommendation": "cascade", "departure": "cascade"},
    )

    @api.model
    def _get_open_events(self):
        """What is done of the DINUM's opinion quotes no offer."""
        return super()._get_open_events() | {"recommendation", "departure"}
