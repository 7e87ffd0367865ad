from odoo import fields, models

from ..base.amount import Amount, tell_excess
from ..base.finding import SIGNED_STATES
from ..base.identity import get_strangers, is_same
from ..base.told import Told, tell


class Enveloped(models.AbstractModel):
    """A signed agreement: what was judged, that changes and orders stay within."""

    _name = "souverainete.enveloped"
    _description = "What an agreement was judged for"

    def _prepare_envelope(self):
        """What was judged, that later changes and orders must stay within."""
        return {
            "vendor": self.vendor_id._get_identity(),
            "holders": self._get_holders()._get_identities(),
            "company": self.company_id.id,
            "currency": self.currency_id.id,
            "products": self.line_ids.product_id.ids,
            "codes": self._get_listed_codes(),
            "options": [
                [option.id, option.partner_id._get_identity()]
                for option in self._get_judged_options()
            ],
            "amount": self._get_ceiling().stated_value,
            "end": fields.Date.to_string(self.date_end) or None,
            "umbrella": self.is_umbrella,
        }

    def _get_listed_codes(self):
        """{product: CPV code} of the products listed that have one."""
        codes = {
            str(product.id): product.product_tmpl_id._get_cpv_code()
            for product in self.line_ids.product_id
        }
        return {product: code for product, code in codes.items() if code}

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
        if checks["amount"]:
            figures = self._tell_above(now["amount"], judged.get("amount"))
            labels["amount"] = Told.join([labels["amount"], figures])
        return {
            key: labels[key]
            for key, broken in checks.items()
            if broken and key not in unknown
        }

    def _get_envelope_checks(self, now, judged):
        """{limit: whether what stands `now` is outside what was judged}."""
        same = ("company", "currency", "umbrella")
        return {
            **{key: now[key] != judged[key] for key in same},
            "vendor": not is_same(judged["vendor"], now["vendor"]),
            "holders": bool(get_strangers(judged["holders"], now["holders"])),
            "products": self._is_product_added(now, judged),
            "options": self._is_option_changed(now, judged),
            "amount": self._is_above(now["amount"], judged["amount"]),
            "end": self._is_later(now["end"], judged["end"]),
        }

    def _is_product_added(self, now, judged):
        """Whether a product was not judged, or became something else since."""
        added = set(now["products"]) - set(judged["products"])
        codes = judged["codes"].items()
        return bool(added) or any(
            not _is_same_branch(code, now["codes"].get(product, code))
            for product, code in codes
        )

    def _is_option_changed(self, now, judged):
        """Whether an option, or who holds it, is not the one judged."""
        before, after = (dict(envelope["options"]) for envelope in (judged, now))
        return before.keys() != after.keys() or not all(
            is_same(before[option], after[option]) for option in before
        )

    def _get_settled_message(self):
        return tell(self.env)._(
            "This agreement was confirmed as not digital: buy digital goods and "
            "services through a file of their own."
        )

    def _is_above(self, amount, judged):
        if judged is None or amount is None:
            return amount is not judged
        return self.currency_id.compare_amounts(amount, judged) > 0

    def _tell_above(self, *amounts):
        """The amount asked beside the one judged; None: not known."""
        asked, judged = (Amount(a or 0.0, a is not None) for a in amounts)
        return tell_excess(self.env, asked, judged, self.currency_id)

    def _is_later(self, end, judged):
        """Whether an end was put off; without an end, it is put off for ever."""
        return bool(judged) and (not end or end > judged)

    def _get_envelope_labels(self):
        """{limit: what is told where it is broken}."""
        told = tell(self.env)
        way_out = told._(
            "sign an amendment (button “Prepare an amendment”) or a new agreement, "
            "which is checked on its own."
        )
        broken = {
            "vendor": told._("The vendor is not the one judged:"),
            "company": told._("The ministry is not the one judged:"),
            "currency": told._("The currency is not the one judged:"),
            "products": told._(
                "Products were added to those judged, or have another CPV code:"
            ),
            "options": told._("The retained option is not the one judged:"),
            "amount": told._("The amount is above the one judged:"),
            "holders": told._("Holders were added to those judged:"),
            "end": told._("The end is later than the one judged:"),
            "umbrella": told._("An umbrella framework is judged as such:"),
        }
        return {key: Told.join([label, way_out]) for key, label in broken.items()}


def _is_same_branch(code, other):
    """Whether one of these CPV codes only says the other more precisely."""
    one, two = code[:8].rstrip("0"), other[:8].rstrip("0")
    return one.startswith(two) or two.startswith(one)
