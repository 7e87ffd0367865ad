from odoo import api, fields, models
from odoo.fields import Command


class AmendmentLine(models.Model):
    """One product that an amendment adds to an agreement."""

    _name = "souverainete.amendment.line"
    _inherit = ["souverainete.written", "souverainete.guarded"]
    _root_path = "amendment_id"
    _description = "Product added by an amendment"
    _order = "amendment_id, id"
    _price_positive = models.Constraint(
        "CHECK (price_unit > 0 AND product_qty > 0)",
        "A product added has a quantity and a price.",
    )

    amendment_id = fields.Many2one(
        "souverainete.amendment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="amendment_id.company_id", store=True, index=True, guard="server"
    )
    currency_id = fields.Many2one(related="amendment_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        domain=[("purchase_ok", "=", True)],
    )
    product_qty = fields.Float(string="Quantity", digits="Product Unit", default=1.0)
    price_unit = fields.Monetary(
        string="Unit price (excl. tax)", help="Agreed price of one unit, in € HT."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_drafts(self):
        self._check_draft()

    def _check_draft(self):
        """What a signed amendment added is not rewritten."""
        self.amendment_id._check_editable(frozenset({"line_ids"}))

    def _prepare_line(self):
        """The line that signing adds to the agreement."""
        return Command.create(
            {
                "product_id": self.product_id.id,
                "product_qty": self.product_qty,
                "price_unit": self.price_unit,
            }
        )
