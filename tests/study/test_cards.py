"""Grades as cards: what they show, and what may be copied into them."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_chain import ChainCase


@tagged("post_install", "-at_install")
class TestCards(ChainCase):
    """Weights 25 and 75, rungs 0 to 4."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solution = cls.env["souverainete.solution"].create(
            {"name": "Webinaire", "need": "Video meetings", "source": "test"}
        )
        cls.option.solution_id = cls.solution

    def _read(self, option=None):
        return (option or self.option).with_user(self.buyer).action_read_cards()

    def _new_offer(self, **vals):
        self.file.sudo().analyst_ids |= self.buyer
        return self._new_option(kind="offer", name="A bid", **vals)

    def _get_levels(self, option):
        return option._get_card_answers().mapped("level_id.level")

    # === WHAT THEY SHOW === #

    def test_each_question_is_a_card_with_its_levels_in_full(self):
        sheet = self._read()
        self.assertEqual(len(sheet["cards"]), 2)
        for card, answer in zip(
            sheet["cards"], self.option._get_card_answers(), strict=True
        ):
            rungs = answer.criterion_id.level_ids
            self.assertEqual(
                [(level["level"], level["name"]) for level in card["levels"]],
                [(rung.level, rung.name) for rung in rungs],
            )
        self.assertEqual(sheet["done"], 0)
        self.assertFalse(sheet["cap"])

    def test_what_caps_the_level_is_named_with_the_cheapest_step_up(self):
        self._answer(self.option, self.first, 3)
        self._answer(self.option, self.second, 1)
        sheet = self._read()
        self.assertEqual(sheet["done"], 2)
        self.assertEqual(sheet["level_reached"], "1")
        self.assertEqual(sheet["cap"]["names"], [self.second.criterion_ids.name])
        self.assertEqual(sheet["cap"]["level"], "2")
        rungs = self.second.criterion_ids.level_ids
        self.assertEqual(sheet["cap"]["step"], rungs[2].name)

    def test_the_next_one_to_grade_is_one_click_away(self):
        first, second, third = (self._new_offer(), self._new_offer(), self._new_offer())
        third.write({"verdict": "rejected", "reason": "Late"})
        self.assertEqual(self._read(first)["next"]["id"], second.id)
        for objective in (self.first, self.second):
            self._answer(second, objective, 3)
        self.assertFalse(self._read(first)["next"], "nothing of it is left")
        self.assertEqual(self._read(second)["next"]["id"], first.id)

    def test_once_graded_what_it_was_for_is_one_click_away(self):
        acts = self._read()["acts"]
        self.assertEqual([a["name"] for a in acts], ["action_draft_file_statement"])
        self.option.with_user(self.buyer).action_draft_file_statement()
        self.assertTrue(self.file.sovereignty_statement)
        self.assertFalse(self._read()["acts"])
        offer, other = self._new_offer(), self._new_offer()
        self.assertEqual(
            [a["id"] for a in self._read(offer)["acts"]], [offer.id, other.id]
        )
        other.write({"verdict": "retained", "reason": "Best"})
        self.assertFalse(self._read(offer)["acts"], "one is retained")

    def test_nothing_is_left_to_raise_at_the_top(self):
        for objective in (self.first, self.second):
            self._answer(self.option, objective, 4)
        self.assertIsNone(self._read()["cap"])

    def test_the_button_of_the_row_opens_the_cards(self):
        action = self.option.with_user(self.buyer).action_grade()
        self.assertEqual(action["tag"], "souverainete_grade_cards")
        self.assertEqual(action["params"], {"option_id": self.option.id})

    # === COPIES === #

    def test_a_copy_counts_once_confirmed(self):
        self._answer(self.option, self.first, 4).source = "Audit 2026"
        other = self._new_option(name="The same elsewhere")
        other.action_copy_grades("option", self.option.id)
        answer = other._get_card_answers()[0]
        self.assertEqual((answer.level_id.level, answer.source), ("4", "Audit 2026"))
        self.assertEqual(answer.state, "to_confirm")
        self.assertIn(self.option.name, answer.copied_from)
        self.assertEqual((other.coverage, other.level_reached), (0, False))
        other.action_confirm_grades()
        self.assertEqual((other.coverage, other.level_reached), (50, "4"))
        self.assertEqual(answer.state, "assessed")

    def test_a_copy_overwrites_nothing_that_was_answered(self):
        for objective in (self.first, self.second):
            self._answer(self.option, objective, 4)
        other = self._new_option(name="Other")
        self._answer(other, self.first, 1)
        other.action_copy_grades("option", self.option.id)
        self.assertEqual(self._get_levels(other), ["1", "4"])
        self.assertEqual(other.level_reached, "1")

    def test_choosing_another_level_confirms_it(self):
        self._answer(self.option, self.first, 4)
        other = self._new_option(name="Other")
        other.action_copy_grades("option", self.option.id)
        self._answer(other, self.first, 2)
        self.assertEqual(other.level_reached, "2")
        self.assertFalse(other._get_card_answers().filtered("to_confirm"))

    def test_what_was_copied_and_not_confirmed_is_no_source(self):
        self._answer(self.option, self.first, 4)
        other = self._new_option(name="Other")
        other.action_copy_grades("option", self.option.id)
        third = self._new_option(name="Third")
        third.action_copy_grades("option", other.id)
        self.assertFalse(third._get_card_answers().filtered("level_id"))

    def test_whence_it_was_copied_is_written_by_the_server_alone(self):
        answer = self.option._get_card_answers()[0].with_user(self.buyer)
        with self.assertRaises(AccessError):
            answer.copied_from = "An audit"

    # === THE SHARED ASSESSMENT === #

    def test_a_solution_is_graded_once_and_reused(self):
        self._link("publisher")
        host = self._link("host")
        self._answer(self.option, self.first, 3)
        for link, level in zip(self.option.component_ids, (4, 2), strict=True):
            self._answer_link(link, level)
        self.option.with_user(self.buyer).action_share_grades()
        [assessment] = self.solution.assessment_ids
        self.assertEqual(assessment.line_count, 2)
        self.assertIn(self.file.display_name, assessment.source)
        self.assertTrue(assessment.date)
        other = self._new_option(name="Elsewhere", solution_id=self.solution.id)
        kinds = [source["kind"] for source in self._read(other)["sources"]]
        self.assertEqual(kinds[0], "assessment")
        other.action_copy_grades("assessment", assessment.id)
        # As weak as its weakest link.
        self.assertEqual(self._get_levels(other), ["3", "2"])
        self.assertFalse(other.level_reached, "to be confirmed")
        self._answer_link(host, 1)
        self.option.with_user(self.buyer).action_share_grades()
        self.assertEqual(self.solution.assessment_ids, assessment, "corrected")
        self.assertEqual(self._get_levels(other), ["3", "2"], "kept as copied")

    def test_an_answer_of_an_assessment_stays_within_its_grid(self):
        self._answer(self.option, self.first, 3)
        self.option.action_share_grades()
        [line] = self.solution.assessment_ids.line_ids
        with self.assertRaises(ValidationError):
            line.level_id = self.second.criterion_ids.level_ids[0]

    # === OFFERS === #

    def test_nothing_is_copied_into_an_offer(self):
        self._answer(self.option, self.first, 4)
        self.option.action_share_grades()
        offer = self._new_offer(solution_id=self.solution.id)
        self.assertEqual(self._read(offer)["sources"], [])
        assessment = self.solution.assessment_ids
        for kind, source in (("option", self.option), ("assessment", assessment)):
            with (
                self.subTest(kind=kind),
                self.assertRaisesRegex(UserError, "Nothing of the catalogue"),
            ):
                offer.action_copy_grades(kind, source.id)
        answer = offer._get_card_answers()[0]
        rung = answer.criterion_id.level_ids[4]
        with self.assertRaisesRegex(ValidationError, "Nothing of the catalogue"):
            answer.write({"level_id": rung.id, "to_confirm": True})

    def test_an_offer_is_no_source(self):
        offer = self._new_offer(solution_id=self.solution.id)
        self._answer(offer, self.first, 4)
        with self.assertRaisesRegex(UserError, "Nothing of the catalogue"):
            self.option.action_copy_grades("option", offer.id)
        with self.assertRaisesRegex(UserError, "those of an offer never are"):
            offer.action_share_grades()

    def test_the_sheet_of_its_own_bidder_is_copied_to_be_confirmed(self):
        offer = self._new_offer()
        answer = offer._get_card_answers()[0]
        answer.bid_level_id = answer.criterion_id.level_ids[2]
        [source] = self._read(offer)["sources"]
        self.assertEqual((source["kind"], source["count"]), ("sheet", 1))
        offer.action_copy_grades("sheet")
        self.assertEqual((answer.level_id.level, answer.to_confirm), ("2", True))
        self.assertFalse(offer.level_reached)
        offer.action_confirm_grades()
        self.assertEqual(offer.level_reached, "2")

    def test_an_offer_is_graded_on_what_bidders_were_asked(self):
        self.first.criterion_ids.write(
            {"operator_attribute": True, "award_use": "never"}
        )
        self.assertEqual(len(self._read(self._new_offer())["cards"]), 1)
        self.assertEqual(len(self._read()["cards"]), 2)
