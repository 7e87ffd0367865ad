"""What the consultation publishes of its grid, as plain data frozen at launch.

What is published is listed here field by field: nothing of the study, of the offers or
of the estimates can slip in.
"""

from odoo import models


class Grid(models.Model):
    _inherit = "souverainete.grid"

    def _prepare_tender(self):
        return {
            "id": self.id,
            "code": self.code or "",
            "name": self.display_name,
            "weighted": self.is_weighted,
            "blank_rule": self.blank_rule,
            "attribution": self.attribution or "",
            "licence": self.licence or "",
            "objectives": [o._prepare_tender() for o in self.objective_ids],
        }


class Objective(models.Model):
    _inherit = "souverainete.objective"

    def _prepare_tender(self):
        asked = self.criterion_ids._get_scored(of_offer=True)
        return {
            "code": self.code,
            "name": self.name,
            "weight": self.weight if self.weight_known else None,
            "max_points": self._get_max_points(of_offer=True),
            "required_level": self.required_level or "",
            "is_price": self.is_price,
            "criteria": [criterion._prepare_tender() for criterion in asked],
        }


class Criterion(models.Model):
    _inherit = "souverainete.criterion"

    def _prepare_tender(self):
        return {
            "id": self.id,
            "key": f"{self.objective_id.code}/{self.code}",
            "code": self.code,
            "name": self.name,
            "help": self.help or "",
            "label_doubtful": self.label_doubtful,
            "per_link": self.per_link,
            "object_link": (self.object_link or "").strip(),
            "levels": [rung._prepare_tender() for rung in self.level_ids],
        }


class Level(models.Model):
    _inherit = "souverainete.level"

    def _prepare_tender(self):
        return {
            "id": self.id,
            "level": self.level,
            "points": self.points,
            "name": self.name,
        }
