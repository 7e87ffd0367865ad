"""Answers link by link: an option is worth what its weakest link is."""

from fractions import Fraction
from random import Random

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.souverainete_achat.models.study import scoring

from ..common import ADDON
from .test_sovereignty import SovereigntyCase


class ChainCase(SovereigntyCase):
    """Weights 25 and 75; the second objective is asked link by link, of 0 to 4."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.criterion = cls.second.criterion_ids
        cls.criterion.per_link = True

    def _link(self, role, option=None, user=None):
        option = option or self.option
        return (
            self.env["souverainete.component"]
            .with_user(user or self.buyer)
            .create({"option_id": option.id, "role": role, "hosting": "none"})
        )

    def _answer_link(self, link, level):
        [answer] = link.answer_ids
        rungs = answer.criterion_id.level_ids
        answer.level_id = rungs.filtered(lambda rung: rung.level == str(level))
        return answer

    def _figures(self, option=None):
        option = option or self.option
        return (
            option.score,
            option.score_low,
            option.score_high,
            option.coverage,
            option.level_reached,
        )


@tagged("post_install", "-at_install")
class TestWeakestLink(ChainCase):
    def test_without_component_the_option_is_answered_as_a_whole(self):
        self.assertFalse(self.option.has_link_answers)
        self._answer(self.option, self.second, 4)
        self.assertEqual(self._figures(), (75, 75, 100, 50, "4"))

    def test_each_component_has_its_line_and_the_blank_one_gives_way(self):
        publisher, host = self._link("publisher"), self._link("host")
        lines = self.option.current_answer_ids.filtered(
            lambda a: a.criterion_id == self.criterion
        )
        self.assertEqual(lines.component_id, publisher | host)
        self.assertEqual(len(lines), 2)
        self.assertFalse(self.option.has_missing_answers)
        (publisher | host).unlink()
        lines = self.option.current_answer_ids.filtered(
            lambda a: a.criterion_id == self.criterion
        )
        self.assertEqual(len(lines), 1)
        self.assertFalse(lines.component_id, "asked of the whole again")

    def test_components_created_with_the_option_are_asked_too(self):
        option = self._new_option(
            component_ids=[
                Command.create({"role": role}) for role in ("publisher", "host")
            ]
        )
        self.assertEqual(len(option.current_answer_ids), 3)
        self.assertEqual(option.current_answer_ids.component_id, option.component_ids)

    def test_the_weakest_counts(self):
        publisher, host = self._link("publisher"), self._link("host")
        self._answer_link(publisher, 4)
        self._answer_link(host, 1)
        self.assertEqual(self._figures(), (18.75, 18.75, 43.75, 50, "1"))
        self._answer_link(host, 3)
        self.assertEqual(self._figures(), (56.25, 56.25, 81.25, 50, "3"))

    def test_a_link_without_answer_is_not_assessed_and_the_known_ones_bound_it(self):
        publisher, _host = self._link("publisher"), self._link("host")
        self._answer_link(publisher, 2)
        # At worst rung 0, at best rung 2: 37.5, with the 25 of the other objective.
        self.assertEqual(self._figures(), (0, 0, 62.5, 0, "2"))
        self.assertEqual(self.option.unassessed_count, 2)
        self.assertEqual(self.option.score_interval, "0 – 62.5")

    def test_a_link_added_never_raises(self):
        publisher = self._link("publisher")
        self._answer(self.option, self.first, 4)
        self._answer_link(publisher, 2)
        before = self._figures()
        host = self._link("host")
        for level in (None, 4, 3, 0):
            if level is not None:
                self._answer_link(host, level)
            with self.subTest(level=level):
                for now, then in zip(self._figures(), before, strict=True):
                    self.assertLessEqual(now, then)

    def test_what_was_said_of_the_whole_still_counts(self):
        self._answer(self.option, self.second, 2)
        self._answer_link(self._link("host"), 4)
        self.assertEqual(self._figures(), (37.5, 37.5, 62.5, 50, "2"))

    def test_a_component_taken_out_takes_its_answer_with_it(self):
        publisher, host = self._link("publisher"), self._link("host")
        self._answer_link(publisher, 4)
        answer = self._answer_link(host, 0)
        host.unlink()
        self.assertFalse(answer.exists())
        self.assertEqual(self.option.score, 75)
        self.option.with_user(self.buyer).component_ids = [Command.clear()]
        self.assertFalse(self.option.level_reached)

    def test_asking_of_the_whole_again_forgets_the_links(self):
        self._answer_link(self._link("host"), 4)
        self.criterion.per_link = False
        self.assertEqual(self.option.score, 0)
        self.assertTrue(self.option.has_missing_answers)
        self.option.action_prepare_answers()
        self._answer(self.option, self.second, 2)
        self.assertEqual(self.option.score, 37.5)

    def test_asking_link_by_link_later_asks_the_components_already_there(self):
        self.criterion.per_link = False
        host = self._link("host")
        self._answer(self.option, self.second, 4)
        self.assertEqual(self.option.score, 75)
        self.criterion.per_link = True
        self.assertEqual(self.option.score, 0, "no link is assessed")
        self.assertTrue(self.option.has_missing_answers)
        self.option.action_prepare_answers()
        self._answer_link(host, 3)
        self.assertEqual(self.option.score, 56.25)

    def test_another_grid_asks_the_same_links(self):
        host = self._link("host")
        grid = self._new_grid("next")
        grid.objective_ids[1].criterion_ids.per_link = True
        self.option.grid_id = grid
        self.assertEqual(len(self.option.answer_ids), 2)
        self.assertEqual(self.option.answer_ids.component_id, host)

    def test_a_copy_and_a_new_version_ask_link_by_link(self):
        grid = self.grid.copy({"code": "copy"})
        self.assertEqual(
            grid.criterion_ids.mapped("per_link"),
            self.grid.criterion_ids.mapped("per_link"),
        )

    def test_the_workbook_says_which_are_asked_link_by_link(self):
        doctrine = self.env.ref(f"{ADDON}.grid_doctrine_2026")
        linked = doctrine.criterion_ids.filtered("per_link")
        self.assertEqual(
            linked.mapped("code"), ["sovereignty.immunity", "sovereignty.mastery"]
        )
        self.assertTrue(all(linked.mapped("per_link_reason")))
        back = self.env["souverainete.grid"]._create_from_workbook(
            doctrine._get_workbook(), "back", "Back"
        )
        for name in ("per_link", "per_link_reason"):
            self.assertEqual(
                [criterion[name] or "" for criterion in back.criterion_ids],
                [criterion[name] or "" for criterion in doctrine.criterion_ids],
            )

    def test_the_calculation_shows_the_links(self):
        publisher, host = self._link("publisher"), self._link("host")
        self._answer_link(publisher, 2)
        whole, *links = self.option._get_calculation(self.second)
        self.assertIn("without an answer: 1 of 2;", whole["answer"])
        self.assertEqual(whole["points"], "")
        self.assertEqual([line["points"] for line in links], ["2", ""])
        self._answer_link(host, 1)
        whole, *_links = self.option._get_calculation(self.second)
        self.assertEqual((whole["points"], whole["level"]), ("1", "1"))

    def test_launch_freezes_the_answer_of_each_link(self):
        host = self._link("host")
        self._answer_link(host, 3)
        content = self.option.sudo()._get_launch_answers()["criteria"]
        self.assertEqual(content[f"o1/c/{host.id}"]["points"], 3)
        self.file._record_launch()
        with self.assertRaisesRegex(ValidationError, "frozen"):
            self._answer_link(host, 4)
        with self.assertRaisesRegex(ValidationError, "frozen"):
            host.unlink()


@tagged("post_install", "-at_install")
class TestChainBypass(ChainCase):
    """What a client may try so that a weak link does not count."""

    def setUp(self):
        super().setUp()
        self.publisher, self.host = self._link("publisher"), self._link("host")
        self._answer_link(self.publisher, 4)

    def test_a_line_taken_away_hides_nothing(self):
        with self.assertRaisesRegex(UserError, "asked about"):
            self.host.answer_ids.unlink()
        with self.assertRaisesRegex(UserError, "asked about"):
            self.host.answer_ids.sudo().unlink()
        self.assertEqual(self.option.score, 0)

    def test_an_answer_is_not_moved_to_another_link(self):
        answer = self.publisher.answer_ids
        for vals in ({"component_id": self.host.id}, {"component_id": False}):
            with self.assertRaisesRegex(UserError, "stays with"):
                answer.write(vals)
        whole = self.option.answer_ids.filtered(lambda a: not a.component_id)
        with self.assertRaisesRegex(UserError, "stays with"):
            (whole | answer).write({"component_id": self.publisher.id})

    def test_one_answer_a_link(self):
        vals = {"option_id": self.option.id, "criterion_id": self.criterion.id}
        for link in (self.host.id, False):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env["souverainete.answer"].create(
                    [{**vals, "component_id": link}] * 2
                )

    def test_a_link_of_another_option_is_refused(self):
        other = self._link("host", option=self._new_option())
        with self.assertRaisesRegex(ValidationError, "no link of the chain"):
            self.env["souverainete.answer"].with_user(self.buyer).create(
                {
                    "option_id": self.option.id,
                    "criterion_id": self.criterion.id,
                    "component_id": other.id,
                }
            )

    def test_what_is_asked_of_the_whole_has_no_link(self):
        with self.assertRaisesRegex(ValidationError, "as a whole"):
            self.env["souverainete.answer"].with_user(self.buyer).create(
                {
                    "option_id": self.option.id,
                    "criterion_id": self.first.criterion_ids.id,
                    "component_id": self.host.id,
                }
            )

    def test_a_component_is_not_moved_to_another_option(self):
        with self.assertRaisesRegex(UserError, "stays with its option"):
            self.host.option_id = self._new_option()

    def test_the_figures_are_derived(self):
        with self.assertRaises(AccessError):
            self.option.write({"score": 75})
        with self.assertRaisesRegex(ValidationError, "follows from its answers"):
            self.option._write_server({"score": 75})

    def test_a_context_key_opens_nothing(self):
        answer = self.host.answer_ids.with_context(
            souverainete_server=True, force_delete=True, _force_unlink=True
        )
        with self.assertRaisesRegex(UserError, "and is asked about as long"):
            answer.unlink()


@tagged("post_install", "-at_install")
class TestChainOfOffers(ChainCase):
    def setUp(self):
        super().setUp()
        self.offer = self._new_offer()
        self.host = self._link("host", self.offer)
        self.publisher = self._link("publisher", self.offer)

    def test_a_link_left_blank_is_scored_as_published(self):
        self._answer_link(self.host, 4)
        self.publisher.answer_ids.left_blank = True
        self.assertEqual(self.offer.level_reached, "0")
        self.assertEqual(self.offer.coverage, 50)
        self.assertEqual(self.offer._get_unsettled_count(), 1)

    def test_one_weak_link_is_enough_to_be_irregular(self):
        self.second.required_level = "2"
        self._answer_link(self.host, 1)
        self.assertEqual(self.offer.irregularities, "o1")
        self.assertEqual(self.offer._get_unsettled_count(), 2)

    def test_the_words_of_a_bid_stay_with_its_link(self):
        answer = self.host.answer_ids
        answer.bid_text = "Our host is under the law of a Member State"
        with self.assertRaisesRegex(UserError, "evidence"):
            self.host.unlink()
        with self.assertRaisesRegex(UserError, "never altered"):
            answer.sudo().bid_text = "Ours"

    def test_a_link_declared_after_the_award_changes_no_judgement(self):
        self._answer(self.offer, self.first, 4)
        self._answer_link(self.host, 3)
        self._answer_link(self.publisher, 4)
        judged = self._figures(self.offer)
        self.offer.write({"verdict": "retained", "reason": "Best ranked"})
        self.offer.sudo()._write_server({"awarded": True})
        late = self._link("subcontractor", self.offer)
        self.assertFalse(late.answer_ids)
        self.assertEqual(self._figures(self.offer), judged)

    def test_answers_of_links_are_for_analysts_until_award(self):
        answer = self._answer_link(self.host, 4)
        self.env.invalidate_all()
        for user in (self.purchase_manager, self.officer, self.dae):
            with self.assertRaises(AccessError):
                answer.with_user(user).read(["component_id"])


@tagged("post_install", "-at_install")
class TestChainOracle(ChainCase):
    """The rule in exact fractions, written apart: ladders of 0 to 4 points, of which
    1,000 random chains are answered in part."""

    def _expect(self, links, whole):
        """`links`, `whole`: rungs from 0 to 4, None where there is no answer."""
        known = [rung for rung in [*links, whole] if rung is not None]
        complete = bool(known) and None not in links
        ceiling = min(known, default=4)
        share = Fraction(75, 4)
        return (
            float(share * ceiling) if complete else 0.0,
            float(share * ceiling) if complete else 0.0,
            float(25 + share * ceiling),
            50.0 if complete else 0.0,
            str(ceiling) if known else None,
        )

    def test_random_chains_through_the_arithmetic(self):
        draw = Random(43)
        objectives = self.grid._get_scoring_objectives()
        for _case in range(1000):
            links = [draw.choice([None, *range(5)]) for _n in range(draw.randint(0, 5))]
            whole = draw.choice([None, *range(5)])
            known = [
                scoring.Answer(rung, str(rung))
                for rung in [*links, whole]
                if rung is not None
            ]
            answers = {}
            if known:
                settled = None not in links
                answers[self.criterion.id] = scoring.get_weakest(known, settled)
            result = scoring.assess(objectives, answers)
            expected = self._expect(links, whole)
            for value, wanted in zip(
                (result.score, result.score_low, result.score_high, result.coverage),
                expected,
                strict=False,
            ):
                self.assertAlmostEqual(value, wanted, delta=1e-9)
            self.assertEqual(result.level_reached, expected[-1])

    def test_random_chains_through_the_records(self):
        draw = Random(44)
        for _case in range(30):
            option = self._new_option()
            whole = draw.choice([None, None, *range(5)])
            if whole is not None:
                self._answer(option, self.second, whole)
            links = [draw.choice([None, *range(5)]) for _n in range(draw.randint(0, 4))]
            for rung in links:
                link = self._link("host", option)
                if rung is not None:
                    self._answer_link(link, rung)
            expected = self._expect(links, whole)
            *figures, level = self._figures(option)
            for value, wanted in zip(figures, expected, strict=False):
                self.assertAlmostEqual(value, wanted, delta=1e-9)
            self.assertEqual(level or None, expected[-1])
