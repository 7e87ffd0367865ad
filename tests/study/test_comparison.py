"""Options side by side, and the weights tried out before launch."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from odoo.addons.souverainete_achat.models.study import robustness

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestRobustness(TransactionCase):
    """Two objectives, 70 and 30: A is best on the first, B on the second."""

    weights = [70.0, 30.0]
    offers = [(1.0, 0.0), (0.0, 1.0)]

    def test_the_ranking_flips_where_the_two_tie(self):
        stretches = robustness.get_stretches(self.weights, self.offers, 0)
        self.assertEqual([s.leaders for s in stretches], [(1,), (0,)])
        self.assertAlmostEqual(stretches[0].end, 50.0, delta=1e-9)

    def test_an_offer_that_is_best_everywhere_never_flips(self):
        offers = [(0.9, 0.9), (0.5, 0.8)]
        for index in (0, 1):
            stretches = robustness.get_stretches(self.weights, offers, index)
            self.assertEqual(stretches, [robustness.Stretch(0.0, 100.0, (0,))])
        self.assertEqual(robustness.get_lead_shares(offers, 100, 1), [1.0, 0.0])

    def test_each_leads_over_half_of_the_weights_and_again_with_the_seed(self):
        shares = robustness.get_lead_shares(self.offers, 5000, 2026)
        self.assertAlmostEqual(shares[0], 0.5, delta=0.03)
        self.assertAlmostEqual(sum(shares), 1.0, delta=1e-9)
        again = robustness.get_lead_shares(self.offers, 5000, 2026)
        self.assertEqual(shares, again)
        self.assertNotEqual(shares, robustness.get_lead_shares(self.offers, 5000, 2027))

    def test_ties_are_shared(self):
        offers = [(0.5, 0.5), (0.5, 0.5)]
        self.assertEqual(robustness.get_lead_shares(offers, 10, 1), [0.5, 0.5])
        [stretch] = robustness.get_stretches(self.weights, offers, 1)
        self.assertEqual(stretch.leaders, (0, 1))

    def test_three_that_tie_at_one_weight_make_no_empty_stretch(self):
        weights = [25, 15, 15, 15, 5, 10, 5, 5, 5]
        offers = [
            (first,) * 5 + (last,) * 4
            for first, last in ((0.6, 0.6), (0.8, 0.4), (0.4, 0.8))
        ]
        for index in range(len(weights)):
            for stretch in robustness.get_stretches(weights, offers, index):
                self.assertGreater(stretch.end - stretch.start, 0.01)

    def test_a_weight_that_takes_all_leaves_the_others_even(self):
        stretches = robustness.get_stretches([100.0, 0.0], self.offers, 0)
        self.assertEqual([s.leaders for s in stretches], [(1,), (0,)])


@tagged("post_install", "-at_install")
class TestComparison(FlowCase):
    def setUp(self):
        super().setUp()
        self.file = self._new_file()
        self._prepare_launch(self.file)
        [self.option] = self.file.studied_ids.filtered(
            lambda o: o.verdict == "retained"
        )
        answers = self.option.current_answer_ids
        answers[0].level_id = answers[0].criterion_id.level_ids[-1]

    def _compare(self, user):
        action = self.file.with_user(user).action_compare_options()
        return self.env[action["res_model"]].with_user(user).browse(action["res_id"])

    def test_options_stand_side_by_side_with_their_calculation(self):
        comparison = self._compare(self.buyer)
        self.assertEqual(comparison.display_name, "Options side by side")
        self.assertIn("Visio", comparison.table)
        self.assertIn("Réunions souveraines", comparison.table)
        self.assertIn(
            self.option.current_answer_ids[0].level_id.name, comparison.calculation
        )
        first = comparison.radar["options"][1]
        self.assertEqual(len(first["values"]), len(comparison.radar["labels"]))
        self.assertGreater(first["values"][0], 0)

    def test_answers_to_another_grid_are_never_mixed_in(self):
        other = self.env.ref(f"{ADDON}.grid_doctrine_2026").copy({"code": "other"})
        [visio] = self.file.studied_ids - self.option
        visio.grid_id = other
        answer = visio.current_answer_ids[0]
        answer.level_id = answer.criterion_id.level_ids[-1]
        comparison = self._compare(self.buyer)
        self.assertIn("Other grid", comparison.table)
        self.assertNotIn("★", comparison.table)
        drawn = [option["name"] for option in comparison.radar["options"]]
        self.assertEqual(drawn, [self.option.name])
        comparison.option_ids = visio
        self.assertNotIn("Other grid", comparison.table)

    def test_the_calculation_of_one_option(self):
        action = self.option.action_show_calculation()
        comparison = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(comparison.option_ids, self.option)
        self.assertIn("Not assessed", comparison.calculation)

    def test_an_offer_is_not_shown_to_who_may_not_read_it(self):
        self.file.action_launch()
        self._receive_offers(self.file)
        # As another buyer would read it: the cache of the analyst is not theirs.
        self.env.invalidate_all()
        offer = self.other_vendor.name
        self.assertIn(offer, self._compare(self.buyer).table)
        self.assertNotIn(offer, self._compare(self.dae).table)
        self.assertNotIn(offer, str(self._compare(self.dae).radar))

    def test_an_offer_cannot_be_slipped_into_the_comparison(self):
        self.file.action_launch()
        offer = self._receive_offers(self.file)
        self.env.invalidate_all()
        comparison = self._compare(self.purchase_manager)
        with self.assertRaises(AccessError):
            comparison.option_ids = offer
            comparison.invalidate_recordset()
            comparison.table  # noqa: B018  (the compute reads the option)

    def test_a_file_without_option_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "nothing to compare"):
            self._new_file().action_compare_options()

    def test_it_prints_line_by_line(self):
        comparison = self._compare(self.buyer)
        report = self.env.ref(f"{ADDON}.action_report_comparison")
        html, _kind = report._render_qweb_html(report.report_name, comparison.ids)
        self.assertIn("Réunions souveraines", html.decode())
        self.assertIn(
            self.option.current_answer_ids[0].criterion_id.name, html.decode()
        )

    # === WEIGHTS TRIED OUT === #

    def _simulate(self):
        action = self.file.action_simulate_weights()
        simulation = self.env[action["res_model"]].browse(action["res_id"])
        return simulation.with_user(self.buyer)

    def test_weights_are_tried_with_fictitious_offers(self):
        simulation = self._simulate()
        self.assertEqual(len(simulation.line_ids), 9)
        # The grid has no weights: they are even to start from.
        self.assertEqual(set(simulation.line_ids.mapped("weight")), {100 / 9})
        simulation.action_run()
        self.assertIn("Where the ranking flips", simulation.result)
        before = simulation.result
        simulation.action_run()
        self.assertEqual(simulation.result, before)

    def test_weights_tried_add_up_to_100(self):
        simulation = self._simulate()
        simulation.line_ids[0].weight = 0
        with self.assertRaisesRegex(UserError, "100"):
            simulation.action_run()

    def test_values_are_percentages(self):
        with self.assertRaisesRegex(
            ValidationError, "weights and values are percentages"
        ):
            self._simulate().line_ids[0].value_a = 101

    def test_nothing_is_tried_once_launched(self):
        simulation = self._simulate()
        self.file.action_launch()
        with self.assertRaisesRegex(UserError, "launched"):
            simulation.action_run()
        with self.assertRaisesRegex(UserError, "launched"):
            self.file.action_simulate_weights()
