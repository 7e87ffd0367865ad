from odoo import fields, models


class Threshold(models.Model):
    """From which amounts on what got past the gate is listed."""

    _inherit = "souverainete.threshold"

    kind = fields.Selection(
        selection_add=[
            ("exemption", "Exemption from publicity and competition"),
            ("reconciliation", "Tolerance of the reconciliation"),
        ],
        ondelete={"exemption": "cascade", "reconciliation": "cascade"},
    )
