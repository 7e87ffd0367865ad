from odoo import fields, models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """A file searches the catalogue, and keeps the trace of each search."""

    _inherit = "purchase.requisition"

    search_text = fields.Char(
        string="What to look for",
        help="Words to search the catalogue with. Left empty, the effect to obtain is "
        "searched.",
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
        """What is looked for when nothing else is said."""
        return self.search_text

    def _add_options(self, solutions):
        """Study these solutions for the need; the room that studies does it."""

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
        Search = self.env["souverainete.catalogue.search"]
        vals = Search._prepare_search_vals(need, text.strip())
        search = Search.sudo()._create_server([vals]).with_env(self.env)
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
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Search of the catalogue"),
            "res_model": search._name,
            "res_id": search.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
