from odoo import models


class Objective(models.Model):
    """What is published of an objective, weight and price included."""

    _inherit = "souverainete.objective"

    def _prepare_tender(self, band):
        asked = self.criterion_ids._get_scored(True, band)
        return {
            "code": self.code,
            "name": self.name,
            "weight": self.weight if self.weight_known else None,
            "max_points": self._get_max_points(True, band),
            "required_level": self.required_level or "",
            "is_price": self.is_price,
            "criteria": [criterion._prepare_tender() for criterion in asked],
        }
