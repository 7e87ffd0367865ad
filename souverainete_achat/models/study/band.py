"""How many criteria a purchase is asked about, from the least to the most.

One place: a purchase file says its band (`_get_asked_band`), a criterion the band it is
asked from (`asked_from`). Grading, coverage, comparison and what bidders are asked all
follow. The amounts are dated thresholds (`light`, `criteria`, `reinforced`).
"""

NONE, BASE, EXTENDED, FULL = "none", "base", "extended", "full"

BANDS = [
    (NONE, "No criterion"),
    (BASE, "The three questions on sovereignty"),
    (EXTENDED, "Security, reversibility, cost and durability too"),
    (FULL, "All the criteria of the grid"),
]

_ORDER = [code for code, _label in BANDS]


def is_asked(asked_from, band):
    """Whether what is asked from one band on is asked in another."""
    return _ORDER.index(asked_from) <= _ORDER.index(band)
