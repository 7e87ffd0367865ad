from odoo import models


class Level(models.Model):
    """What is published of one rung of a ladder."""

    _inherit = "souverainete.level"

    def _prepare_tender(self):
        return {
            "id": self.id,
            "level": self.level,
            "points": self.points,
            "name": self.name,
        }
