from odoo import fields, models
from odoo.exceptions import UserError

from .printable import printable


class PurchaseRequisition(models.Model):
    """The documents that leave with the consultation, in one archive."""

    _inherit = "purchase.requisition"

    tender_ids = fields.One2many(
        "souverainete.tender",
        "requisition_id",
        string="Tender documents",
        readonly=True,
        help="What each launch of this file left with.",
    )

    # === LAUNCH === #

    def _on_launch(self):
        """Only what is published leaves; the archive itself waits for its first
        download, since making PDF documents takes seconds."""
        result = super()._on_launch()
        for need in self.sudo().filtered(lambda f: f._is_published()):
            need.env["souverainete.tender"]._freeze(need)
        return result

    def _get_tender(self):
        """What the current launch left with: frozen since, where it was launched
        before files kept it, from a grid and clauses that were frozen then."""
        launched = self.tender_ids.filtered(lambda t: t.date_launch == self.date_launch)
        if not launched:
            self._touch_evidence()
            launched = self.env["souverainete.tender"]._freeze(self)
        return launched[:1]

    # === DOWNLOAD === #

    def action_tender_documents(self):
        """Download what leaves with the consultation; before launch, a draft of it."""
        self.ensure_one()
        need = self.need_id
        need.check_access("read")
        need.sudo()._check_has_tender()
        if need.date_launch:
            return need.sudo()._get_tender().sudo(False).action_download()
        preview = self.env["souverainete.tender.preview"]
        return preview.create({"requisition_id": need.id})._get_download_action()

    def _check_has_tender(self):
        if self._get_judged_scope() == "out" or self.is_prior:
            raise UserError(
                self.env._(
                    "%(file)s is not a digital purchase, or was signed before the "
                    "rules: it has no tender documents.",
                    file=self.display_name,
                )
            )
        if not self.clause_ids and not self._get_tender_grids():
            raise UserError(
                self.env._(
                    "There is nothing to give yet: choose a grid in the tab "
                    "“Sovereignty”, or add clauses in the tab “Consultation”."
                )
            )

    def _get_tender_grids(self):
        return self.grid_id | self.lot_ids.grid_id

    def action_import_sheet(self):
        """Import the answer sheet a bidder returned."""
        self.ensure_one()
        return self._get_sheet_action({})

    def _get_sheet_action(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import an answer sheet"),
            "res_model": "souverainete.answer.sheet",
            "view_mode": "form",
            "target": "new",
            "context": {"default_requisition_id": self.need_id.id, **context},
        }

    # === WHAT LEAVES === #

    def _prepare_tender(self):
        """What leaves with the consultation, as plain data. Runs sudo."""
        need = self.sudo()._with_document_lang()
        launch = need.date_launch
        content = {
            "format": 1,
            "lang": need.env.lang,
            "file": need.name,
            "object": need.reference or "",
            "consultation": need.consultation_ref or "",
            "buyer": need.company_id.name,
            "launched_on": launch.isoformat() if launch else "",
            "digest": need.launch_digest or "",
            "lots": need._prepare_tender_lots(),
            "clauses": [
                {name: clause[name] for name in ("code", "name", "document", "text")}
                for clause in need.clause_ids.sorted()
            ],
        }
        return printable(content)

    def _prepare_tender_lots(self):
        """One grid a lot; the whole need counts as one lot without a number."""
        if not self.lot_ids:
            return [{"number": "", "name": "", "grid": self._prepare_lot_grid(self)}]
        return [
            {
                "number": lot.number,
                "name": lot.name or "",
                "grid": self._prepare_lot_grid(lot),
            }
            for lot in self.lot_ids
        ]

    def _prepare_lot_grid(self, owner):
        """A lot without a grid of its own is judged on the need's."""
        grid = owner.grid_id or self.grid_id
        return grid._prepare_tender() if grid else None
