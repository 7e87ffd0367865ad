from odoo import api, models

_WRITTEN = {"verdict", "partner_id"}


class Option(models.Model):
    """An RFQ linked to the need takes what is retained, afterwards, for its vendor."""

    _inherit = "souverainete.option"

    @api.model_create_multi
    def create(self, vals_list):
        options = super().create(vals_list)
        options._fill_requests()
        return options

    def write(self, vals):
        res = super().write(vals)
        if _WRITTEN & set(vals):
            self._fill_requests()
        return res

    def _fill_requests(self):
        orders = self.requisition_id.sudo().need_order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and not order.option_id
        )
        self.env.add_to_compute(orders._fields["option_id"], orders)
