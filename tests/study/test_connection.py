"""A need met by a mutualised solution: its connection is asked for, then confirmed."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_doctrine import DoctrineCase


@tagged("post_install", "-at_install")
class TestConnection(DoctrineCase):
    def setUp(self):
        super().setUp()
        self.file.need_effect = "Tenir des réunions à distance, 40 agents"
        self.file._run_search("visioconférence").action_add_options()
        self.option = self.file.studied_ids.filtered(
            lambda option: option.solution_id == self.visio
        )

    def _ask(self, **vals):
        action = self.option.action_fits()
        self.env[action["res_model"]].with_user(self.buyer).with_context(
            **action["context"]
        ).create(vals).action_request()
        return self.file.connection_ids[:1]

    def _answer(self, connection, **vals):
        action = connection.with_user(self.buyer).action_answer()
        self.env[action["res_model"]].with_user(self.buyer).with_context(
            **action["context"]
        ).create(
            {"respondent": "Équipe Visio", "answer": "Ouvert le 3", **vals}
        ).action_record()

    def test_one_click_asks_the_operator_and_waits(self):
        connection = self._ask(contact="visio@example.com")
        self.assertEqual(connection.state, "requested")
        self.assertEqual(connection.operator_id, self.visio.operator_id)
        self.assertEqual(connection.message, self.file.need_effect)
        self.assertEqual(self.option.verdict, "retained")
        self.assertEqual(self.file.connection_state, "requested")
        self.assertFalse(self.file.outcome, "asked is not met")
        mail = self.env["mail.mail"].search([("email_to", "=", "visio@example.com")])
        self.assertIn("Visio", mail.subject)
        self.assertFalse(self.file.connection_by_hand)

    def test_what_is_no_address_is_written_to_by_nobody(self):
        before = self.env["mail.mail"].search_count([])
        self._ask(contact="https://visio.example.com/formulaire")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertTrue(self.file.connection_by_hand, "and the buyer is told so")

    def test_a_reminder_waits_for_the_dated_delay(self):
        connection = self._ask()
        today = self.company._souverainete_today()
        self.assertEqual(connection.reminder_on, today + timedelta(days=15))
        reminder = self.file.activity_ids.filtered("told_fact")
        self.assertEqual(reminder.user_id, self.buyer)
        self.assertEqual(reminder.date_deadline, connection.reminder_on)
        self._answer(connection)
        self.assertFalse(self.file.activity_ids.filtered("told_fact"))

    def test_confirmed_by_the_operator_the_need_is_met(self):
        connection = self._ask()
        self._answer(connection)
        self.assertEqual(self.file.outcome, "mutualised")
        self.assertEqual(self.file.file_stage, "met")
        self.assertEqual(self.file.outcome_option_id, self.option)
        self.assertIn("Équipe Visio", self.file.outcome_reason)
        self.assertEqual(connection.recorded_by_id, self.buyer)

    def test_refused_the_road_reopens(self):
        connection = self._ask()
        self._answer(connection, result="refused", answer="Réservé aux préfectures")
        self.assertFalse(self.file.outcome)
        self.assertEqual(self.option.verdict, "rejected")
        self.assertIn("Réservé aux préfectures", self.option.reason)
        with self.assertRaisesRegex(UserError, "already answered"):
            connection.action_answer()

    def test_a_need_is_not_met_by_a_word(self):
        self.option._retain()
        with self.assertRaisesRegex(UserError, "confirmed the connection"):
            self.file._close_need("mutualised", "Visio suffit", self.option)

    def test_one_operator_is_asked_at_a_time(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "already asked"):
            self._ask()

    def test_closing_otherwise_withdraws_the_request(self):
        connection = self._ask()
        self.file._close_need("internal", "Fait par nous")
        self.assertEqual(connection.state, "withdrawn")

    def test_an_answer_says_who_and_is_not_to_come(self):
        connection = self._ask()
        with self.assertRaisesRegex(UserError, "who answered"):
            self._answer(connection, respondent=" ")
        tomorrow = fields.Date.today() + timedelta(days=2)
        with self.assertRaisesRegex(UserError, "to come"):
            self._answer(connection, answered_on=tomorrow)

    def test_nobody_writes_a_connection_by_hand(self):
        connection = self._ask()
        for user in (self.buyer, self.referent, self.dae):
            with self.assertRaises(AccessError):
                connection.with_user(user).write({"state": "confirmed"})
        with self.assertRaises(UserError):
            connection.sudo().unlink()
        with self.assertRaises(AccessError):
            connection.with_user(self.dae).action_withdraw()
        self.assertEqual(connection.with_user(self.dae).state, "requested")

    def test_the_same_reason_answers_all_those_left(self):
        action = self.option.action_does_not_fit()
        self.env[action["res_model"]].with_user(self.buyer).with_context(
            **action["context"]
        ).create({"reason": "Trop peu de participants"}).action_apply_to_all()
        self.assertEqual(set(self.file.studied_ids.mapped("verdict")), {"rejected"})
