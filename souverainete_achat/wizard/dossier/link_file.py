from odoo import api, fields, models
from odoo.exceptions import UserError


class LinkFile(models.TransientModel):
    """Link an order to a purchase file that fits it."""

    _name = "souverainete.link.file"
    _description = "Link an order to a purchase file"

    order_id = fields.Many2one("purchase.order", required=True)
    file_id = fields.Many2one(
        "purchase.requisition",
        string="Purchase file",
        domain="[('id', 'in', fitting_ids)]",
    )
    fitting_ids = fields.Many2many(
        "purchase.requisition", compute="_compute_fitting_ids"
    )

    @api.depends("order_id")
    def _compute_fitting_ids(self):
        for wizard in self:
            files = self.env["purchase.requisition"].search(
                wizard._get_fitting_domain(), limit=80
            )
            wizard.fitting_ids = files.filtered(wizard._fits)

    def _get_fitting_domain(self):
        """Digital files of the order's ministry that are not closed; under an umbrella
        framework, needs alone."""
        under = self.order_id._is_under_umbrella()
        return [
            *([("requisition_type", "=", "purchase_template")] if under else []),
            ("scope_status", "=", "in"),
            ("state", "in", ["draft", "confirmed"]),
            ("company_id", "parent_of", self.order_id.company_id.ids),
        ]

    def _fits(self, file):
        """Whether the vendor and the products could be those of this file."""
        order = self.order_id
        holders = file._get_holders()
        listed = file.line_ids.product_id
        products = order.order_line.product_id
        held = not holders or order.partner_id._is_among(holders)
        return held and (not listed or products <= listed)

    def action_link(self):
        """Link by write: the onchange of the agreement would add its lines again."""
        self.check_access("read")
        self.ensure_one()
        if not self.file_id:
            raise UserError(self.env._("Choose a purchase file."))
        agreement = self.file_id.requisition_type == "blanket_order"
        name = "requisition_id" if agreement else "need_id"
        self.order_id.write({name: self.file_id.id})
        return {"type": "ir.actions.act_window_close"}
