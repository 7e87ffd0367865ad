from odoo import api, fields, models


class CatalogueSearch(models.Model):
    """Why each solution was found, and how the search was made."""

    _inherit = "souverainete.catalogue.search"

    method = fields.Selection(
        [
            ("full", "Words, synonyms and similar products, typing errors corrected"),
            ("plain", "Words, synonyms and similar products"),
        ],
        string="How it was searched",
        help="Typing errors are corrected where the database has PostgreSQL's pg_trgm "
        "extension. Without it the search is only by whole words.",
    )

    @api.model
    def _get_method(self):
        corrects = self.env["souverainete.solution.word"].sudo()._can_correct()
        return "full" if corrects else "plain"

    def web_read(self, specification):
        """Let each solution shown say why this search found it."""
        search = self
        if len(self) == 1:
            search = self.with_context(catalogue_search_id=self.id)
        return super(CatalogueSearch, search).web_read(specification)

    def _get_why(self, solution):
        """The sentence that says why a solution was found; empty for the others."""
        self.ensure_one()
        found = [f for f in self.snapshot or [] if f["id"] == solution.id]
        return self._get_why_text(found[0]) if found else ""

    def _get_why_text(self, found):
        """“found” as the snapshot keeps it; searches made before say nothing."""
        return " · ".join(self._get_reason_text(why) for why in found.get("why", []))

    def _get_reason_text(self, why):
        terms = {"asked": why["asked"], "found": why["found"]}
        if why["kind"] == "similar":
            return self.env._("similar to “%(found)s”", **terms)
        if why["kind"] == "synonym":
            return self.env._("“%(asked)s” also means “%(found)s”", **terms)
        if why["kind"] == "typo":
            return self.env._("“%(asked)s” read as “%(found)s”", **terms)
        return self.env._("word “%(found)s”", **terms)
