from odoo import models


class Rule(models.Model):
    """What has no class is asked about once most of the spend has one."""

    _inherit = "souverainete.rule"

    def _get_covered_share(self):
        if self.code != "order_unclassified":
            return super()._get_covered_share()
        return self.env["souverainete.unclassified"]._get_covered_share(self.company_id)
