from odoo import fields, models


class Delay(models.Model):
    _inherit = "souverainete.delay"

    kind = fields.Selection(
        selection_add=[
            ("exchange_rate", "Age of an exchange rate"),
            ("fte_days", "Days worked in a year by a full-time equivalent"),
            ("project_split", "Files that may be one project"),
        ],
        ondelete={
            "exchange_rate": "cascade",
            "fte_days": "cascade",
            "project_split": "cascade",
        },
    )
