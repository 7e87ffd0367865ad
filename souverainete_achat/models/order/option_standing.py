from odoo import models


class Option(models.Model):
    """Where an option stands, in words, for whoever compares."""

    _inherit = "souverainete.option"

    def _get_standing(self):
        self.ensure_one()
        return {
            "verdict": self._get_label("verdict"),
            "score": self.score_interval,
            "level": self._get_label("level_reached"),
        }

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name])
