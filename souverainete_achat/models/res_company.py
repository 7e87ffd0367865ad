from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields, models

_PARIS = ZoneInfo("Europe/Paris")


class ResCompany(models.Model):
    _inherit = "res.company"

    public_entity_type = fields.Selection(
        [
            ("ministry", "Ministry"),
            ("supervised_body", "Supervised body"),
            ("voluntary", "Body that applies the doctrine by choice"),
        ],
        default="ministry",
        required=True,
        help="Decides, among others, whether the DINUM's opinion is binding "
        "(ministries) or simple (supervised bodies): décret 2019-1088, art. 3.",
    )

    def _souverainete_today(self):
        """The legal day: the server's clock, in Paris.

        `context_today` follows a time zone the client sends, so it decides nothing.
        """
        return datetime.now(_PARIS).date()
