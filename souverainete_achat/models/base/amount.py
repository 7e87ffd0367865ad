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

from typing import NamedTuple

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
