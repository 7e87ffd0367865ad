from odoo import fields, models


class Threshold(models.Model):
    """How much a project may grow before its opinion is said to be outgrown."""

    _inherit = "souverainete.threshold"

    kind = fields.Selection(
        selection_add=[("opinion_tolerance", "Growth tolerated after an opinion")],
        ondelete={"opinion_tolerance": "cascade"},
    )

    _opinion_tolerance_is_ttc = models.Constraint(
        "CHECK (kind != 'opinion_tolerance' OR tax_basis = 'ttc')",
        "The growth tolerated after an opinion is stated with tax (TTC), as the cost "
        "submitted is.",
    )
