"""After a competition: bids scored as published, regular, and the best one retained."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestOffersRanked(FlowCase):
    """A grid of two objectives, quality 60 and price 40; level 2 is required."""

    def setUp(self):
        super().setUp()
        self.grid = self._new_grid()
        self.file = self._new_file()
        self._prepare_launch(self.file)
        self.file.grid_id = self.grid
        self.file.action_launch()
        self.best, self.other = (
            self._bid(self.vendor, 300),
            self._bid(self.other_vendor, 150),
        )

    def _new_grid(self):
        ladder = [
            (0, 0, {"sequence": n, "level": str(n), "points": 25 * n, "name": f"L{n}"})
            for n in range(5)
        ]
        criterion = {"code": "q.1", "name": "Quality?", "level_ids": ladder}
        return self.env["souverainete.grid"].create(
            {
                "code": "ranked",
                "name": "Ranked",
                "objective_ids": [
                    (
                        *(0, 0),
                        {
                            "code": "quality",
                            "name": "Quality",
                            "weight": 60,
                            "required_level": "2",
                            "criterion_ids": [(0, 0, criterion)],
                        },
                    ),
                    (
                        *(0, 0),
                        {
                            "code": "price",
                            "name": "Price",
                            "weight": 40,
                            "is_price": True,
                        },
                    ),
                ],
            }
        )

    def _bid(self, partner, cost):
        return (
            self.env["souverainete.option"]
            .with_user(self.buyer)
            .create(
                {
                    "requisition_id": self.file.id,
                    "kind": "offer",
                    "name": partner.name,
                    "path": "off_the_shelf",
                    "partner_id": partner.id,
                    "grid_id": self.grid.id,
                    "cost": cost,
                    "cost_known": True,
                }
            )
        )

    def _launch_with(self, grid):
        """Another consultation, launched with this grid."""
        self.grid, self.file = grid, self._new_file()
        self._prepare_launch(self.file)
        self.file.grid_id = grid
        self.file.action_launch()

    def test_an_offer_that_ranks_lower_was_not_set_aside(self):
        self._answer(self.best, 4)
        self._answer(self.other, 3)
        lower = (self.best | self.other).sorted("ranking")[-1]
        lower.write({"verdict": "rejected", "reason": "Ranks lower"})
        self.assertEqual(lower._get_verdict_text(), "Not retained, ranked 2")
        lower.set_aside_ground = "late"
        self.assertEqual(lower._get_verdict_text(), "Set aside on a listed ground")

    def test_a_published_level_that_nobody_assessed_is_not_reached(self):
        self._answer(self.other, 4)
        self.best.verdict = "retained"
        self.assertIn("offer_regular", self._codes(self.file, "award"))
        self._answer(self.best, 4)
        self.assertNotIn("offer_regular", self._codes(self.file, "award"))

    def test_no_consultation_leaves_with_offers_in_hand(self):
        self.file.action_cancel()
        self.file.action_draft()
        with self.assertRaisesRegex(UserError, "Offers are recorded already"):
            self.file.action_launch()
        for offer in self.best | self.other:
            offer.write({"verdict": "rejected", "reason": "Of the former launch"})
        self.file.action_launch()
        self.assertTrue(self.file.date_launch)

    def test_a_competition_without_any_offer_is_not_signed(self):
        self._launch_with(self.grid)
        self.assertIn("offer_regular", self._codes(self.file, "award"))

    def test_no_repair_changes_the_grid_that_was_announced(self):
        with self.assertRaisesRegex(UserError, "announced to bidders no longer"):
            self.file.sudo().grid_id = self.env.ref(f"{ADDON}.grid_doctrine_2026")

    def test_the_price_of_an_offer_is_journalled_then_settled(self):
        self.best.cost = 250
        self.file._journal_flush()
        entries = self.file.sudo().journal_ids
        [entry] = entries.filtered(lambda e: e.event == "bid_price")
        self.assertIn("300", entry.payload)
        self.assertIn("250", entry.payload)
        signed = self._confirmed_file()
        retained = signed.offer_ids.filtered(lambda o: o.verdict == "retained")
        with self.assertRaisesRegex(UserError, "whose grid and answers stay"):
            retained.write({"cost": 1, "cost_known": True})

    def test_no_weights_are_tried_with_offers_in_hand(self):
        draft = self._new_file()
        draft.grid_id = self.grid
        self.env["souverainete.simulation"].with_user(self.buyer).create(
            {"requisition_id": draft.id}
        )
        draft.analyst_ids = self.buyer
        self.file = draft
        self._bid(self.vendor, 100)
        with self.assertRaisesRegex(UserError, "fictitious"):
            self.env["souverainete.simulation"].with_user(self.buyer).create(
                {"requisition_id": draft.id}
            )

    def test_a_criterion_is_not_added_to_the_price(self):
        price = self.grid.objective_ids.filtered("is_price")
        with self.assertRaisesRegex(UserError, "is scored from the price"):
            self.env["souverainete.criterion"].create(
                {"objective_id": price.id, "code": "p.1", "name": "Price?"}
            )

    def _answer(self, option, level):
        answer = option.answer_ids
        answer.level_id = answer.criterion_id.level_ids[level]
        return answer

    def _award(self, code):
        findings = self.file._findings("award")
        return {f.key: f for f in findings if f.rule.code == code}

    def test_price_and_quality_are_scored_as_published(self):
        self._answer(self.best, 4)
        self._answer(self.other, 2)
        # 60 × 100 % + 40 × 150/300, and 60 × 50 % + 40 × 150/150.
        self.assertAlmostEqual(self.best.ranking_score, 80.0, delta=1e-9)
        self.assertAlmostEqual(self.other.ranking_score, 70.0, delta=1e-9)
        self.assertEqual((self.best.ranking, self.other.ranking), (1, 2))

    def test_what_is_neither_answered_nor_blank_is_not_ranked(self):
        self._answer(self.best, 4)
        self.assertEqual(self.other.ranking, 0)
        self.assertEqual(set(self._award("offers_scored")), {str(self.other.id)})

    def test_left_blank_is_scored_as_the_grid_says_and_is_no_unknown(self):
        self.other.current_answer_ids.left_blank = True
        self.assertEqual(self.other.current_answer_ids.state, "left_blank")
        self.assertEqual(self.other.coverage, 100)
        self.assertEqual(self.other.score, 0)
        self.assertEqual(self.other.level_reached, "0")
        with self.assertRaisesRegex(ValidationError, "is left blank by the bidder"):
            self._answer(self.other, 3)

    def test_a_study_leaves_nothing_blank(self):
        [studied] = self.file.studied_ids.filtered(lambda o: o.verdict == "retained")
        file = self._new_file()
        self._prepare_launch(file)
        answer = file.studied_ids[0].current_answer_ids[0]
        with self.assertRaisesRegex(ValidationError, "studied from public sources"):
            answer.left_blank = True
        self.assertTrue(studied)

    def test_the_words_of_a_bid_are_never_altered(self):
        answer = self.best.current_answer_ids
        answer.bid_text = "Exit in one month"
        answer.bid_level_id = answer.criterion_id.level_ids[4]
        answer.write({"level_id": answer.criterion_id.level_ids[2].id})
        answer.level_reason = "No test of the exit was made"
        for vals in ({"bid_text": "Exit in a week"}, {"bid_level_id": False}):
            with (
                self.subTest(vals=vals),
                self.assertRaisesRegex(UserError, "record your own answer"),
            ):
                answer.write(vals)
            with (
                self.subTest(sudo=vals),
                self.assertRaisesRegex(UserError, "record your own answer"),
            ):
                answer.sudo().write(vals)
        with self.assertRaisesRegex(UserError, "What a bid says is evidence"):
            answer.sudo().unlink()
        self.assertEqual(self.best.level_reached, "2")

    def test_an_offer_below_the_published_level_is_not_retained(self):
        self._answer(self.best, 1)
        self._answer(self.other, 2)
        self.best.write({"verdict": "retained", "reason": "Known to us"})
        self.other.write({"verdict": "rejected", "reason": "Ranked second"})
        self.file.vendor_id = self.vendor
        self.assertEqual(self.best.irregularities, "Quality")
        [point] = self._award("offer_regular").values()
        self.assertTrue(point.blocking)
        self.assertFalse(point.rule.derogable)
        with self.assertRaisesRegex(ValidationError, "irregular"):
            self.file.action_confirm()

    def test_the_best_ranked_is_retained_unless_a_ground_is_listed(self):
        self._answer(self.best, 4)
        self._answer(self.other, 2)
        self.other.write({"verdict": "retained", "reason": "Cheaper"})
        self.best.write({"verdict": "rejected", "reason": "Too dear"})
        self.assertIn(str(self.other.id), self._award("best_offer"))
        self.best.set_aside_ground = "abnormally_low"
        self.assertFalse(self._award("best_offer"))
        self.assertEqual(self.other.ranking, 1)

    # === WAYS ROUND === #

    def test_a_ground_does_not_take_the_offer_retained_out_of_the_ranking(self):
        self._answer(self.best, 4)
        self._answer(self.other, 2)
        self.other.write({"verdict": "retained", "reason": "Cheaper"})
        for user in (self.buyer, self.env.user):
            with self.assertRaisesRegex(ValidationError, "set it aside first"):
                self.other.with_user(user).set_aside_ground = "withdrawn"
        with self.assertRaisesRegex(ValidationError, "set it aside first"):
            self.best.set_aside_ground = "abnormally_low"
        self.best.write(
            {
                "verdict": "rejected",
                "reason": "Below its costs",
                "set_aside_ground": "abnormally_low",
            }
        )
        with self.assertRaisesRegex(ValidationError, "set it aside first"):
            self.best.verdict = "retained"
        self.file._journal_flush()
        entries = self.file.sudo().journal_ids.filtered(lambda e: e.event == "verdict")
        self.assertIn("abnormally_low", entries[0].payload)

    def test_a_bid_that_was_read_is_not_deleted_while_pending(self):
        self._answer(self.best, 4)
        for user in (self.buyer, self.env.user):
            with self.assertRaisesRegex(UserError, "cannot be deleted"):
                self.best.with_user(user).unlink()
        self.other.current_answer_ids.bid_text = "Ours"
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.file.write({"option_ids": [(2, self.other.id)]})

    def test_another_grid_does_not_lower_what_was_published(self):
        easy = self.grid.copy({"code": "easy"})
        easy.objective_ids.required_level = False
        self._answer(self.best, 1)
        self.best.grid_id = easy
        self.best.write({"verdict": "retained", "reason": "Known to us"})
        [point] = self._award("offer_regular").values()
        self.assertIn("published", point.message)
        self.assertTrue(point.blocking)
        self.assertEqual(self.best.ranking, 0)

    def test_a_level_holds_without_any_weight(self):
        grid = self.grid.copy({"code": "unweighted"})
        grid.objective_ids.weight_known = False
        self._launch_with(grid)
        offer = self._bid(self.vendor, 100)
        self._answer(offer, 1)
        offer.write({"verdict": "retained", "reason": "Known to us"})
        self.assertTrue(self._award("offer_regular"))

    # === WHO MAKES THE OFFER === #

    def test_capital_neither_ranks_nor_eliminates(self):
        grid = self.grid.copy({"code": "capital"})
        quality = grid.objective_ids[0]
        capital = quality.criterion_ids.copy({"code": "q.2", "name": "Capital?"})
        capital.write({"operator_attribute": True, "award_use": "never"})
        self._launch_with(grid)
        offers = [self._bid(p, 200) for p in (self.vendor, self.other_vendor)]
        for offer in offers:
            [answer] = offer.answer_ids.filtered(lambda a: a.criterion_id != capital)
            self.assertEqual(offer.current_answer_ids, answer)
            answer.level_id = answer.criterion_id.level_ids[4]
        # Below the level required, on one of the two only.
        [answer] = offers[1].answer_ids - answer
        answer.level_id = capital.level_ids[0]
        for offer in offers:
            self.assertEqual((offer.score, offer.coverage), (60, 100))
            self.assertEqual((offer.ranking, offer.level_reached), (1, "4"))
            self.assertFalse(offer.irregularities)
            [line] = offer._get_calculation(quality)
            self.assertEqual(line["name"], "Quality?")
        self.assertFalse(self._award("offers_scored"))
        self.assertEqual(quality._prepare_tender("full")["max_points"], 100)

    def test_an_objective_that_asks_bidders_nothing_tells_them_apart_by_nothing(self):
        grid = self.grid.copy({"code": "only_capital"})
        grid.criterion_ids.write({"operator_attribute": True, "award_use": "never"})
        self._launch_with(grid)
        dear, cheap = self._bid(self.vendor, 300), self._bid(self.other_vendor, 150)
        self._answer(dear, 4)
        self.assertAlmostEqual(dear.ranking_score, 20, delta=1e-9)
        self.assertAlmostEqual(cheap.ranking_score, 40, delta=1e-9)
        self.assertFalse(self._award("offers_scored"))

    def test_the_price_is_scored_once(self):
        grid = self.grid.copy({"code": "twice"})
        with self.assertRaisesRegex(ValidationError, "once"):
            grid.objective_ids = [
                (0, 0, {"code": "again", "name": "Price again", "is_price": True})
            ]

    def test_a_bid_for_nothing_is_told_not_ranked(self):
        self._answer(self.best, 4)
        self.best.cost = 0
        self.assertEqual(self.best.ranking, 0)
        self.assertIn(f"{self.best.id}-price", self._award("offers_scored"))

    def test_equal_scores_rank_equally_and_either_may_be_retained(self):
        self.best.cost = self.other.cost = 200
        for offer in (self.best, self.other):
            self._answer(offer, 3)
        self.assertEqual((self.best.ranking, self.other.ranking), (1, 1))
        self.other.write({"verdict": "retained", "reason": "Drawn, as published"})
        self.best.write({"verdict": "rejected", "reason": "Drawn, as published"})
        self.assertFalse(self._award("best_offer"))

    def test_departing_from_the_level_claimed_is_explained(self):
        answer = self.best.current_answer_ids
        answer.bid_level_id = answer.criterion_id.level_ids[4]
        self._answer(self.best, 2)
        self.assertIn(f"{self.best.id}-reason", self._award("offers_scored"))
        answer.level_reason = "The certificate supplied has lapsed"
        self.assertNotIn(f"{self.best.id}-reason", self._award("offers_scored"))
        answer.level_reason = False
        self._answer(self.best, 4)
        self.assertNotIn(f"{self.best.id}-reason", self._award("offers_scored"))

    def test_a_level_claimed_is_not_a_blank(self):
        answer = self.best.current_answer_ids
        answer.bid_level_id = answer.criterion_id.level_ids[4]
        with self.assertRaisesRegex(ValidationError, "is left blank by the bidder"):
            answer.left_blank = True

    def test_what_may_still_be_left_blank_counts_in_the_worst(self):
        grid = self.grid.copy({"code": "zero", "blank_rule": "zero"})
        for points, rung in zip(
            (20, 40), grid.criterion_ids.level_ids[:2], strict=True
        ):
            rung.points = points
        self.best.grid_id = grid
        low = self.best.score_low
        self.assertEqual(low, 0)
        self.best.current_answer_ids.left_blank = True
        self.assertGreaterEqual(self.best.score_low, low)
        self.assertEqual((self.best.score, self.best.level_reached), (0, "0"))

    def test_several_best_ranked_are_retained_together(self):
        self._answer(self.best, 4)
        self._answer(self.other, 2)
        for offer in (self.best, self.other):
            offer.write({"verdict": "retained", "reason": "Two holders"})
        self.assertFalse(self._award("best_offer"))

    def test_a_dae_reader_learns_nothing_of_the_bids_from_the_findings(self):
        self._answer(self.best, 1)
        self.best.write({"verdict": "retained", "reason": "Known to us"})
        findings = self.file.with_user(self.dae)._findings("award")
        text = " ".join(f.message for f in findings)
        self.assertNotIn("irregular", text)

    def test_a_price_objective_asks_nothing_else(self):
        grid = self.grid.copy({"code": "again"})
        price = grid.objective_ids.filtered("is_price")
        with self.assertRaisesRegex(ValidationError, "is scored from the price"):
            price.required_level = "1"

    def test_grids_that_publish_nothing_ask_nothing_of_offers(self):
        file = self._launched_file()
        self._retain_offer(file)
        codes = {f.rule.code for f in file._findings("award")}
        self.assertFalse(codes & {"offers_scored", "offer_regular", "best_offer"})
        self.assertTrue(self.env.ref(f"{ADDON}.rule_best_offer"))
