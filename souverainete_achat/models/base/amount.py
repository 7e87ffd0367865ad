"""Sums of money that may not be known. Unknown is never 0: it is "at least" its value.

The few words for what a purchase is worth, all in € HT unless said otherwise:

- value (`_get_value`): what the whole need, or the order, is worth. A circuit, a scope
  and a threshold are read by it.
- ceiling (`_get_ceiling`): what an agreement, or a lot, may cost at most; it is judged
  at signature. `_get_order_ceiling`: the same, as orders are held to it.
- committed (`_get_committed`): what the agreements signed for a need, or under a
  framework, may cost together.
- placed (`_get_placed_amount`): what was ordered and confirmed.
- cost (`_get_cost`): what a project costs in the sense of the order of 5 June 2020,
  TTC; `_get_purchased_value`: what is bought for it.
"""

from fractions import Fraction
from typing import NamedTuple

from odoo import api, models, tools
from odoo.exceptions import UserError

from .told import Money, tell

# No purchase of the State comes near: a greater amount is a slip of the keyboard.
LARGEST = 10**12


class Amount(NamedTuple):
    """A sum and whether it is known; what is not known is at least `value`."""

    value: float
    known: bool

    @classmethod
    def unknown(cls, least=0.0):
        return cls(least, False)

    @classmethod
    def stated(cls, record, name):
        """What was typed in the field `name` and in the one that says it is known."""
        return cls(record[name], True) if record[f"{name}_known"] else cls.unknown()

    @classmethod
    def sum_of(cls, amounts):
        """Known when each is; nothing at all is worth 0, and known."""
        amounts = list(amounts)
        return cls(sum(a.value for a in amounts), all(a.known for a in amounts))

    def exceeds(self, ceiling, currency):
        """Whether it is, or may be, above: unknown stays below nothing, and nothing
        stays below what is unknown."""
        if not (self.known and ceiling.known):
            return True
        return currency.compare_amounts(self.value, ceiling.value) > 0

    @property
    def stated_value(self):
        """The sum, or None: what journals and envelopes keep."""
        return self.value if self.known else None


def tell_excess(env, asked, judged, currency):
    """What is asked beside what was judged, and the difference; € HT, `Amount` both.
    Every refusal about an amount ends with it."""
    told = tell(env)
    figures = {"asked": Money(asked.value, currency)}
    if not judged.known:
        return told._(
            "Judged: not known; asked: %(asked)s. Amounts excl. tax.", **figures
        )
    figures["judged"] = Money(judged.value, currency)
    if not asked.known:
        return told._(
            "Judged: %(judged)s; asked: not known, at least %(asked)s. Amounts excl. "
            "tax.",
            **figures,
        )
    return told._(
        "Judged: %(judged)s; asked: %(asked)s; difference: %(more)s. Amounts excl. "
        "tax.",
        **figures,
        more=Money(asked.value - judged.value, currency),
    )


def check_numbers(records, vals):
    """Refuse, before anything rounds it, what is no number, as it compares with
    nothing, and what is beyond any purchase: another system may send either."""
    for name, value in vals.items():
        # Not a number is neither below nor above.
        if not isinstance(value, (int, float)) or abs(value) <= LARGEST:
            continue
        raise UserError(
            records.env._(
                "%(field)s: %(value)s is more than any purchase comes to, or no "
                "number. Correct it.",
                field=records._fields[name]._description_string(records.env),
                value=value,
            )
        )


# === EXACT SUMS === #
# Without drift: exact numbers until the one rounding that is shown.


def to_fraction(number):
    """The number as it is read: 0.1 is a tenth, whatever a float holds."""
    return Fraction(str(number))


def round_half_up(amount, currency):
    """To the cent, a half cent upwards: never below what is really reached."""
    step = to_fraction(currency.rounding)
    return (amount / step + Fraction(1, 2)) // 1 * step


# === RATES === #


class Currency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "souverainete.kept"]

    def _convert_dated(self, amount, currency, company, date):
        """`amount` in `currency`, at the rate of the day: as `_convert`, which reads
        the same rates again for each file that is judged."""
        rate = self._get_dated_rate(self.id, currency.id, company.id, date)
        return currency.round(amount * rate)

    def _convert_known(self, amount, currency, company):
        """The Amount that `amount` makes in `currency`, at the server's day."""
        day = company._souverainete_today()
        if not self._is_comparable(currency, company):
            return Amount.unknown()
        return Amount(self._convert_dated(amount, currency, company, day), True)

    def _is_comparable(self, currency, company):
        """Whether a rate ties the two: without one Odoo converts one for one, which
        tells nothing."""
        return self == currency or all(c._has_rate(company) for c in self | currency)

    def _has_rate(self, company):
        """Whether this currency compares with the company's: by a rate that Odoo would
        read for it, its own or everybody's."""
        readers = company.root_id | company.browse()
        rates = self.sudo().rate_ids
        return self == company.currency_id or any(
            not rate.company_id or rate.company_id in readers for rate in rates
        )

    @api.model
    @tools.ormcache("from_id", "to_id", "company_id", "date")
    def _get_dated_rate(self, from_id, to_id, company_id, date):
        source, target = self.browse([from_id]), self.browse([to_id])
        company = self.env["res.company"].browse(company_id)
        return self._get_conversion_rate(source, target, company, date)
