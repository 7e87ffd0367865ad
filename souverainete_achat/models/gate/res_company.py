from odoo import models


class ResCompany(models.Model):
    """What a body signed before it applied the doctrine is taken over, not judged."""

    _inherit = "res.company"

    def _on_concern_moved(self):
        result = super()._on_concern_moved()
        files = self.env["purchase.requisition"].sudo()
        files.search(
            [
                ("company_id", "in", self._filter_concerned().ids),
                ("requisition_type", "=", "blanket_order"),
                ("state", "in", ("confirmed", "done")),
                ("is_prior", "=", False),
            ]
        )._record_prior()
        return result
