from odoo import api, fields, models
from odoo.exceptions import UserError


class PurchaseOrder(models.Model):
    """An order asks its purchase file; it never decides by itself."""

    _inherit = "purchase.order"

    need_id = fields.Many2one(
        "purchase.requisition",
        compute="_compute_need_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        help="The purchase file that carries the need this order meets. Under an "
        "umbrella framework each order carries its own.",
    )
    option_id = fields.Many2one(
        "souverainete.option",
        string="Retained option",
        compute="_compute_option_id",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        help="The retained option this order buys: its holder is the order's vendor.",
    )

    # === COMPUTE METHODS === #

    @api.depends("requisition_id")
    def _compute_need_id(self):
        for order in self:
            agreement = order.requisition_id
            if agreement and not agreement.is_umbrella:
                order.need_id = agreement.need_id
            else:
                order.need_id = order.need_id

    @api.depends("need_id", "partner_id")
    def _compute_option_id(self):
        """Filled in where there is no choice: one retained option of this vendor."""
        for order in self:
            options = order._get_vendor_options() if order.need_id else order.option_id
            if order.option_id not in options:
                order.option_id = options if len(options) == 1 else False
            else:
                order.option_id = order.option_id

    def _get_vendor_options(self):
        """The options of the need met, or signed by the file, of the order's vendor."""
        vendor = self.partner_id.commercial_partner_id
        file = self._get_studied_file()
        options = file._get_judged_options() if file else self.sudo().option_id
        return options.filtered(lambda o: o.partner_id.commercial_partner_id == vendor)

    def _get_file(self):
        """The file this order answers to: its agreement, or else its need."""
        self.ensure_one()
        return self.sudo().requisition_id or self.sudo().need_id

    def _is_under_umbrella(self):
        """Whether the need is defined by this order, under someone's framework."""
        agreement = self.sudo().requisition_id
        return agreement.is_umbrella and not agreement.is_prior

    def _is_file_missing(self):
        """Whether the order has no file of its own: an umbrella's is not enough."""
        order = self.sudo()
        if not order._is_under_umbrella():
            return not order._get_file()
        return order.need_id in (order.need_id.browse(), order.requisition_id.need_id)

    def _get_studied_file(self):
        """The file whose study the order relies on: its own need's, under an umbrella
        framework."""
        order = self.sudo()
        return order.need_id if order._is_under_umbrella() else order._get_file()

    def _get_judged_files(self):
        """The files whose findings stand in the order's way: its agreement and, under
        an umbrella, its own need."""
        return self._get_file() | self._get_studied_file()

    # === WAY OUT OF A REFUSAL === #

    def action_create_file(self):
        """Create the purchase file of this RFQ from its lines, and link it."""
        self.ensure_one()
        if not self._is_file_missing():
            raise UserError(self.env._("This order already has a purchase file."))
        file = self.env["purchase.requisition"].create(self._prepare_file_vals())
        # By write: the onchange of the agreement would add its lines once more.
        self.write({"need_id": file.id})
        return self._open_file(file)

    def _prepare_file_vals(self):
        return {
            "requisition_type": "purchase_template",
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "vendor_id": self.partner_id.id,
            "reference": self.partner_ref or self.name,
            "purchase_route": "call_off" if self.requisition_id else "no_competition",
            "scope_override": self.scope_override,
            "scope_reason": self.scope_reason,
            "line_ids": [
                fields.Command.create(self._prepare_file_line_vals(line))
                for line in self.order_line
                if line.product_id
            ],
        }

    def _prepare_file_line_vals(self, line):
        return {
            "product_id": line.product_id.id,
            "product_qty": line.product_qty,
            "product_uom_id": line.product_uom_id.id,
            "price_unit": line.price_unit,
        }

    def action_link_file(self):
        """List the files this order could be linked to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Link to a purchase file"),
            "res_model": "souverainete.link.file",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_open_file(self):
        return self._open_file(self._get_file())

    def _open_file(self, file):
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.requisition",
            "res_id": file.id,
            "view_mode": "form",
        }
