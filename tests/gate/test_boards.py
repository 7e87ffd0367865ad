"""The first screen of each role: what waits for them, one click away."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestBoards(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._new_user("employee", "base.group_user")

    def _get_roles(self):
        return {
            self.buyer: "digital-purchase-files",
            self.officer: "digital-purchase-files",
            self.ambassador: "digital-purchase-files",
            self.dae: "digital-purchase-files",
            self.dinum: "dinum-opinions-to-give",
            self.referent: "digital-proposals",
            self.employee: "data-tests",
        }

    def _get_cards(self, user):
        rows = self.env["souverainete.card"].with_user(user).retrieve_dashboard()
        return {card["name"]: card for row in rows for card in row["cards"]}

    def test_the_app_opens_on_the_work_of_the_role(self):
        home = self.env.ref(f"{ADDON}.home_action")
        for user, path in self._get_roles().items():
            with self.subTest(user=user.login):
                action = home.with_user(user).run()
                self.assertEqual(action["path"], path)
                self.assertTrue(action["context"]["souverainete_board"])

    def test_each_card_opens_as_many_records_as_it_counts(self):
        self._new_file()
        for user in self._get_roles():
            cards = self._get_cards(user)
            self.assertTrue(cards)
            for card in cards.values():
                with self.subTest(user=user.login, card=card["name"]):
                    action = (
                        self.env["souverainete.card"]
                        .browse(card["id"])
                        .with_user(user)
                        .action_open()
                    )
                    model = self.env[action["res_model"]].with_user(user)
                    self.assertEqual(
                        model.search_count(action["domain"]), card["count"]
                    )
                    self.assertEqual(bool(action.get("res_id")), card["count"] == 1)

    def test_a_card_counts_what_is_mine(self):
        self._new_file()
        self.assertEqual(self._get_cards(self.buyer)["Being prepared"]["count"], 1)

    def test_a_second_role_without_work_is_no_row(self):
        """An officer who buys nothing sees the officer's row alone."""
        boards = self.env["souverainete.card"].with_user(self.officer)
        before = boards.retrieve_dashboard()
        self.assertEqual(len(before), 1)
        self._new_file(user_id=self.officer.id)
        self.assertEqual(len(boards.retrieve_dashboard()), 2)

    def test_few_queries(self):
        """One a card at most, and those that read the cards themselves."""
        for user in self._get_roles():
            cards = self._get_cards(user)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_cards(user)
            queries = self.env.cr.sql_log_count - before
            with self.subTest(user=user.login, queries=queries):
                self.assertLessEqual(queries, 2 * len(cards) + 12)

    def test_nobody_from_outside(self):
        with self.assertRaises(AccessError):
            self._get_cards(self.env.ref("base.public_user"))
