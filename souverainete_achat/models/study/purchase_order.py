from odoo import api, fields, models

from ..base.told import tell
from .band import NONE


class PurchaseOrder(models.Model):
    """An order buys a retained option, from its own holder."""

    _inherit = "purchase.order"

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

    # === HOOKS === #

    @api.model
    def _get_judged_links(self):
        return [*super()._get_judged_links(), "option_id"]

    def _prepare_order_payload(self):
        option = {"option": self.option_id.name or ""}
        return super()._prepare_order_payload() | option

    def _on_ordered(self):
        """An order that passes is a purchase made for its need. What was signed before
        disclosed its offers already."""
        orders = self.sudo()
        needs = orders.need_id | orders.requisition_id.need_id
        needs.filtered(lambda need: not need.outcome)._record_purchase()
        return super()._on_ordered()

    def _finding_order_option(self):
        """What is bought is a retained option, from its own holder."""
        file = self._get_file()
        if not file or file.is_prior or self._is_file_missing():
            return {}
        if self._get_studied_file()._get_asked_band() == NONE:
            return {}
        if self.option_id and self.option_id in self._get_vendor_options():
            return {}
        return {
            "": tell(self.env)._(
                "Choose the retained option of %(need)s whose holder is "
                "%(vendor)s, on the order. Another vendor needs its own verdict on "
                "the file.",
                need=self.need_id.display_name or file.display_name,
                vendor=self.partner_id.display_name,
            )
        }

    # === COMPUTE METHODS === #

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
        file = self._get_studied_file()
        options = file._get_judged_options() if file else self.sudo().option_id
        return options.filtered(lambda o: self.partner_id._is_among(o.partner_id))
