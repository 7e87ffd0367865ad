from odoo import fields, models


class PurchaseRequisitionLine(models.Model):
    """A line may be bought by one lot."""

    _inherit = "purchase.requisition.line"

    lot_id = fields.Many2one(
        "souverainete.lot",
        index="btree_not_null",
        ondelete="set null",
        domain="[('requisition_id', '=', requisition_id)]",
        help="Lot that buys this line: the agreements of the lot take it over. Empty: "
        "any lot.",
    )
