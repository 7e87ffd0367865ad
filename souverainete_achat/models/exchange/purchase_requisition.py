from odoo import fields, models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """What a public register says of a purchase, typed once by someone else."""

    _inherit = "purchase.requisition"

    origin_ids = fields.One2many(
        "souverainete.import.origin",
        "requisition_id",
        string="Origins",
        help="Records of public registers this file was imported from.",
    )
    scope_suggestion_reason = fields.Char(
        string="Words behind the suggestion",
        copy=False,
        help="Words of the planned purchase that suggest whether it is digital.",
    )
    date_publication = fields.Date(
        string="Planned publication",
        help="Day the consultation is meant to be published, as announced.",
    )

    published_search_ids = fields.One2many(
        "souverainete.published.search",
        "requisition_id",
        string="Searches of published contracts",
    )

    def _has_evidence(self):
        return super()._has_evidence() or bool(self.published_search_ids)

    # === WHO ELSE IN THE STATE HAS THIS? === #

    def _search_published(self):
        """Search the published contracts for this need, in its own words and CPV; the
        trace is evidence of its study. Raises where nothing is said of the need."""
        self.ensure_one()
        need = self.need_id or self
        need.check_access("write")
        text = " ".join(need._get_own_words())
        if not text and not need.cpv_code:
            raise UserError(
                self.env._(
                    "Say first what is bought: its object, a product or its CPV code, "
                    "in the tab “Need and doctrine”."
                )
            )
        search = self.env["souverainete.published.search"]._make(need, text)
        need._journal(
            "published",
            {"trace_id": search.id, "text": text, "cpv": need.cpv_code or ""},
            summary=self.env._(
                "Published contracts found: %(count)s.", count=search.result_count
            ),
        )
        return search

    def action_who_else(self):
        """Search who else in the State bought the same, and show what was found."""
        self.check_access("read")
        return self._search_published().action_open_hits()

    def action_essential_data(self):
        """Open the essential data (DECP) of a signed contract, or export those of
        several. Raises on what is not signed."""
        self.check_access("read")
        sheets = self.env["souverainete.essential.data"]
        for file in self:
            sheets |= sheets._open(file)
        return sheets._get_action() if len(sheets) == 1 else sheets.action_export()
