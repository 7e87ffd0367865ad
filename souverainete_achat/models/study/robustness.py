"""How far a ranking depends on the weights, without Odoo.

Offers are tuples of values, one an objective, each from 0 (worst) to 1 (best); weights
are percentages that add up to 100.
"""

from itertools import pairwise
from math import fsum
from random import Random
from typing import NamedTuple

# Values closer than this are a tie: they come from decimals typed by people.
TIE = 1e-9


class Stretch(NamedTuple):
    """Weights of one objective, from `start` to `end`, over which `leaders` (indexes of
    offers) rank first, the other weights keeping their proportions."""

    start: float
    end: float
    leaders: tuple[int, ...]


def rank(weights, offers):
    """Scores out of 100, one an offer."""
    return [
        fsum(w * v for w, v in zip(weights, values, strict=True)) for values in offers
    ]


def get_leaders(scores):
    """Indexes of the offers that rank first; several when they tie."""
    best = max(scores)
    return tuple(i for i, score in enumerate(scores) if best - score <= TIE)


def get_lead_shares(offers, draws, seed):
    """Share of all possible weights for which each offer ranks first.

    Weights are drawn evenly among those that add up to 100; the same seed gives the
    same shares. A draw that ties counts for each leader in equal parts.
    """
    random = Random(seed)
    size = len(offers[0])
    shares = [0.0] * len(offers)
    for _draw in range(draws):
        parts = [random.expovariate(1.0) for _objective in range(size)]
        leaders = get_leaders(rank(parts, offers))
        for leader in leaders:
            shares[leader] += 1 / len(leaders)
    return [share / draws for share in shares]


def get_stretches(weights, offers, index):
    """Stretches of weight of objective `index`, from 0 to 100, by leader."""
    lines = [_get_line(weights, values, index) for values in offers]
    bounds = _merge_close([0.0, *sorted(_get_crossings(lines)), 100.0])
    stretches = []
    for start, end in pairwise(bounds):
        middle = (start + end) / 2
        leaders = get_leaders([low + middle * slope for low, slope in lines])
        if stretches and stretches[-1].leaders == leaders:
            stretches[-1] = stretches[-1]._replace(end=end)
        else:
            stretches.append(Stretch(start, end, leaders))
    return stretches


def _merge_close(bounds):
    """Three offers that tie at one weight cross there three times, to a rounding."""
    return [
        bound for previous, bound in pairwise([-1.0, *bounds]) if bound - previous > TIE
    ]


def _get_line(weights, values, index):
    """(score at weight 0, slope): a score moves in a straight line with one weight."""
    others = 100.0 - weights[index]
    pairs = list(zip(weights, values, strict=True))
    rest = pairs[:index] + pairs[index + 1 :]
    if others > TIE:
        low = fsum(w * v for w, v in rest) / others
    else:
        # Nothing else weighs today: the others would share what is given up evenly.
        low = fsum(v for _w, v in rest) / len(rest) if rest else 0.0
    return 100.0 * low, values[index] - low


def _get_crossings(lines):
    """Weights, strictly between 0 and 100, at which two offers tie."""
    for i, (low, slope) in enumerate(lines):
        for other_low, other_slope in lines[i + 1 :]:
            if abs(slope - other_slope) > TIE:
                crossing = (other_low - low) / (slope - other_slope)
                if TIE < crossing < 100.0 - TIE:
                    yield crossing
