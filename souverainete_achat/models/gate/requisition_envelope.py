from odoo import fields, models

from .requisition_gate import SIGNED_STATES


class PurchaseRequisition(models.Model):
    """Envelope: what was judged, that changes and orders stay within."""

    _inherit = "purchase.requisition"

    def _prepare_envelope(self):
        """What was judged, that later changes and orders must stay within."""
        amount, known = self._get_ceiling()
        return {
            "vendor": self.vendor_id.commercial_partner_id.id,
            "holders": self._get_holders().ids,
            "company": self.company_id.id,
            "currency": self.currency_id.id,
            "products": self.line_ids.product_id.ids,
            "options": [
                [option.id, option.partner_id.commercial_partner_id.id]
                for option in self._get_judged_options()
            ],
            "amount": amount if known else None,
            "end": fields.Date.to_string(self.date_end) or None,
            "umbrella": self.is_umbrella,
        }

    def _get_holders(self):
        """The companies that hold, or would hold, the agreement."""
        return (self.vendor_id | self.holder_ids).commercial_partner_id

    def _get_ceiling(self):
        """(€ HT, known): the maximum of the agreement, or the sum of its lines; its
        estimate where it has neither."""
        if self.amount_max_known:
            return self.amount_max, True
        amount = self._get_lines_amount()
        signed = self.requisition_type == "blanket_order"
        if not amount and signed and self.amount_estimated_known:
            return self.amount_estimated, True
        return amount, bool(amount)

    def _finding_envelope(self, options):
        """A signed agreement stays what was judged; lowering it is free."""
        judged = self.gate_envelope
        if not judged or self.gate_state not in SIGNED_STATES:
            return {}
        if judged.get("out_of_scope"):
            return {"scope": self._get_settled_message()}
        now = self._prepare_envelope()
        # A contract taken over may learn once what it was taken over without.
        unknown = self._get_unknown_limits(judged)
        checks = self._get_envelope_checks(now, now | judged)
        labels = self._get_envelope_labels()
        return {
            key: labels[key]
            for key, broken in checks.items()
            if broken and key not in unknown
        }

    def _get_envelope_checks(self, now, judged):
        """{limit: whether what stands `now` is outside what was judged}."""
        same = ("vendor", "company", "currency", "options", "umbrella")
        added = ("products", "holders")
        return {
            **{key: now[key] != judged[key] for key in same},
            **{key: bool(set(now[key]) - set(judged[key])) for key in added},
            "amount": self._is_above(now["amount"], judged["amount"]),
            "end": self._is_later(now["end"], judged["end"]),
        }

    def _get_settled_message(self):
        return self.env._(
            "This agreement was confirmed as not digital: buy digital goods and "
            "services through a file of their own."
        )

    def _is_above(self, amount, judged):
        if judged is None or amount is None:
            return amount is not judged
        return self.currency_id.compare_amounts(amount, judged) > 0

    def _is_later(self, end, judged):
        """Whether an end was put off; without an end, it is put off for ever."""
        return bool(judged) and (not end or end > judged)

    def _get_envelope_labels(self):
        way_out = self.env._(
            "sign an amendment (button “Prepare an amendment”) or a new agreement, "
            "which is checked on its own."
        )
        return {
            "vendor": self.env._("The vendor is not the one judged: ") + way_out,
            "company": self.env._("The ministry is not the one judged: ") + way_out,
            "currency": self.env._("The currency is not the one judged: ") + way_out,
            "products": self.env._("Products were added to those judged: ") + way_out,
            "options": self.env._("The retained option is not the one judged: ")
            + way_out,
            "amount": self.env._("The amount is above the one judged: ") + way_out,
            "holders": self.env._("Holders were added to those judged: ") + way_out,
            "end": self.env._("The end is later than the one judged: ") + way_out,
            "umbrella": self.env._("An umbrella framework is judged as such: ")
            + way_out,
        }

    def _finding_launched(self, options):
        """Where a consultation is published, it was launched before the award."""
        need = self.need_id
        if need.date_launch or not need._is_published():
            return {}
        return {
            "": self.env._(
                "The consultation was not launched: use the button “Launch the "
                "consultation” of %(need)s.",
                need=need.display_name,
            )
        }

    def _finding_need_covers(self, options):
        """An agreement buys what its need asked for, and no more than it was worth."""
        need = self.need_id
        if need == self:
            return {}
        listed = need.line_ids.product_id
        outside = self.line_ids.product_id - listed if listed else listed
        messages = {}
        if outside:
            messages["products"] = self.env._(
                "%(products)s: not on the need %(need)s. Describe them there, or in a "
                "need of their own.",
                products=", ".join(outside.mapped("display_name")),
                need=need.display_name,
            )
        if need._is_exceeded():
            messages["amount"] = self.env._(
                "The agreements of %(need)s exceed its estimated value, or it is not "
                "known: estimate it at the top of the need.",
                need=need.display_name,
            )
        return messages

    def _is_exceeded(self):
        """Whether the agreements of this need are worth more than it, € HT.

        Unknown covers nothing.
        """
        value, known = self._get_value()
        signed = (self.agreement_ids - self).filtered(lambda f: f.state != "cancel")
        total = self._get_agreed_amount(signed)
        return not known or self.currency_id.compare_amounts(total, value) > 0

    def _get_agreed_amount(self, files):
        """€ HT: what these agreements of the need may cost together."""
        return sum(file._get_ceiling()[0] for file in files)

    def _is_expense(self):
        """Whether what this file is worth is spent for it, and counted here.

        Agreements are counted with the need they share; the ceiling of an umbrella
        framework is no expense, the needs of its orders are.
        """
        framework = self.is_umbrella and not self.is_prior
        return self.need_id == self and self.state != "cancel" and not framework

    # === ORDERS === #

    def _get_order_ceiling(self):
        """(€ HT, known): what the sum of the orders may not exceed."""
        amount, known = self._get_ceiling()
        if known or not self.amount_estimated_known:
            return amount, known
        return self.amount_estimated, True

    def _takes_orders(self):
        """Signed and running for an agreement; launched for a need without one."""
        if not self._is_running(self.company_id._souverainete_today()):
            return False
        if self.requisition_type == "blanket_order":
            return self.gate_state == "confirmed"
        launched = self.date_launch or not self._is_published()
        return bool(launched) and self.state != "cancel"
