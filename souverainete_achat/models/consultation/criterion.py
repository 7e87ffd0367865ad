from odoo import models


class Criterion(models.Model):
    """What is published of a criterion."""

    _inherit = "souverainete.criterion"

    def _prepare_tender(self):
        return {
            "id": self.id,
            "key": f"{self.objective_id.code}/{self.code}",
            "code": self.code,
            "name": self.name,
            "expected": self.bidder_help or "",
            "label_doubtful": self.label_doubtful,
            "per_link": self.per_link,
            "object_link": (self.object_link or "").strip(),
            "levels": [rung._prepare_tender() for rung in self.level_ids],
        }
