from odoo import models


class PurchaseOrder(models.Model):
    """Alternatives: other vendors asked for the same need."""

    _inherit = "purchase.order"

    def _prepare_alternative_vals(self, vendor):
        """What an alternative from `vendor` shares with this RFQ.

        The need, and what was stated of it; the agreement only where the vendor holds
        it. The option is that of the vendor, and is found again. Whether it is a cloud
        service depends on what the vendor sells: it is asked again.
        """
        self.ensure_one()
        if self.scope_status == "out" and self.scope_override == "auto":
            return {}
        shared = (
            "scope_override",
            "scope_reason",
            "light_mutualised",
            "light_sensitive",
        )
        return {
            **{name: self[name] for name in shared},
            "need_id": self.need_id.id,
            "requisition_id": self._get_agreement_held_by(vendor).id,
        }

    def _get_agreement_held_by(self, vendor):
        """The agreement of this order, if `vendor` is one of its holders."""
        agreement = self.requisition_id
        held = vendor.commercial_partner_id in agreement.sudo()._get_holders()
        return agreement if held else agreement.browse()

    def button_confirm(self):
        """Core's warning on alternatives replaces the whole context: without the
        language, a refusal and the journal would be in English."""
        context = self.env.context
        if context.get("skip_alternative_check") and "lang" not in context:
            orders = self.with_context(lang=self.env.user.lang)
            return super(PurchaseOrder, orders).button_confirm()
        return super().button_confirm()
