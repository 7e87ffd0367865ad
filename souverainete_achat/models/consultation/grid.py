"""What the consultation publishes of its grid, as plain data frozen at launch.

What is published is listed here field by field: nothing of the study, of the offers or
of the estimates can slip in.
"""

from odoo import models


class Grid(models.Model):
    """What is published of a grid."""

    _inherit = "souverainete.grid"

    def _prepare_tender(self, band):
        """`band`: the criteria that the purchase is asked about."""
        objectives = [o._prepare_tender(band) for o in self.objective_ids]
        return {
            "id": self.id,
            "code": self.code or "",
            "name": self.display_name,
            "weighted": self.is_weighted,
            "blank_rule": self.blank_rule,
            "attribution": self.attribution or "",
            "licence": self.licence or "",
            "objectives": [o for o in objectives if o["criteria"] or o["is_price"]],
        }
