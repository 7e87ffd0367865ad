from odoo import models


class PurchaseOrder(models.Model):
    """What is kept of an order confirmed on a lapsed contract."""

    _inherit = "purchase.order"

    def _pass_gate(self):
        lapses = self._get_lapses() if self.continuity_ground else []
        order = self.sudo()
        if order.continuity_used != bool(lapses):
            order._write_server({"continuity_used": bool(lapses)})
        result = super()._pass_gate()
        if lapses:
            asker = order._get_scope_requesters() | self.env.user
            order._get_file()._tell_officer_of_continuity(asker)
        return result

    def _prepare_order_payload(self):
        payload = super()._prepare_order_payload()
        if not self.continuity_used:
            return payload
        return payload | {
            "continuity": {
                "ground": self.continuity_ground,
                "reason": self.continuity_reason,
                "lapsed": sorted({f.rule.code for f in self._get_lapses()}),
            }
        }
