"""A cloud service ordered from UGAP: the chain is asked, the ranking is not."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestUgapOrder(FlowCase):
    """Real steps, by the buyer; UGAP sells what an editor makes and hosts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ugap, cls.integrator = cls.env["res.partner"].create(
            [{"name": "UGAP"}, {"name": "Intégrateur"}]
        )

    def setUp(self):
        super().setUp()
        self.order = self._new_order(partner_id=self.ugap.id)

    def _create_file(self):
        """From the refusal to the file, where the buyer says it is UGAP's."""
        with self.assertRaisesRegex(UserError, "purchase file"):
            self.order.button_confirm()
        action = self.order.action_create_file()
        file = self.env["purchase.requisition"].browse(action["res_id"])
        return file.with_user(self.buyer)

    def _complete(self, file, **data):
        self._state_need(file)
        file.purchase_route = "central_body"
        option = self._study(file)
        option.partner_id = self.ugap
        self._declare_project(file)
        file.write(
            {
                "has_cloud": "yes",
                "data_protected_secret": "no",
                "data_essential_mission": "no",
                "data_breach_harm": "no",
                "data_owner_id": self.officer.id,
                "data_justification": "Public documents",
                **data,
            }
        )
        return option

    def _declare_chain(self, option, qualification=None):
        """UGAP sells; the editor publishes and hosts; somebody else runs."""
        providers = {
            "publisher": self.vendor,
            "operator": self.integrator,
            "host": self.vendor,
        }
        option.component_ids = [
            Command.create(
                {
                    "name": "Réunions souveraines",
                    "partner_id": partner.id,
                    "role": role,
                    "hosting": "commercial_cloud" if role == "host" else "none",
                    "qualification_id": qualification.id
                    if role == "host" and qualification
                    else False,
                }
            )
            for role, partner in providers.items()
        ]

    def _get_chain_points(self):
        return [f for f in self.order._findings() if f.rule.code == "chain_roles"]

    def test_from_the_refusal_to_the_order(self):
        file = self._create_file()
        option = self._complete(file)
        self.assertEqual(self.order.option_id, option)
        (point,) = self._get_chain_points()
        for role in ("Publisher", "Operator", "Host"):
            self.assertIn(role, point.message)
        self._declare_chain(option)
        self.assertFalse(self._get_chain_points())
        self.assertFalse(file.date_launch, "nothing was launched apart")
        self.order.button_confirm()
        self.assertIn(self.order.state, ("purchase", "to approve"))
        self.assertTrue(file.date_launch, "ordering is launching")

    def test_the_next_order_knows_the_route(self):
        file = self._create_file()
        self.assertEqual(file.purchase_route, "no_competition")
        self._declare_chain(self._complete(file))
        self.order.button_confirm()
        other = self._new_order(partner_id=self.ugap.id)
        second = file.browse(other.action_create_file()["res_id"])
        self.assertEqual(second.purchase_route, "central_body")
        elsewhere = self._new_order(partner_id=self.vendor.id)
        third = file.browse(elsewhere.action_create_file()["res_id"])
        self.assertEqual(third.purchase_route, "no_competition")

    def test_the_body_that_sells_plays_no_part(self):
        option = self._complete(self._create_file())
        self._declare_chain(option)
        option.component_ids.partner_id = self.ugap
        self.assertTrue(self._get_chain_points())

    def test_a_licence_without_cloud_names_its_publisher(self):
        file = self._create_file()
        option = self._complete(file, has_cloud="no")
        file.purchase_nature = "licence"
        (point,) = self._get_chain_points()
        self.assertIn("Publisher", point.message)
        self.assertNotIn("Operator", point.message)
        option.component_ids = [
            Command.create({"role": "publisher", "partner_id": self.vendor.id})
        ]
        self.assertFalse(self._get_chain_points())

    def test_the_grid_and_the_ranking_are_not_asked(self):
        file = self._create_file()
        self._complete(file)
        codes = {finding.rule.code for finding in self.order._findings()}
        asked_of_rankings = {"launched", "sovereignty_coverage", "answers_aged"}
        self.assertFalse(codes & asked_of_rankings)
        self.assertFalse(file.option_ids.filtered(lambda o: o.kind == "offer"))

    def test_sensitive_data_takes_a_qualified_host(self):
        file = self._create_file()
        option = self._complete(
            file, data_protected_secret="yes", data_breach_harm="yes"
        )
        self.assertEqual(file.circuit, "reinforced")
        self._declare_chain(option)
        with self.assertRaisesRegex(UserError, "qualification"):
            self.order.button_confirm()
        host = option.component_ids.filtered(lambda c: c.role == "host")
        host.qualification_id = self.qualification
        self.order.button_confirm()
        # What was ordered on stays a cloud, though nothing was signed.
        with self.assertRaisesRegex(UserError, "were signed as cloud services"):
            host.write({"hosting": "on_premise"})
        with self.assertRaisesRegex(UserError, "left with the consultation"):
            file.write({"has_cloud": "no"})
        self.assertIn(self.order.state, ("purchase", "to approve"))

    def test_ugap_exempts_neither_from_data_study_nor_opinion(self):
        file = self._create_file()
        file.write({"purchase_nature": "cloud", "purchase_route": "central_body"})
        file.write({"amount_estimated": 900000, "amount_estimated_known": True})
        needed = {"data_questions", "mutualisation_search", "project"}
        self.assertLessEqual(needed, self._codes(self.order))
        self._complete(file)
        self._declare_project(file, amount=9_000_000)
        with self.assertRaisesRegex(UserError, "DINUM"):
            self.order.button_confirm()

    def test_the_route_does_not_change_once_ordered(self):
        file = self._create_file()
        self._declare_chain(self._complete(file))
        self.order.button_confirm()
        for user in (self.buyer, self.env.user):
            with self.assertRaisesRegex(UserError, "data answers and weights"):
                file.with_user(user).purchase_route = "own"
            with self._refused("cloud_contradiction"):
                file.with_user(user).purchase_nature = "intellectual"
