"""What is asked follows what a purchase is worth and its data: policy records."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase

THREE = {"sovereignty.immunity", "sovereignty.exit", "sovereignty.mastery"}
MORE = THREE | {
    "security.assurance",
    "security.incidents",
    "cost.complete",
    "cost.comparison",
    "adaptability.reversibility",
    "durability.footprint",
}


class ProportionCase(FlowCase):
    def _valued(self, value, **vals):
        file = self._new_file(price=0, purchase_nature="cloud", **vals)
        file.write({"amount_estimated": value, "amount_estimated_known": bool(value)})
        return file

    def _option(self, file, **vals):
        options = self.env["souverainete.option"].with_user(file.env.user)
        return options.create(
            {
                "requisition_id": file.id,
                "name": "Service off the shelf",
                "path": "off_the_shelf",
                **vals,
            }
        )

    def _asked(self, option):
        return set(option.current_answer_ids.criterion_id.mapped("code"))

    def _told(self, record, code):
        return [f for f in record._findings() if f.rule.code == code]


@tagged("post_install", "-at_install")
class TestCriteriaAsked(ProportionCase):
    def test_below_the_exemption_nothing_is_graded(self):
        option = self._option(self._valued(59999))
        self.assertFalse(self._asked(option))
        self.assertFalse(option.unassessed_count)

    def test_the_three_questions_then_more_then_all(self):
        for value, asked in ((60000, THREE), (139999, THREE), (140000, MORE)):
            option = self._option(self._valued(value))
            self.assertEqual(self._asked(option), asked, value)
            self.assertEqual(option.unassessed_count, len(asked), value)
        option = self._option(self._valued(1000000))
        self.assertEqual(
            self._asked(option), set(option.answer_ids.mapped("criterion_id.code"))
        )

    def test_what_is_asked_follows_the_value(self):
        file = self._valued(100000)
        option = self._option(file)
        file.amount_estimated = 200000
        self.assertEqual(self._asked(option), MORE)
        file.amount_estimated = 70000
        self.assertEqual(self._asked(option), THREE)

    def test_what_is_asked_follows_the_lines(self):
        file = self._new_file(price=70000)
        option = self._option(file)
        self.assertEqual(self._asked(option), THREE)
        file.line_ids.price_unit = 200000
        self.assertEqual(self._asked(option), MORE)
        file.line_ids.product_qty = 5
        self.assertEqual(option.band, "full")

    def test_sensitive_data_ask_everything(self):
        file = self._valued(70000)
        option = self._option(file)
        self._answer_data_questions(file)
        self.assertEqual(option.band, "full")

    def test_a_project_that_the_dinum_judges_asks_everything(self):
        file = self._valued(70000)
        option = self._option(file)
        self._declare_project(file, amount=9000000)
        self.assertEqual(option.band, "full")

    def test_unknown_is_below_nothing_and_is_asked_first(self):
        file = self._valued(0)
        option = self._option(file)
        self.assertEqual(option.band, "full")
        [told] = self._told(file, "sovereignty_coverage")
        self.assertEqual(told.key, "value")
        file.write({"amount_estimated": 70000, "amount_estimated_known": True})
        [told] = self._told(file, "sovereignty_coverage")
        self.assertIn("3 of 3", told.message)

    def test_each_way_is_graded_once(self):
        file = self._valued(100000)
        first = self._option(file)
        self._option(file, name="Another one off the shelf")
        self.assertEqual(len(self._told(file, "sovereignty_coverage")), 2)
        for answer in first.current_answer_ids:
            answer.level_id = answer.criterion_id.level_ids[-1]
        self.assertFalse(self._told(file, "sovereignty_coverage"))
        self._option(file, name="Developed", path="custom")
        self.assertEqual(len(self._told(file, "sovereignty_coverage")), 1)

    def test_a_version_of_the_threshold_changes_it(self):
        self.env.ref("souverainete_achat.threshold_criteria").copy(
            {
                "company_id": self.company.id,
                "amount": 80000,
                "policy_state": "active",
            }
        )
        self.assertEqual(self._valued(90000)._get_asked_band(), "extended")

    def test_a_launch_keeps_what_was_asked(self):
        file = self._new_file(price=90000)
        self._prepare_launch(file)
        file.write({"amount_estimated": 90000, "data_breach_harm": "no"})
        file.action_launch()
        self.assertEqual(file.asked_band, "base")
        self.assertEqual(file._get_asked_band(), "base")
        offer = self._retain_offer(file)
        self.assertEqual(self._asked(offer), THREE)
        file.action_cancel()
        file.action_draft()
        file.amount_estimated = 200000
        self.assertEqual(file._get_asked_band(), "extended")

    def test_bidders_are_asked_what_they_are_graded_on(self):
        file = self._valued(100000)
        grid = file.grid_id._prepare_tender(file._get_asked_band())
        [objective] = grid["objectives"]
        self.assertEqual({c["code"] for c in objective["criteria"]}, THREE)

    def test_offers_are_graded_on_what_is_announced(self):
        """With weights, on what they bear on; the rest informs the study alone."""
        file = self._valued(2000000, analyst_ids=self.buyer.ids)
        file.grid_id = file.grid_id.sudo().copy({"code": "weighted"})
        chosen = file.grid_id.sudo().objective_ids.filtered(
            lambda o: o.code in ("sovereignty", "security")
        )
        chosen.write({"weight": 50, "weight_known": True})
        offer = self._option(file, kind="offer", partner_id=self.vendor.id)
        codes = self._asked(offer)
        self.assertEqual({c.split(".")[0] for c in codes}, {"sovereignty", "security"})


@tagged("post_install", "-at_install")
class TestWays(ProportionCase):
    def test_a_competition_retains_no_product(self):
        file = self._valued(100000)
        option = self._option(
            file, verdict="retained", reason="Fits", partner_id=self.vendor.id
        )
        [told] = self._told(file, "way_retained")
        self.assertFalse(told.blocking)
        self.assertIn(option.name, told.message)
        option.partner_id = False
        self.assertFalse(self._told(file, "way_retained"))

    def test_without_competition_the_product_is_named(self):
        file = self._valued(100000, purchase_route="no_competition")
        self._option(file, verdict="retained", reason="Fits", partner_id=self.vendor.id)
        self.assertFalse(self._told(file, "way_retained"))


@tagged("post_install", "-at_install")
class TestStatements(ProportionCase):
    def test_a_draft_says_what_nobody_knows(self):
        file = self._valued(100000)
        option = self._option(file)
        file.action_draft_statement()
        self.assertIn("[…]", file.sovereignty_statement)
        keys = {f.key for f in self._told(file, "sovereignty_statement")}
        self.assertEqual(keys, {"draft"})
        for answer in option.current_answer_ids:
            answer.level_id = answer.criterion_id.level_ids[-1]
        file.write({"sovereignty_statement": False, "need_effect": "Meet"})
        file.clause_ids = file.clause_ids.search([], limit=1)
        file.action_draft_statement()
        self.assertNotIn("[…]", file.sovereignty_statement)
        self.assertIn(answer.level_id.name, file.sovereignty_statement)
        self.assertFalse(self._told(file, "sovereignty_statement"))

    def test_what_was_written_is_not_drafted_over(self):
        file = self._valued(100000, sovereignty_statement="Weighed.")
        file.action_draft_statement()
        self.assertEqual(file.sovereignty_statement, "Weighed.")

    def test_the_award_says_how_the_criteria_weighed(self):
        file = self._launched_file()
        offer = self._retain_offer(file)
        [told] = self._told(file, "award_statement")
        self.assertFalse(told.blocking)
        for answer in offer.current_answer_ids:
            answer.level_id = answer.criterion_id.level_ids[-1]
        offer.action_draft_award_statement()
        self.assertIn(answer.level_id.name, offer.award_statement)
        self.assertFalse(self._told(file, "award_statement"))


@tagged("post_install", "-at_install")
class TestFarBelowProject(ProportionCase):
    def test_one_sentence_stands_for_the_project(self):
        file = self._valued(120000)
        self.assertFalse(self._told(file, "project"))
        self.assertIn("144,000.00", file.project_note)
        self.assertIn("9,000,000.00", file.project_note)

    def test_a_part_of_a_larger_project_is_counted_with_it(self):
        file = self._valued(120000)
        self._declare_project(file, amount=9500000)
        self.assertFalse(file.project_note)
        self.assertTrue(self._told(file, "dinum_opinion"))

    def test_a_project_that_the_dinum_judges_is_not_left_for_none(self):
        file = self._valued(120000)
        self._declare_project(file, amount=9500000)
        with self.assertRaisesRegex(UserError, "gives it another one"):
            file.project_id = False
        file.with_user(self.officer).project_id = False
        self.assertTrue(file.project_note)

    def test_unknown_or_large_names_its_project(self):
        for value in (0, 833334, 8000000):
            file = self._valued(value)
            self.assertTrue(self._told(file, "project"), value)
            self.assertFalse(file.project_note)

    def test_the_project_is_made_from_the_purchase(self):
        file = self._valued(2000000, reference="Archives")
        file.action_create_project()
        project = file.project_id
        self.assertEqual(project.name, "Archives")
        self.assertEqual(project.dinum_cost, 2400000)
        self.assertFalse(self._told(file, "project_cost"))


@tagged("post_install", "-at_install")
class TestOrderToFile(ProportionCase):
    def test_what_the_order_said_is_not_asked_again(self):
        order = self._new_order(
            price=300, light_mutualised="yes", light_cloud="yes", light_sensitive="yes"
        )
        order.action_create_file()
        file = order.need_id
        self.assertEqual(file.reference, self.software.name)
        self.assertEqual(file._get_value(), (300, True))
        self.assertEqual((file.purchase_nature, file.has_cloud), ("cloud", "yes"))

    def test_an_answer_no_is_kept_too(self):
        order = self._new_order(price=70000, light_cloud="no")
        order.action_create_file()
        self.assertEqual(order.need_id.has_cloud, "no")
        self.assertFalse(order.need_id.purchase_nature)

    def test_its_nature_answers_that_it_is_a_cloud_service(self):
        file = self._new_file(purchase_nature="cloud")
        self.assertEqual(file.has_cloud, "yes")
        file = self._new_file(purchase_nature="licence")
        self.assertEqual(file.has_cloud, "unknown")
        file.purchase_nature = "cloud"
        self.assertEqual(file.has_cloud, "yes")
        file = self._new_file(purchase_nature="cloud", has_cloud="no")
        self.assertEqual(file.has_cloud, "no")

    def test_the_data_owner_reads_what_is_bought(self):
        file = self._valued(
            120000, purchase_route="no_competition", reference="Meetings"
        )
        file.data_owner_id = self.officer
        test = file._create_data_questionnaire().with_user(self.officer)
        self.assertEqual(test.products, self.software.name)
        self.assertEqual(test.vendor, self.vendor.name)
        self.assertIn("120,000.00", test.worth)

    def test_nothing_that_only_policy_asks_blocks_a_light_file(self):
        """But for what keeps the others honest: what is signed is what was judged."""
        rules = self.env["souverainete.rule"].search(
            [
                ("basis", "=", "ministry"),
                ("severity", "=", "blocking"),
                ("stage", "in", ("launch", "award")),
            ]
        )
        case = ("cloud", "no_competition", "light")
        asked = rules.filtered(lambda rule: rule._applies_to(*case)).mapped("code")
        judged = {
            "envelope",
            "framework_ceiling",
            "need_closed",
            "need_covers",
            "scope",
        }
        facts = {"deferral_clause", "grouping_coordinator", "opinion_departure"}
        self.assertEqual(set(asked), judged | facts)

    def test_a_light_need_asks_no_option_on_its_order(self):
        order = self._new_order(
            price=300, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        order.action_create_file()
        order.need_id.line_ids = [Command.clear()]
        codes = {f.rule.code for f in order._findings()}
        self.assertNotIn("order_option", codes)
