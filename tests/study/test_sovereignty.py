import json
from fractions import Fraction
from random import Random

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.souverainete_achat.models.study import scoring

from ..common import ADDON, SouveraineteCase


def _objective(key, weight, ladders, max_points=None):
    """An objective whose criteria are (key, worst, best)."""
    criteria = tuple(scoring.Criterion(*ladder) for ladder in ladders)
    best = sum(criterion.best for criterion in criteria)
    return scoring.Objective(key, weight, max_points or best, criteria)


def _answers(**points):
    """{key: answer}, all at level 3."""
    return {int(key[1:]): scoring.Answer(value, "3") for key, value in points.items()}


@tagged("post_install", "-at_install")
class TestScoring(TransactionCase):
    """The arithmetic, against figures worked out by hand and exact fractions."""

    def test_weights_bear_on_the_ceiling_as_on_the_sum(self):
        grid = (_objective(1, 100, [(1, 0, 1), (2, 0, 3)]),)
        self.assertEqual(scoring.assess(grid, _answers(c1=1)).score, 25)
        self.assertEqual(scoring.assess(grid, _answers(c2=3)).score, 75)
        self.assertEqual(scoring.assess(grid, _answers(c1=1, c2=3)).score, 100)

    def test_weights_of_objectives(self):
        grid = (_objective(1, 25, [(1, 0, 4)]), _objective(2, 75, [(2, 0, 4)]))
        self.assertEqual(scoring.assess(grid, _answers(c1=4, c2=0)).score, 25)
        self.assertEqual(scoring.assess(grid, _answers(c1=0, c2=4)).score, 75)

    def test_unknown_is_an_interval_not_a_zero(self):
        grid = (_objective(1, 40, [(1, 0, 4)]), _objective(2, 60, [(2, 0, 4)]))
        result = scoring.assess(grid, _answers(c1=3))
        self.assertEqual((result.score_low, result.score_high), (30, 90))
        zero = scoring.assess(grid, _answers(c1=3, c2=0))
        self.assertEqual((zero.score_low, zero.score_high), (30, 30))
        self.assertEqual((result.coverage, zero.coverage), (50, 100))

    def test_worst_answer_may_be_worth_something(self):
        grid = (_objective(1, 100, [(1, 10, 50), (2, 20, 50)]),)
        result = scoring.assess(grid, _answers(c1=50))
        self.assertEqual((result.score_low, result.score_high), (70, 100))

    def test_points_above_the_nominal_maximum_are_capped(self):
        grid = (_objective(1, 100, [(1, 0, 501), (2, 0, 501)], max_points=1000),)
        result = scoring.assess(grid, _answers(c1=501, c2=501))
        self.assertEqual((result.score, result.score_high), (100, 100))
        self.assertEqual(result.objectives[0].points, 1002)

    def test_no_weight_gives_no_score_but_objectives(self):
        grid = (_objective(1, None, [(1, 0, 4)]),)
        result = scoring.assess(grid, _answers(c1=3))
        self.assertFalse(result.score_known)
        self.assertEqual(result.objectives[0].points, 3)
        self.assertEqual(result.coverage, 100)

    def test_weight_zero_is_a_weight(self):
        grid = (_objective(1, 0, [(1, 0, 4)]), _objective(2, 100, [(2, 0, 4)]))
        result = scoring.assess(grid, _answers(c1=4))
        self.assertTrue(result.score_known)
        self.assertEqual(result.score, 0)

    def test_nothing_answered_is_known_as_such(self):
        result = scoring.assess((_objective(1, 100, [(1, 0, 4)]),), {})
        self.assertFalse(result.score_known)
        self.assertIsNone(result.level_reached)
        self.assertEqual((result.score_low, result.score_high), (0, 100))

    def test_level_is_the_lowest_answered(self):
        grid = (_objective(1, 100, [(1, 0, 4), (2, 0, 4), (3, 0, 4)]),)
        answers = {1: scoring.Answer(4, "4"), 2: scoring.Answer(1, "1")}
        self.assertEqual(scoring.assess(grid, answers).level_reached, "1")

    def test_answers_to_another_grid_count_for_nothing(self):
        grid = (_objective(1, 100, [(1, 0, 4)]),)
        result = scoring.assess(grid, _answers(c1=4, c9=0))
        self.assertEqual((result.score, result.coverage), (100, 100))

    def test_exact_fractions_agree(self):
        random = Random(6519)
        for _case in range(300):
            grid, answers = self._random_case(random)
            result = scoring.assess(grid, answers)
            for name in ("score", "score_low", "score_high"):
                expected = self._get_exact(grid, answers, name)
                self.assertAlmostEqual(getattr(result, name), expected, delta=1e-9)

    def test_order_never_matters(self):
        random = Random(6519)
        for _case in range(100):
            grid, answers = self._random_case(random)
            shuffled = [self._shuffle(objective, random) for objective in grid]
            random.shuffle(shuffled)
            result = scoring.assess(grid, answers)
            other = scoring.assess(tuple(shuffled), answers)
            self.assertEqual(result[:-1], other[:-1])

    def test_knowing_more_never_widens_the_interval(self):
        random = Random(6519)
        for _case in range(100):
            grid, answers = self._random_case(random)
            known = dict(list(answers.items())[: len(answers) // 2])
            less, more = (scoring.assess(grid, known), scoring.assess(grid, answers))
            self.assertGreaterEqual(more.score_low, less.score_low)
            self.assertLessEqual(more.score_high, less.score_high)

    def _shuffle(self, objective, random):
        criteria = random.sample(objective.criteria, len(objective.criteria))
        return objective._replace(criteria=tuple(criteria))

    def _random_case(self, random):
        """Three objectives of up to six criteria, some of them answered."""
        grid, answers = [], {}
        for number, weight in enumerate((20.5, 30.0, 49.5)):
            ladders = [
                (number * 10 + rank, random.uniform(0, 5), random.uniform(5, 125))
                for rank in range(random.randint(1, 6))
            ]
            grid.append(_objective(number, weight, ladders))
            for key, worst, best in ladders:
                if random.random() < 0.6:
                    points = random.uniform(worst, best)
                    answers[key] = scoring.Answer(points, random.choice("01234"))
        return tuple(grid), answers

    def _get_exact(self, grid, answers, name):
        """The same figure by exact fractions, written another way."""
        total = Fraction(0)
        for objective in grid:
            for criterion in objective.criteria:
                unknown = {
                    "score": 0,
                    "score_low": criterion.worst,
                    "score_high": criterion.best,
                }[name]
                answer = answers.get(criterion.key)
                points = Fraction(answer.points if answer else unknown)
                share = points / Fraction(objective.max_points)
                total += share * Fraction(objective.weight)
        return float(min(Fraction(100), total))


class SovereigntyCase(SouveraineteCase):
    """A weighted grid of two objectives, and an option of the buyer's file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.grid = cls._new_grid("test")
        cls.first, cls.second = cls.grid.objective_ids
        cls.file = cls._new_file()
        cls.option = cls._new_option()

    @classmethod
    def _new_grid(cls, code, weights=(25, 75), **vals):
        objectives = [
            cls._prepare_objective(f"o{number}", weight)
            for number, weight in enumerate(weights)
        ]
        grid = {"code": code, "name": code, "objective_ids": objectives, **vals}
        return cls.env["souverainete.grid"].create(grid)

    @classmethod
    def _prepare_objective(cls, code, weight):
        """An objective of one criterion; without a weight where it is None."""
        criteria = cls._prepare_criteria()
        objective = {"code": code, "name": code, "criterion_ids": criteria}
        weighted = {} if weight is None else {"weight": weight}
        return Command.create(objective | weighted)

    @classmethod
    def _prepare_criteria(cls):
        ladder = [
            Command.create({"name": f"Rung {rung}", "level": str(rung), "points": rung})
            for rung in range(5)
        ]
        criterion = {"code": "c", "name": "Criterion", "level_ids": ladder}
        return [Command.create(criterion)]

    @classmethod
    def _new_option(cls, grid=None, **vals):
        option = {
            "name": "An option",
            "requisition_id": cls.file.id,
            "path": "off_the_shelf",
            "grid_id": (grid or cls.grid).id,
        }
        options = cls.env["souverainete.option"].with_user(cls.buyer)
        return options.create(option | vals)

    @classmethod
    def _new_offer(cls, **vals):
        """A bid on the buyer's file, of which the buyer is the only analyst."""
        cls.file.sudo().analyst_ids = cls.buyer
        return cls._new_option(kind="offer", partner_id=cls.vendor.id, **vals)

    def _answer(self, option, objective, level):
        """Choose the rung of the objective's only criterion."""
        answer = option.answer_ids.filtered(lambda a: a.objective_id == objective)
        rungs = answer.criterion_id.level_ids
        answer.level_id = rungs.filtered(lambda rung: rung.level == str(level))
        return answer


@tagged("post_install", "-at_install")
class TestGrid(SovereigntyCase):
    def test_shipped_grid_is_the_circulars(self):
        grid = self.env.ref("souverainete_achat.grid_doctrine_2026")
        self.assertEqual(
            grid.objective_ids.mapped("code"),
            [
                "performance",
                "sovereignty",
                "security",
                "cost",
                "availability",
                "adaptability",
                "maintenance",
                "interoperability",
                "durability",
            ],
        )
        self.assertEqual(
            grid.objective_ids[1].criterion_ids.mapped("axis"),
            ["immunity", "exit", "mastery"],
        )
        for criterion in grid.criterion_ids:
            self.assertEqual(criterion.level_ids.mapped("level"), list("01234"))
        self.assertFalse(grid.is_weighted, "the circular sets no weights")

    def test_maximum_follows_the_best_answers_or_the_source(self):
        self.assertEqual(self.first.max_points, 4)
        self.first.criterion_ids.level_ids[-1].points = 6
        self.assertEqual(self.first.max_points, 6)
        self.first.max_points = 1000
        self.first.criterion_ids.level_ids[-1].points = 7
        self.assertEqual(self.first.max_points, 1000)
        self.first.max_points = 0
        self.assertEqual(self.first.max_points, 7)

    def test_weights_in_use_add_up_to_100(self):
        with self.assertRaisesRegex(ValidationError, "100"):
            self.first.weight = 50
            self.env.flush_all()

    def test_weights_in_use_are_exchanged_in_one_save(self):
        self._answer(self.option, self.first, 4)
        commands = [
            Command.update(self.first.id, {"weight": 60}),
            Command.update(self.second.id, {"weight": 40}),
        ]
        self.grid.with_user(self.referent).write({"objective_ids": commands})
        self.env.flush_all()
        self.assertEqual(self.option.score, 60)

    def test_weights_being_set_can_wait_while_unused(self):
        grid = self._new_grid("draft", (25, None))
        self.assertEqual(grid.weight_total, 25)
        with self.assertRaisesRegex(ValidationError, "100"):
            self._new_option(grid)

    def test_no_weight_is_not_a_weight_of_zero(self):
        grid = self._new_grid("mixed", (100, None, 0))
        self.assertEqual(grid.objective_ids.mapped("weight_known"), [True, False, True])

    def test_points_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.first.criterion_ids.level_ids[0].points = -1
            self.env.flush_all()

    def test_codes_are_unique_in_their_grid(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.second.code = self.first.code
            self.env.flush_all()

    def test_who_makes_the_offer_never_ranks_it_freely(self):
        criterion = self.first.criterion_ids
        with self.assertRaisesRegex(ValidationError, "operator"):
            criterion.operator_attribute = True
        criterion.write({"operator_attribute": True, "award_use": "justified"})
        with self.assertRaisesRegex(ValidationError, "operator"):
            criterion.award_use = "free"

    def test_duplicate_is_a_new_version_to_work_on(self):
        self.grid._freeze("2026-11-23")
        versions = self.grid.with_user(self.referent).copy()
        versions |= self.grid.with_user(self.referent).copy()
        self.assertEqual(versions.mapped("code"), ["test_v2", "test_v3"])
        self.assertFalse(versions[0].frozen_on)
        self.assertEqual(versions[0].objective_ids.mapped("weight"), [25, 75])
        versions[0].criterion_ids.level_ids[-1].points = 5
        self.assertEqual(versions[0].criterion_ids.level_ids[-1].points, 5)

    def test_frozen_grid_cannot_change(self):
        self.grid._freeze("2026-11-23")
        self.option.unlink()
        for user in (self.referent, self.env.user):
            grid = self.grid.with_user(user)
            objective = grid.objective_ids[0]
            criterion = objective.criterion_ids
            for part, name in (
                (grid, "name"),
                (objective, "weight"),
                (criterion, "name"),
                (criterion.level_ids[0], "points"),
            ):
                with self.assertRaisesRegex(UserError, "can no longer"):
                    part.write({name: part[name]})
                with self.assertRaisesRegex(UserError, "can no longer"):
                    part.unlink()
                if part._fields[name].translate:
                    with self.assertRaisesRegex(UserError, "can no longer"):
                        part.update_field_translations(name, {"en_US": "Other"})

    def test_frozen_grid_cannot_receive_parts(self):
        self.grid._freeze("2026-11-23")
        other = self._new_grid("other")
        with self.assertRaisesRegex(UserError, "can no longer"):
            self.first.copy({"code": "more"})
        with self.assertRaisesRegex(UserError, "can no longer"):
            other.objective_ids[0].write({"grid_id": self.grid.id, "code": "moved"})

    def test_frozen_grid_can_be_retired(self):
        self.grid._freeze("2026-11-23")
        self.grid.with_user(self.referent).active = False
        self.assertFalse(self.grid.active)
        self.assertTrue(self.grid.frozen_on)

    def test_freezing_is_the_launchs_business(self):
        with self.assertRaises(AccessError):
            self.grid.with_user(self.referent).frozen_on = "2026-11-23"

    def test_referent_keeps_grids_and_buyer_reads_them(self):
        self.grid.with_user(self.referent).name = "Ours"
        self.assertEqual(self.grid.with_user(self.buyer).name, "Ours")
        with self.assertRaises(AccessError):
            self.grid.with_user(self.buyer).name = "Mine"
        with self.assertRaises(AccessError):
            self.first.with_user(self.officer).weight = 30

    def test_grid_of_another_ministry_is_not_used(self):
        company = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        grid = self._new_grid("theirs", company_id=company.id)
        self.assertFalse(
            self.env["souverainete.grid"]
            .with_user(self.buyer)
            .search([("id", "=", grid.id)])
        )
        with self.assertRaisesRegex(ValidationError, "Another ministry"):
            self.option.sudo().grid_id = grid


@tagged("post_install", "-at_install")
class TestAnswer(SovereigntyCase):
    def test_option_takes_the_grid_of_its_need(self):
        values = {"name": "x", "path": "custom", "requisition_id": self.file.id}
        option = self.env["souverainete.option"].create(values)
        self.assertEqual(option.grid_id.code, "doctrine_2026")
        answers = option.answer_ids
        self.assertEqual(answers.criterion_id, option.grid_id.criterion_ids)
        # Of which the three questions are asked at this value.
        asked = set(option.current_answer_ids.criterion_id.mapped("axis"))
        self.assertEqual(asked, {"immunity", "exit", "mastery"})
        self.assertEqual(set(answers.mapped("state")), {"not_assessed"})

    def test_unknown_is_not_zero(self):
        self.assertFalse(self.option.score_known)
        self.assertEqual(self.option.score_interval, "Not assessed")
        self._answer(self.option, self.first, 0)
        self.assertTrue(self.option.score_known)
        self.assertEqual(self.option.score_interval, "0 – 75")
        self.assertEqual(self.option.coverage, 50)

    def test_stored_score(self):
        self._answer(self.option, self.first, 4)
        self.assertEqual(self.option.score, 25)
        self.assertEqual((self.option.score_low, self.option.score_high), (25, 100))
        self._answer(self.option, self.second, 4)
        self.assertEqual(self.option.score, 100)
        self.assertEqual(self.option.level_reached, "4")
        self._answer(self.option, self.first, 0)
        self.assertEqual(self.option.level_reached, "0")
        self.assertEqual(self.option.score_interval, "75")

    def test_no_weights_no_score(self):
        option = self._new_option(self._new_grid("neutral", (None, None)))
        self._answer(option, option.grid_id.objective_ids[0], 3)
        self.assertFalse(option.score_known)
        self.assertEqual(option.score_interval, "No weights set")
        self.assertEqual(option.level_reached, "3")
        self.assertIn("3", option.objective_results)
        self.assertIn("No weight", option.objective_results)

    def test_points_moved_by_the_referent_move_the_score(self):
        self._answer(self.option, self.first, 2)
        self.assertEqual(self.option.score, 12.5)
        self.first.criterion_ids.level_ids[2].points = 4
        self.assertEqual(self.option.score, 25)

    def test_rung_of_another_criterion_is_refused(self):
        answer = self.option.answer_ids[0]
        with self.assertRaisesRegex(ValidationError, "own criterion"):
            answer.level_id = self.second.criterion_ids.level_ids[4]

    def test_answer_stays_with_its_criterion(self):
        answer = self.option.answer_ids[0]
        with self.assertRaisesRegex(UserError, "stays with"):
            answer.criterion_id = self.option.answer_ids[1].criterion_id

    def test_one_answer_a_criterion(self):
        values = self.option.answer_ids[0].copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["souverainete.answer"].create(values)

    def test_answering_dates_the_answer(self):
        with freeze_time("2026-03-31 22:30:00"):
            answer = self._answer(self.option, self.first, 4)
            self.assertEqual(str(answer.date), "2026-04-01", "the day in Paris")
            with self.assertRaisesRegex(ValidationError, "future"):
                answer.date = "2026-04-02"
        answer.level_id = False
        self.assertFalse(answer.date)

    def test_score_cannot_be_written(self):
        for user in (self.buyer, self.purchase_manager, self.env.user):
            option = self.option.with_user(user)
            for vals in ({"score": 100}, {"level_reached": "4"}, {"coverage": 100}):
                with self.assertRaises(AccessError):
                    option.write(vals)
                with self.assertRaises(AccessError):
                    option.sudo().write(vals)
                with self.assertRaises(AccessError):
                    self._new_option(**vals)
        Option = self.env["souverainete.option"].with_context(default_score=100)
        values = {"name": "Forged", "path": "custom", "requisition_id": self.file.id}
        self.assertEqual(Option.create(values).score, 0)

    def test_score_cannot_be_written_through_the_file(self):
        command = Command.update(self.option.id, {"score": 100})
        with self.assertRaises(AccessError):
            self.file.write({"option_ids": [command]})

    def test_score_is_derived_again_from_the_answers(self):
        with self.assertRaisesRegex(ValidationError, "follows from its answers"):
            self.option._write_server({"score": 100})
        with self.assertRaisesRegex(ValidationError, "follows from its answers"):
            self.option._write_server({"score_known": True})

    def test_place_of_an_answer_cannot_be_written(self):
        answer = self.option.answer_ids[0]
        for vals in ({"is_current": False}, {"state": "assessed"}, {"company_id": 1}):
            with self.assertRaises(AccessError):
                answer.sudo().write(vals)

    def test_another_grid_keeps_what_was_recorded(self):
        kept = self._answer(self.option, self.first, 4)
        grid = self._new_grid("next")
        self.option.grid_id = grid
        self.assertEqual(self.option.answer_ids - self.option.current_answer_ids, kept)
        self.assertEqual(self.option.current_answer_ids.grid_id, grid)
        self.assertFalse(self.option.level_reached)
        self.option.grid_id = self.grid
        self.assertEqual(self.option.score, 25)

    def test_options_not_assessed_follow_the_file(self):
        assessed = self._new_option()
        self._answer(assessed, self.first, 4)
        grid = self._new_grid("next")
        self.file.grid_id = grid
        self.assertEqual(self.option.grid_id, grid)
        self.assertEqual(assessed.grid_id, self.grid)

    def test_criterion_added_later_is_prepared_on_demand(self):
        criterion = Command.create({"code": "d", "name": "D"})
        self.first.criterion_ids = [criterion]
        self.assertEqual(self.option.unassessed_count, 3)
        self.option.action_prepare_answers()
        self.assertEqual(len(self.option.current_answer_ids), 3)

    def test_offers_are_for_analysts_until_award(self):
        offer = self._new_offer()
        answer = self._answer(offer, self.first, 4)
        for user in (self.purchase_manager, self.officer, self.ambassador, self.dae):
            with self.assertRaises(AccessError):
                answer.with_user(user).read(["level_id"])
        self.assertTrue(answer.with_user(self.buyer).read(["level_id"]))

    def test_studied_options_are_read_by_the_house(self):
        answer = self.option.answer_ids[0]
        for user in (self.officer, self.ambassador, self.dae):
            self.assertTrue(answer.with_user(user).read(["level_id"]))
        for user in (self.ambassador, self.dae, self.dinum, self.referent):
            with self.assertRaises(AccessError):
                answer.with_user(user).write({"source": "Me"})

    def test_dinum_reads_what_was_submitted_to_it(self):
        with self.assertRaises(AccessError):
            self.option.answer_ids[0].with_user(self.dinum).read(["level_id"])

    def test_judged_offer_keeps_its_answers(self):
        offer = self._new_offer(verdict="retained", reason="Best ranked")
        answer = self._answer(offer, self.first, 2)
        offer.sudo()._write_server({"awarded": True})
        with self.assertRaisesRegex(UserError, "stay as they were judged"):
            self._answer(offer, self.first, 4)
        with self.assertRaisesRegex(UserError, "stay as they were judged"):
            answer.unlink()
        with self.assertRaisesRegex(UserError, "stay as they were judged"):
            offer.grid_id = False


@tagged("post_install", "-at_install")
class TestSovereigntyOfFile(SovereigntyCase):
    def _messages(self, code):
        findings = self.file._findings("launch")
        return [finding for finding in findings if finding.rule.code == code]

    def test_statement_is_asked_before_launch(self):
        self.file.sovereignty_statement = "  \n"
        (finding,) = self._messages("sovereignty_statement")
        self.assertTrue(finding.blocking)
        self.assertIn("not stated", finding.message)
        self.file.sovereignty_statement = "Two of the three options can be left."
        self.assertFalse(self._messages("sovereignty_statement"))

    def test_out_of_scope_purchase_gets_no_grid(self):
        self.assertFalse(self._new_file(self.chair).grid_id)

    def test_criteria_not_assessed_are_counted_never_block(self):
        self._answer(self.option, self.first, 4)
        (finding,) = self._messages("sovereignty_coverage")
        self.assertIn("1 of 2", finding.message)
        self.assertFalse(finding.blocking)
        self._answer(self.option, self.second, 4)
        self.assertFalse(self._messages("sovereignty_coverage"))

    def test_aged_answers_are_pointed_out_and_score_stays(self):
        with freeze_time("2026-01-15 12:00:00"):
            self._answer(self.option, self.first, 4)
            self.env.flush_all()
        with freeze_time("2027-01-15 12:00:00"):
            self.assertFalse(self._messages("answers_aged"))
        with freeze_time("2027-01-16 12:00:00"):
            (finding,) = self._messages("answers_aged")
            self.assertFalse(finding.blocking)
            self.grid.validity_months = 24
            self.assertFalse(self._messages("answers_aged"))
            self.assertEqual(self.option.score, 25)

    def test_findings_of_many_files_cost_those_of_one(self):
        files = self.file
        for number in range(20):
            files |= self._new_file(name=f"File {number}")
        self.env["souverainete.option"].create(
            [
                {"name": "An option", "path": "custom", "requisition_id": file.id}
                for file in files
            ]
        )
        codes = ("sovereignty_statement", "sovereignty_coverage", "answers_aged")
        rules = [self.env.ref(f"{ADDON}.rule_{code}") for code in codes]
        costs = []
        files = files.sudo()
        for checked in (files, files[:1], files):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for file in checked:
                for rule in rules:
                    rule._get_missing(file.sudo(), file.option_ids.browse())
            costs.append(self.env.cr.sql_log_count - before)
        self.assertEqual(costs[1], costs[2])

    def test_launch_content_can_be_hashed(self):
        self._answer(self.option, self.first, 4)
        content = self.file.sudo()._get_launch_content()["sovereignty"]
        self.assertEqual(json.loads(json.dumps(content)), content)
        answers = content["answers"][str(self.option.id)]["criteria"]
        self.assertEqual(answers["o0/c"]["points"], 4)
        self.assertNotIn("o1/c", answers, "not assessed is not zero")

    def test_launch_freezes_grid_answers_and_statement(self):
        self.file.sovereignty_statement = "Exit was tried."
        self._answer(self.option, self.first, 4)
        self.file._record_launch()
        self.assertTrue(self.grid.frozen_on)
        self.assertTrue(self.file.grid_id.frozen_on)
        with self.assertRaisesRegex(ValidationError, "frozen"):
            self.file.sovereignty_statement = "Exit was not tried."
        with self.assertRaisesRegex(ValidationError, "frozen"):
            self._answer(self.option, self.first, 2)
        with self.assertRaisesRegex(ValidationError, "frozen"):
            self.option.grid_id = False

    def test_offers_are_assessed_after_launch(self):
        self.file._record_launch()
        offer = self._new_offer()
        self._answer(offer, self.first, 4)
        self.assertEqual(offer.score, 25)
