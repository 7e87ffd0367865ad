"""What holds of a score whatever the grid and the answers, on generated cases.

A score counts the answers given, so what is unknown adds nothing to it: it never
exceeds the bounds of its interval, and meets both once all is known.
"""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.souverainete_achat.models.study import robustness, scoring

from ..common import SouveraineteCase

# Rounding of binary fractions, on figures out of 100.
ROUNDING = 1e-9

# The same cases at each run, and nothing kept on disk.
_PROFILE = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}
pure = settings(max_examples=250, **_PROFILE)
with_records = settings(max_examples=25, **_PROFILE)


def _ladder(*rungs):
    return [scoring.Answer(worth, level) for worth, level in rungs]


# From worst to best, neither points nor level ever go down: the doctrine's, some of
# the Commission's, and what a ministry may come to write.
LADDERS = [
    _ladder((0, "0"), (25, "1"), (50, "2"), (75, "3"), (100, "4")),
    _ladder((0, "1"), (41.67, "1"), (83.34, "3"), (125.01, "4")),
    _ladder((0, "0"), (166.67, "4")),
    _ladder((10, "0"), (10, "2"), (10.01, "2"), (333.33, "3")),
    _ladder((7, "2"), (8, "2"), (9, "2")),
    _ladder((0, "0"), (0, "4")),
    _ladder((0.1, "1"), (0.2, "1"), (0.3, "4")),
    _ladder(
        (5, "4"),
    ),
]
WEIGHTS = [
    (100, 0, 0),
    (20, 30, 50),
    (33.3333, 33.3333, 33.3334),
    (0.1, 0.2, 99.7),
    (11.111111, 0, 88.888889),
    (None, None, None),
]
# For each criterion: how many links are answered, and whether all of them are.
CHAINS = [(0, False), (1, True), (2, True), (1, False), (2, False)]

grids = st.lists(
    st.lists(st.sampled_from(LADDERS), min_size=1, max_size=4), min_size=1, max_size=3
)


@st.composite
def cases(draw):
    """(grid, answers, ladders by criterion); weights add up to 100, or are not set."""
    asked = draw(grids)
    weights = draw(st.sampled_from(WEIGHTS))
    nominal = draw(st.sampled_from([1, 0.99, 1.2]))
    grid, by_key, answers = [], {}, {}
    for number, rungs_list in enumerate(asked):
        keys = range(10 * number, 10 * number + len(rungs_list))
        by_key.update(zip(keys, rungs_list, strict=True))
        criteria = tuple(
            scoring.Criterion(key, by_key[key][0].points, by_key[key][-1].points)
            for key in keys
        )
        best = sum(criterion.best for criterion in criteria)
        weight = weights[number]
        grid.append(scoring.Objective(number, weight, nominal * best, criteria))
    for key, rungs in by_key.items():
        links, settled = draw(st.sampled_from(CHAINS))
        chain = [draw(st.sampled_from(rungs)) for _link in range(links)]
        if chain:
            answers[key] = scoring.get_weakest(chain, settled)
    return tuple(grid), answers, by_key


def _figures(result):
    """What must not get worse when an answer gets better."""
    return result.score, result.score_low, result.score_high


class _Checks:
    def _assert_not_above(self, lower, higher):
        for low, high in zip(lower, higher, strict=True):
            self.assertLessEqual(low, high + ROUNDING)

    def _assert_same(self, one, other):
        for name in ("score", "score_low", "score_high", "coverage"):
            self.assertAlmostEqual(
                getattr(one, name), getattr(other, name), delta=ROUNDING
            )
        for name in ("score_known", "unassessed_count", "level_reached"):
            self.assertEqual(getattr(one, name), getattr(other, name))


