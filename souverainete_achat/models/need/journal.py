from odoo import fields, models


class Journal(models.Model):
    _inherit = "souverainete.journal"

    event = fields.Selection(
        selection_add=[
            ("grouping", "Grouping of buyers"),
            ("study", "Study shared or reused"),
        ],
        ondelete={"grouping": "cascade", "study": "cascade"},
    )
