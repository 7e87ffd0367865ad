"""The Commission's calculator, computed apart from the addon, to 1e-9."""

import json
import random
from fractions import Fraction

from odoo.tests import TransactionCase, tagged

from odoo.addons.souverainete_achat.models.study import scoring

from ..common import ADDON, SouveraineteCase
from ..common_data import read_sample

_SOURCE = "referentials/csf_calculator_2026-06-01.json"
_SETS = 1000


def _exact(value):
    """The decimal that was printed, not the binary number next to it."""
    return Fraction(str(value))


class _Oracle:
    """The published method, in exact fractions: each objective over its nominal
    maximum, weighed, at most 100; the overall SEAL is the lowest one answered."""

    def __init__(self, calculator):
        self.nominal = calculator["nominal_max"]
        self.objectives = calculator["objectives"]

    def get_questions(self):
        return {
            f"{objective['code']}.{criterion['n']}": criterion["answers"]
            for objective in self.objectives
            for criterion in objective["criteria"]
        }

    def score(self, answers, unknown=None, cut=True):
        """`answers`: {code: answer}; `unknown` (min, max) values what is missing;
        `cut`: at 100, the most a score is worth."""
        total = Fraction(0)
        for objective in self.objectives:
            points = Fraction(0)
            for criterion in objective["criteria"]:
                code = f"{objective['code']}.{criterion['n']}"
                values = [_exact(a["value"]) for a in criterion["answers"]]
                if code in answers:
                    points += _exact(answers[code]["value"])
                elif unknown:
                    points += unknown(values)
            total += _exact(objective["weight"]) * 100 * points / self.nominal
        return float(min(total, Fraction(100)) if cut else total)

    def level(self, answers):
        return str(min(a["seal"] for a in answers.values())) if answers else None


@tagged("post_install", "-at_install")
class TestSovereigntyOracle(SouveraineteCase):
    def setUp(self):
        super().setUp()
        self.oracle = _Oracle(json.loads(read_sample(self, _SOURCE)))
        self.grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        self.objectives = self.grid._get_scoring_objectives()
        self.criteria = {c.code: c for c in self.grid.criterion_ids}

    def _check(self, answers):
        """`answers`: {code: answer of the source}."""
        chosen = {
            self.criteria[code].id: scoring.Answer(answer["value"], str(answer["seal"]))
            for code, answer in answers.items()
        }
        result = scoring.assess(self.objectives, chosen)
        expected = {
            "score": self.oracle.score(answers),
            "score_low": self.oracle.score(answers, min),
            "score_high": self.oracle.score(answers, max),
        }
        for name, value in expected.items():
            self.assertAlmostEqual(getattr(result, name), value, delta=1e-9)
        self.assertEqual(result.level_reached, self.oracle.level(answers))
        self.assertAlmostEqual(
            result.coverage, 100 * len(answers) / len(self.criteria), delta=1e-9
        )

    def test_points_weights_and_levels_are_the_sources(self):
        questions = self.oracle.get_questions()
        self.assertEqual(sorted(self.criteria), sorted(questions))
        for code, answers in questions.items():
            ladder = self.criteria[code].level_ids
            self.assertEqual(
                [(level.points, level.level) for level in ladder],
                [(answer["value"], str(answer["seal"])) for answer in answers],
                code,
            )
        weights = {o["code"]: o["weight"] * 100 for o in self.oracle.objectives}
        for objective in self.grid.objective_ids:
            self.assertAlmostEqual(
                objective.weight, weights[objective.code], delta=1e-9
            )
            self.assertEqual(objective.max_points, self.oracle.nominal)

    def test_each_answer_alone(self):
        for code, answers in self.oracle.get_questions().items():
            for answer in answers:
                with self.subTest(code=code, answer=answer["label"]):
                    self._check({code: answer})

    def test_complete_and_partial_sets(self):
        draw = random.Random(20260601)
        questions = self.oracle.get_questions()
        for number in range(_SETS):
            size = len(questions) if number % 2 else draw.randint(0, len(questions))
            codes = draw.sample(sorted(questions), size)
            self._check({code: draw.choice(questions[code]) for code in codes})

    def test_the_best_answers_are_worth_100_not_more(self):
        best = {code: a[-1] for code, a in self.oracle.get_questions().items()}
        self._check(best)
        self.assertEqual(self.oracle.score(best), 100.0)
        # The source's rounded points would give 100.0756: they are cut at 100.
        uncut = self.oracle.score(best, cut=False)
        self.assertAlmostEqual(uncut, 100.0756, delta=1e-9)

    def test_the_records_say_the_same(self):
        """The stored figures of an option, from the answers a buyer writes."""
        draw = random.Random(6519)
        questions = self.oracle.get_questions()
        file = self._new_file()
        for _number in range(3):
            option = self.env["souverainete.option"].create(
                {
                    "requisition_id": file.id,
                    "name": "Option",
                    "path": "custom",
                    "grid_id": self.grid.id,
                }
            )
            answers = {}
            for line in option.current_answer_ids:
                if draw.random() < 0.7:
                    rank = draw.randrange(len(line.criterion_id.level_ids))
                    line.level_id = line.criterion_id.level_ids[rank]
                    code = line.criterion_id.code
                    answers[code] = questions[code][rank]
            self.assertAlmostEqual(option.score, self.oracle.score(answers), delta=1e-9)
            self.assertAlmostEqual(
                option.score_high, self.oracle.score(answers, max), delta=1e-9
            )
            self.assertEqual(option.level_reached, self.oracle.level(answers))


