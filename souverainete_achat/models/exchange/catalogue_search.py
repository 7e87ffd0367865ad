from odoo import models


class CatalogueSearch(models.Model):
    """Beside the solutions of the catalogue: who else bought the same."""

    _inherit = "souverainete.catalogue.search"

    def action_who_else(self):
        """The same need among the published contracts."""
        self.check_access("read")
        self.ensure_one()
        return self._get_file().action_who_else()
