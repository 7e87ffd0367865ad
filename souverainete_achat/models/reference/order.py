from odoo import api, fields, models

from odoo.addons.purchase.models.purchase_order import PurchaseOrder as CoreOrder

from .referenced import REFERENCES


class PurchaseOrder(models.Model):
    """References of the need and of the agreement, shown; the commitment is its own."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "souverainete.referenced"]
    _rec_names_search = [*CoreOrder._rec_names_search, *REFERENCES, "ref_agreement_ej"]

    ref_approch = fields.Char(
        string="APProch reference",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Planned purchase in APProch: that of the need.",
    )
    ref_place = fields.Char(
        string="PLACE reference",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Consultation on PLACE: that of the need.",
    )
    ref_contract = fields.Char(
        string="Contract number",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Number of the contract: that of the agreement.",
    )
    ref_chorus_da = fields.Char(
        string="Chorus purchase request (DA)",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Purchase request (demande d'achat) in Chorus: that of the need.",
    )
    ref_chorus_ej = fields.Char(
        string="Chorus commitment (EJ)",
        copy=False,
        index="btree_not_null",
        help="Number of the legal commitment (engagement juridique) of this order in "
        "Chorus. Left empty, that of the agreement is printed.",
    )
    ref_agreement_ej = fields.Char(
        string="Chorus commitment of the agreement (EJ)",
        compute="_compute_references",
        store=True,
        copy=False,
        index="btree_not_null",
        help="Number of the legal commitment (engagement juridique) of the agreement "
        "in Chorus, where the whole agreement was committed at once.",
    )

    @api.model
    def _get_server_fields(self):
        own = {"ref_chorus_ej"}
        return super()._get_server_fields() | {*REFERENCES, "ref_agreement_ej"} - own

    @api.depends(
        "need_id.ref_approch",
        "need_id.ref_place",
        "need_id.ref_chorus_da",
        "need_id.ref_contract",
        "requisition_id.ref_contract",
        "requisition_id.ref_chorus_ej",
    )
    def _compute_references(self):
        for order in self:
            for name in self._get_shared_references():
                order[name] = order.need_id[name]
            agreement = order.requisition_id or order.need_id
            order.ref_contract = agreement.ref_contract
            order.ref_agreement_ej = order.requisition_id.ref_chorus_ej

    def _get_reference(self, name):
        """The commitment of the agreement stands for an order without its own."""
        own = super()._get_reference(name)
        return own or (name == "ref_chorus_ej" and self.ref_agreement_ej)
