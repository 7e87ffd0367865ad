from odoo import models


class CpvPrefix(models.Model):
    """A file may state its own CPV code, whatever it buys."""

    _inherit = "souverainete.cpv.prefix"

    def _reclassify(self):
        files = self.env["purchase.requisition"].sudo()
        files.search(self._get_codes_domain())._reclassify()
        return super()._reclassify()