@tagged("post_install", "-at_install")
class TestScoreProperties(_Checks, TransactionCase):
    @pure
    @given(cases())
    def test_bounds(self, case):
        grid, answers, _ladders = case
        result = scoring.assess(grid, answers)
        self._assert_not_above([0], [result.score])
        self._assert_not_above(
            [result.score, result.score_low, result.score_high],
            [result.score_low, result.score_high, 100],
        )
        self.assertTrue(0 <= result.coverage <= 100)

    @pure
    @given(cases())
    def test_a_score_is_known_where_weights_and_an_answer_are(self, case):
        grid, answers, _ladders = case
        weighted = any(o.weight is not None for o in grid)
        known = scoring.assess(grid, answers).score_known
        self.assertEqual(known, weighted and bool(answers))

    @pure
    @given(cases())
    def test_all_known_leaves_no_interval(self, case):
        grid, answers, by_key = case
        full = {key: answers.get(key, rungs[0]) for key, rungs in by_key.items()}
        full = {key: a._replace(settled=True) for key, a in full.items()}
        result = scoring.assess(grid, full)
        self.assertEqual(result.coverage, 100)
        self.assertEqual(result.unassessed_count, 0)
        self.assertEqual(result.score, result.score_low)
        self.assertEqual(result.score, result.score_high)

    @pure
    @given(cases(), st.data())
    def test_knowing_more_never_widens_the_interval(self, case, data):
        grid, answers, by_key = case
        unknown = [k for k in by_key if k not in answers or not answers[k].settled]
        assume(unknown)
        key = data.draw(st.sampled_from(unknown))
        found = data.draw(st.sampled_from(by_key[key]))
        if key in answers:
            # One more link of a chain already known in part.
            found = scoring.get_weakest([answers[key]._replace(settled=True), found])
        less = scoring.assess(grid, answers)
        more = scoring.assess(grid, answers | {key: found})
        self._assert_not_above([less.score_low], [more.score_low])
        self._assert_not_above([more.score_high], [less.score_high])
        self.assertGreater(more.coverage, less.coverage)
        self.assertLessEqual(more.level_reached, less.level_reached or "4")

    @pure
    @given(cases(), st.data())
    def test_a_better_answer_never_lowers_anything(self, case, data):
        grid, answers, by_key = case
        assume(answers)
        key = data.draw(st.sampled_from(sorted(answers)))
        better = data.draw(
            st.sampled_from(
                [
                    rung
                    for rung in by_key[key]
                    if rung.points >= answers[key].points
                    and rung.level >= answers[key].level
                ]
            )
        )
        before = scoring.assess(grid, answers)
        better = better._replace(settled=answers[key].settled)
        after = scoring.assess(grid, answers | {key: better})
        self._assert_not_above(_figures(before), _figures(after))
        self.assertLessEqual(before.level_reached, after.level_reached)
        self.assertEqual(before.coverage, after.coverage)

    @pure
    @given(cases(), st.data())
    def test_a_link_added_never_raises_anything(self, case, data):
        grid, answers, by_key = case
        assume(answers)
        key = data.draw(st.sampled_from(sorted(answers)))
        link = data.draw(st.none() | st.sampled_from(by_key[key]))
        longer = (
            scoring.get_weakest([answers[key]], settled=False)
            if link is None
            else scoring.get_weakest([answers[key], link])
        )
        before = scoring.assess(grid, answers)
        after = scoring.assess(grid, answers | {key: longer})
        self._assert_not_above(_figures(after), _figures(before))
        self.assertLessEqual(after.coverage, before.coverage)
        self.assertLessEqual(after.level_reached, before.level_reached)

    @pure
    @given(cases(), st.data())
    def test_order_never_matters(self, case, data):
        grid, answers, _ladders = case
        shuffled = [
            o._replace(criteria=tuple(data.draw(st.permutations(o.criteria))))
            for o in data.draw(st.permutations(grid))
        ]
        mixed = dict(data.draw(st.permutations(sorted(answers.items()))))
        one, other = scoring.assess(grid, answers), scoring.assess(shuffled, mixed)
        self.assertEqual(one[:-1], other[:-1], "to the last digit")

    @pure
    @given(cases(), st.sampled_from([0.25, 3, 10, 1000]))
    def test_only_proportions_of_points_matter(self, case, scale):
        grid, answers, _ladders = case
        scaled = tuple(
            o._replace(
                max_points=scale * o.max_points,
                criteria=tuple(
                    c._replace(worst=scale * c.worst, best=scale * c.best)
                    for c in o.criteria
                ),
            )
            for o in grid
        )
        points = {k: a._replace(points=scale * a.points) for k, a in answers.items()}
        self._assert_same(scoring.assess(grid, answers), scoring.assess(scaled, points))

    @pure
    @given(cases(), st.sampled_from([0.5, 0.01]))
    def test_only_proportions_of_weights_matter(self, case, scale):
        """A score is in proportion to the weights: which ranks first never changes."""
        grid, answers, _ladders = case
        assume(grid[0].weight is not None)
        scaled = tuple(o._replace(weight=scale * o.weight) for o in grid)
        one, other = scoring.assess(grid, answers), scoring.assess(scaled, answers)
        assume(one.score_high < 100)
        for mine, others in zip(_figures(one), _figures(other), strict=True):
            self.assertAlmostEqual(mine, others / scale, delta=1e-7)

    @pure
    @given(cases())
    def test_the_level_reached_is_the_lowest_answered(self, case):
        grid, answers, _ladders = case
        result = scoring.assess(grid, answers)
        if not answers:
            self.assertIsNone(result.level_reached)
            return
        self.assertIn(result.level_reached, [a.level for a in answers.values()])
        for answer in answers.values():
            self.assertLessEqual(result.level_reached, answer.level)

    @pure
    @given(cases(), st.integers(0, 9))
    def test_coverage_follows_what_is_settled_only(self, case, number):
        grid, answers, _ladders = case
        fewer = dict(sorted(answers.items())[:number])
        less, more = scoring.assess(grid, fewer), scoring.assess(grid, answers)
        self.assertLessEqual(less.coverage, more.coverage)
        self.assertEqual(
            more.unassessed_count,
            sum(len(o.criteria) for o in grid)
            - sum(answer.settled for answer in answers.values()),
        )

    @pure
    @given(
        st.lists(st.integers(1, 50), min_size=2, max_size=5),
        st.sampled_from([2, 4, 8]),
        st.data(),
    )
    def test_the_leader_never_depends_on_the_scale_of_weights(self, parts, scale, data):
        values = st.tuples(*[st.integers(0, 8).map(lambda n: n / 8)] * len(parts))
        offers = data.draw(st.lists(values, min_size=1, max_size=4))
        one = robustness.rank(parts, offers)
        other = robustness.rank([scale * part for part in parts], offers)
        self.assertEqual(robustness.get_leaders(one), robustness.get_leaders(other))


