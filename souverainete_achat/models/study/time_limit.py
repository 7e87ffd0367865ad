from odoo import fields, models


class TimeLimit(models.Model):
    """How long an operator that was asked for a connection is waited for."""

    _inherit = "souverainete.time.limit"

    kind = fields.Selection(
        selection_add=[("connection", "Reminding an operator asked for a connection")],
        ondelete={"connection": "cascade"},
    )
