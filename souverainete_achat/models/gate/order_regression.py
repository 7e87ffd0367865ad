from odoo import fields, models
from odoo.exceptions import ValidationError


class PurchaseOrder(models.Model):
    """What may still change on a confirmed order: anything inside what was judged."""

    _inherit = "purchase.order"

    gate_findings = fields.Json(
        copy=False, help="What was missing when the order was last judged."
    )
    gate_envelope = fields.Json(
        copy=False,
        help="What was last judged: vendor, file, option, products, answers, € HT.",
    )

    def _prepare_envelope(self):
        """What a later change is compared with."""
        names = ("partner_id", "company_id", "currency_id", "requisition_id")
        answers = ("light_mutualised", "light_cloud", "light_sensitive")
        return {
            "links": [self[name].id for name in (*names, "need_id", "option_id")],
            "answers": [self[name] for name in answers],
            "scope": self.scope_status,
            "products": self.order_line.product_id.ids,
            "amount": self._get_judged_amount(),
        }

    def _is_within_envelope(self, now):
        """Whether nothing was added to what was judged: less is free, whatever became
        of the file or of the rules since."""
        judged = self.gate_envelope
        if not judged:
            return False
        same = all(now[key] == judged[key] for key in ("links", "answers", "scope"))
        fewer = set(now["products"]) <= set(judged["products"])
        return same and fewer and not self._is_raised(judged["amount"], now["amount"])

    def _is_raised(self, before, after):
        return self.currency_id.compare_amounts(after, before) > 0

    def _check_regression(self):
        """A confirmed order changes freely inside what was judged, never out of it."""
        order = self.sudo()
        now = order._prepare_envelope()
        if now == order.gate_envelope:
            return
        if not order._is_within_envelope(now):
            order._refuse_added_findings(now)
        order._write_server({"gate_envelope": now})
        (order._get_file() | order.need_id)._touch_evidence()

    def _refuse_added_findings(self, now):
        known = {tuple(identity) for identity in self.gate_findings or []}
        findings = self._get_regression_findings(now)
        found = {f.identity: f for f in findings if f.blocking}
        added = [finding for key, finding in found.items() if key not in known]
        if added:
            raise ValidationError(self._format_refusal(added))
        if set(found) != known:
            self._write_server({"gate_findings": [list(key) for key in found]})

    def _get_regression_findings(self, now):
        """[Finding] that a change outside what was judged is refused for. `now`: what
        would be judged; rooms say when the files are asked again."""
        return self._own_findings()
