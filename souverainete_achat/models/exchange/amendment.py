from odoo import fields, models


class Amendment(models.Model):
    """A modification is published with the essential data of its contract."""

    _inherit = "souverainete.amendment"

    date_published = fields.Date(
        string="Published on",
        copy=False,
        readonly=True,
        guard="server",
        help="Day of the first export for publication that carried it (DECP).",
    )
