from odoo import fields, models
from odoo.exceptions import UserError

from ..base.opening import open_dialog
from ..base.reading import read_lines
from ..base.told import tell


class PurchaseRequisition(models.Model):
    """A file searches the catalogue, and keeps the trace of each search."""

    _inherit = "purchase.requisition"

    search_text = fields.Char(
        string="What to look for",
        help="Words to search the catalogue with. Left empty, the object, the products "
        "and the effect to obtain are searched.",
    )
    search_ids = fields.One2many(
        "souverainete.catalogue.search", "requisition_id", string="Searches made"
    )

    # === HOOKS === #

    def _has_evidence(self):
        return super()._has_evidence() or bool(self.search_ids)

    def _get_judged_lists(self):
        return [*super()._get_judged_lists(), (self.need_id, "search_ids")]

    def _get_search_text(self):
        """What is looked for: the need's own words when nothing else is said."""
        return self.search_text or "\n\n".join(self._get_own_words())

    def _get_own_words(self):
        """The ways in which the need is said, the shortest first."""
        products = read_lines(self, "line_ids").product_id
        said = [self.reference or "", ", ".join(products.mapped("name"))]
        return [words.strip() for words in said if words.strip()]

    def _add_options(self, solutions):
        """Study these solutions for the need; the room that studies does it."""

    def _ask_why_none_fits(self, solutions):
        """The action that asks why none of these fits; the room that studies has it."""

    # === FINDINGS === #

    def _finding_search_foreign(self, options):
        """Finding nothing proves something for words that the need carries itself."""
        if not (searches := self._get_foreign_searches()):
            return {}
        return {
            "": tell(self.env)._(
                "The searches found nothing for words that are not those of the need: "
                "%(asked)s. This proves nothing. Search with the need's own words, in "
                "the tab “Need and doctrine”.",
                asked=sorted({word for s in searches for word in s.asked or []}),
            )
        }

    def _get_foreign_searches(self):
        """All the searches of the need, where none found or used its own words."""
        searches = (
            self.search_ids.browse() if self.is_umbrella else self.need_id.search_ids
        )
        if any(search.result_count for search in searches):
            return searches.browse()
        own = " ".join(self.need_id._get_own_words()) if searches else ""
        foreign = searches.filtered(lambda search: search._is_foreign_to(own))
        return foreign if foreign == searches else searches.browse()

    # === SEARCH === #

    def _run_search(self, text):
        """Search the catalogue for this need and keep the dated trace of it.

        :return: the `souverainete.catalogue.search` made, even when nothing is found
        """
        self.ensure_one()
        need = self.need_id or self
        need.check_access("write")
        if not (text or "").strip():
            raise UserError(
                self.env._(
                    "Write in a few words what you look for, or describe the effect "
                    "to obtain, in the tab “Need and doctrine”. Then search again."
                )
            )
        search = self.env["souverainete.catalogue.search"]._make(
            text.strip(),
            requisition_id=need.id,
            after_launch=bool(need.date_launch),
        )
        need._journal(
            "search",
            {"search_id": search.id, "text": search.text, "found": search.snapshot},
            summary=self.env._(
                "Solutions found: %(count)s.", count=search.result_count
            ),
        )
        need._refresh_compliance()
        return search

    def action_open_searches(self):
        return self._open_list("catalogue_search_action")

    def action_search_catalogue(self):
        """Search the catalogue and show what was found, with its trace."""
        self.check_access("read")
        self.ensure_one()
        search = self._run_search(self._get_search_text())
        name = self.env._("Search of the catalogue")
        return open_dialog(search, name, dialog_size="extra-large")
