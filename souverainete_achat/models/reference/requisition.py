from odoo import api, fields, models

from .referenced import REFERENCES


class PurchaseRequisition(models.Model):
    """References typed once: those of the need are shown on its agreements."""

    _name = "purchase.requisition"
    _inherit = ["purchase.requisition", "souverainete.referenced"]
    _rec_names_search = ["name", "reference", *REFERENCES]

    ref_approch = fields.Char(
        string="APProch reference",
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        index="btree_not_null",
        help="Identifier or address of the planned purchase in APProch, the State's "
        "publication of its purchasing projects. Typed once, on the need.",
    )
    ref_place = fields.Char(
        string="PLACE reference",
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        index="btree_not_null",
        help="Reference of the consultation on PLACE, the State's buyer profile. Typed "
        "once, on the need.",
    )
    ref_chorus_da = fields.Char(
        string="Chorus purchase request (DA)",
        compute="_compute_shared_references",
        store=True,
        readonly=False,
        recursive=True,
        copy=False,
        index="btree_not_null",
        help="Number of the purchase request (demande d'achat) in Chorus. Typed once, "
        "on the need.",
    )
    ref_contract = fields.Char(
        string="Contract number",
        index="btree_not_null",
        copy=False,
        help="Number of the contract, as notified to its holder and published in the "
        "essential data (DECP).",
    )
    ref_chorus_ej = fields.Char(
        string="Chorus commitment (EJ)",
        index="btree_not_null",
        copy=False,
        help="Number of the legal commitment (engagement juridique) of this agreement "
        "in Chorus. An order under a framework has its own.",
    )

    @api.depends(
        "need_id", "need_id.ref_approch", "need_id.ref_place", "need_id.ref_chorus_da"
    )
    def _compute_shared_references(self):
        """An agreement shows its need's; what it had alone is not lost."""
        for file in self:
            for name in self._get_shared_references():
                file[name] = file.need_id[name] or file[name]

    def _get_likeness_marks(self):
        """Purchases that other systems know under one number look like one project."""
        shared = {*self._get_shared_references(), "ref_contract"}
        return super()._get_likeness_marks() | {
            ("reference", (name, value), value)
            for name in shared
            if (value := (self[name] or "").strip())
        }