@tagged("post_install", "-at_install")
class TestRecordProperties(_Checks, SouveraineteCase):
    """The same, through the records a buyer writes: two objectives of two criteria, the
    last one asked link by link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ladder = [
            Command.create({"name": f"Rung {n}", "level": str(n), "points": 25 * n})
            for n in range(5)
        ]
        cls.grid = cls.env["souverainete.grid"].create(
            {
                "code": "properties",
                "name": "Properties",
                "objective_ids": [
                    Command.create(
                        {
                            "code": code,
                            "name": code,
                            "weight": weight,
                            "criterion_ids": [
                                Command.create(
                                    {
                                        "code": f"{code}{n}",
                                        "name": f"{code}{n}",
                                        "per_link": code == "b" and n == 1,
                                        "level_ids": ladder,
                                    }
                                )
                                for n in range(2)
                            ],
                        }
                    )
                    for code, weight in (("a", 40), ("b", 60))
                ],
            }
        )
        cls.file = cls._new_file(grid_id=cls.grid.id)
        cls.option = (
            cls.env["souverainete.option"]
            .with_user(cls.buyer)
            .create(
                {
                    "name": "Option",
                    "requisition_id": cls.file.id,
                    "path": "off_the_shelf",
                    "component_ids": [
                        Command.create({"role": role, "hosting": "none"})
                        for role in ("publisher", "host")
                    ],
                }
            )
        )
        cls.lines = cls.option.current_answer_ids

    def _write(self, rungs, order):
        """Answer the lines in this order; None leaves one not assessed."""
        self.lines.level_id = False
        for index in order:
            line, rung = self.lines[index], rungs[index]
            line.level_id = rung is not None and line.criterion_id.level_ids[rung]
        option = self.option
        return (option.score, option.score_low, option.score_high, option.coverage)

    @with_records
    @given(
        st.lists(st.none() | st.integers(0, 4), min_size=5, max_size=5),
        st.permutations(range(5)),
        st.integers(0, 4),
    )
    def test_bounds_order_and_better_answers(self, rungs, order, index):
        score, low, high, coverage = self._write(rungs, range(5))
        self.assertEqual(len(self.lines), 5)
        self._assert_not_above([0, score, low, high], [score, low, high, 100])
        self.assertEqual(self._write(rungs, order), (score, low, high, coverage))
        known = [rung for rung in rungs if rung is not None]
        reached = str(min(known)) if known else False
        self.assertEqual(self.option.level_reached, reached)
        if rungs[index] is None:
            return
        better = [*rungs[:index], 4, *rungs[index + 1 :]]
        raised = self._write(better, range(5))
        self._assert_not_above((score, low, high, coverage), raised)
        unknown = [*rungs[:index], None, *rungs[index + 1 :]]
        _score, wider_low, wider_high, less = self._write(unknown, range(5))
        self._assert_not_above([wider_low, high, less], [low, wider_high, coverage])
