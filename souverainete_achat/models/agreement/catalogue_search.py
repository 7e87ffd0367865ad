from odoo import fields, models


class CatalogueSearch(models.Model):
    """A search of the catalogue may come from the shared study of a framework."""

    _inherit = "souverainete.catalogue.search"

    reused_from = fields.Char(
        string="Reused from",
        help="Framework and ministry whose search this is: it was made there, on the "
        "day shown, and reused here.",
    )

    def _prepare_shared(self):
        """What whoever reuses the study reads of this search."""
        copied = ("text", "date", "result_count", "catalogue_count", "catalogue_date")
        return {
            **{name: self[name] for name in (*copied, "snapshot")},
            "result_ids": self.result_ids.ids,
        }