@tagged("post_install", "-at_install")
class TestContractSentence(TransactionCase):
    """« Two criteria of weights 1 and 3: first alone 25, second alone 75, both
    100. »"""

    def test_weights_1_and_3(self):
        criteria = (scoring.Criterion(1, 0, 1), scoring.Criterion(2, 0, 3))
        grid = (scoring.Objective(1, 100, 4, criteria),)
        first, second = {1: scoring.Answer(1, "4")}, {2: scoring.Answer(3, "4")}
        for answers, expected in ((first, 25), (second, 75), (first | second, 100)):
            with self.subTest(expected=expected):
                self.assertEqual(scoring.assess(grid, answers).score, expected)


@tagged("post_install", "-at_install")
class TestCommissionGrids(SouveraineteCase):
    def test_both_are_off_by_default_and_never_mixed(self):
        grids = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06") | self.env.ref(
            f"{ADDON}.grid_eu_csf_1_2_1"
        )
        self.assertEqual([grid.active for grid in grids], [False, False])
        self.assertEqual([grid.weight_total for grid in grids], [100.0, 100.0])
        june, october = (
            {o.code: o.weight for o in grid.objective_ids} for grid in grids
        )
        self.assertEqual((june["SOV-1"], october["SOV-1"]), (20, 15))
        self.assertEqual((june["SOV-5"], october["SOV-5"]), (10, 20))

    def test_capital_and_jobs_never_enter_an_award(self):
        grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        never = grid.criterion_ids.filtered(lambda c: c.award_use == "never")
        self.assertEqual(never.mapped("code"), ["SOV-1.4", "SOV-1.5"])
        operator = grid.criterion_ids.filtered("operator_attribute")
        self.assertNotIn("free", operator.mapped("award_use"))
        self.assertIn("SOV-1.1", operator.mapped("code"))
        self.assertNotIn("SOV-2.2", operator.mapped("code"))

    def test_doubtful_labels_are_marked(self):
        grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        doubtful = grid.criterion_ids.filtered("label_doubtful")
        self.assertEqual(
            doubtful.mapped("code"), ["SOV-1.6", "SOV-8.2", "SOV-8.3", "SOV-8.4"]
        )
