from odoo import fields, models


class Threshold(models.Model):
    """From which value a renewal goes through a formalised procedure."""

    _inherit = "souverainete.threshold"

    kind = fields.Selection(
        selection_add=[("formalised", "Formalised procedures")],
        ondelete={"formalised": "cascade"},
    )
