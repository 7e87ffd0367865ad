"""The arithmetic of a sovereignty score, without Odoo.

An objective is worth Σ points / its maximum; the score is Σ weight × objective, at
most 100. The interval says what the score may still become: criteria that nobody
assessed are counted at their worst answer for the lower bound, at their best for the
upper one. Where a chain has several links, the weakest decides: while some links are
not assessed, the criterion is not, and those that are bound what it may still become.
Sums are exact (`fsum`), so the order of criteria never changes a digit.
"""

from math import fsum
from typing import NamedTuple


class Criterion(NamedTuple):
    """One question: its key, and what its worst and best answers are worth."""

    key: int
    worst: float
    best: float


class Objective(NamedTuple):
    """`weight` in percent; None where nobody gave the objective a weight."""

    key: int
    weight: float | None
    max_points: float
    criteria: tuple[Criterion, ...]


class Answer(NamedTuple):
    """What the chosen rung of a ladder is worth, and the level it reaches.

    Not `settled`: some links of the chain are still to be assessed, and this is the
    most that the criterion may be worth.
    """

    points: float
    level: str
    settled: bool = True


class ObjectiveResult(NamedTuple):
    """Points established so far, with those still possible at worst and at best.

    `touched`: criteria of which something is known, those of which only some links are
    included; `answered`: those that are known in full.
    """

    key: int
    weight: float | None
    max_points: float
    points: float
    points_low: float
    points_high: float
    touched: int
    answered: int
    asked: int


class Result(NamedTuple):
    """`score_known` is False where no weight or no answer allows a score."""

    score_known: bool
    score: float
    score_low: float
    score_high: float
    coverage: float
    unassessed_count: int
    level_reached: str | None
    objectives: tuple[ObjectiveResult, ...]


def assess(objectives, answers):
    """Score `answers`, {criterion key: Answer}, against the objectives of a grid.

    A criterion missing from `answers` is unknown. Answers to criteria that the grid
    does not ask count for nothing.
    """
    results = tuple(_assess_objective(objective, answers) for objective in objectives)
    weighted = any(result.weight is not None for result in results)
    asked = sum(result.asked for result in results)
    answered = sum(result.answered for result in results)
    return Result(
        score_known=weighted and any(result.touched for result in results),
        score=_weigh(results, "points"),
        score_low=_weigh(results, "points_low"),
        score_high=_weigh(results, "points_high"),
        coverage=100.0 * answered / asked if asked else 0.0,
        unassessed_count=asked - answered,
        level_reached=_lowest_level(objectives, answers),
        objectives=results,
    )


def get_weakest(answers, settled=True):
    """What a chain is worth on a criterion, from the answers of its links.

    Points and level apart: a ladder may rise in one and not in the other.
    """
    return Answer(
        points=min(answer.points for answer in answers),
        level=min(answer.level for answer in answers),
        settled=settled and all(answer.settled for answer in answers),
    )


def _assess_objective(objective, answers):
    touched = [answers[c.key] for c in objective.criteria if c.key in answers]
    known = [answer.points for answer in touched if answer.settled]
    bounds = [_get_bounds(c, answers.get(c.key)) for c in objective.criteria]
    return ObjectiveResult(
        key=objective.key,
        weight=objective.weight,
        max_points=objective.max_points,
        points=fsum(known),
        points_low=fsum(low for low, _high in bounds),
        points_high=fsum(high for _low, high in bounds),
        touched=len(touched),
        answered=len(known),
        asked=len(objective.criteria),
    )


def _get_bounds(criterion, answer):
    """Points the criterion may still be worth, at worst and at best."""
    if answer is None:
        return criterion.worst, criterion.best
    if answer.settled:
        return answer.points, answer.points
    return min(criterion.worst, answer.points), answer.points


def _weigh(results, name):
    """A source's rounded points may exceed its nominal maximum: 100 is the most."""
    parts = [
        result.weight * getattr(result, name) / result.max_points
        for result in results
        if result.weight is not None and result.max_points
    ]
    return min(100.0, fsum(parts))


def _lowest_level(objectives, answers):
    """An average never hides a weakness: the lowest level answered is the one kept,
    that of a single link included."""
    levels = [
        answers[criterion.key].level
        for objective in objectives
        for criterion in objective.criteria
        if criterion.key in answers
    ]
    return min(levels, default=None)
