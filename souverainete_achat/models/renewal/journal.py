from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[
            ("renewal", "Renewal prepared"),
            ("review", "Examination before an extension"),
            ("amendment", "Amendment signed"),
        ],
        ondelete={
            "renewal": "cascade",
            "review": "cascade",
            "amendment": "cascade",
        },
    )

    @api.model
    def _get_open_events(self):
        """What happens to a contract once signed quotes no offer."""
        return super()._get_open_events() | {"renewal", "review", "amendment"}
