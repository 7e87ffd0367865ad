from odoo import api, fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[
            ("tender", "Tender documents"),
            ("bid_answers", "Answers of a bidder"),
            ("bid_price", "Price of an offer"),
        ],
        ondelete={
            "tender": "cascade",
            "bid_answers": "cascade",
            "bid_price": "cascade",
        },
    )

    @api.model
    def _get_open_events(self):
        """What leaves with the consultation is published; what comes back is not."""
        return super()._get_open_events() | {"tender"}
