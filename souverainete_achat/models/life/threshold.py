from odoo import fields, models


class Threshold(models.Model):
    """From which value a renewal goes through a formalised procedure, and an amendment
    takes two people."""

    _inherit = "souverainete.threshold"

    kind = fields.Selection(
        selection_add=[
            ("formalised", "Formalised procedures"),
            ("amendment_alone", "Ceiling of the amendments signed by one person"),
        ],
        ondelete={"formalised": "cascade", "amendment_alone": "cascade"},
    )
