from odoo import models


class Option(models.Model):
    """Where an option stands, in words, for whoever compares."""

    _inherit = "souverainete.option"

    def _get_standing(self):
        self.ensure_one()
        known = (self.score_interval, self._get_label("level_reached"))
        return {
            "verdict": self._get_label("verdict"),
            "sovereignty": " · ".join(filter(None, known)),
        }

    def _get_label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name])
