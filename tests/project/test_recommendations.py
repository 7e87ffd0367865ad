"""What is done of the DINUM's answer: recommendations, departures, endings."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.souverainete_achat.models.project.recommendation_text import (
    split_recommendations,
)

from ..common import ADDON
from .referral_common import complete_referral
from .test_opinion import OpinionCase

LETTER = "The opinion carries:\n1. Go by stages,\nthen stop.\n2) Publish the code."


class AnswerCase(OpinionCase):
    def _answered(self, outcome="favourable", project=None, text=LETTER):
        opinion = self._new_opinion(project)
        self._register(opinion, outcome, recommendations=text)
        return opinion

    def _simple(self):
        self.company.public_entity_type = "supervised_body"

    def _found(self, file, code):
        return [f for f in file._findings() if f.rule.code == code]


@tagged("post_install", "-at_install")
class QuestionnaireText(AnswerCase):
    def test_numbers_bullets_paragraphs_and_lines(self):
        for text, expected in (
            (LETTER, ["Go by stages, then stop.", "Publish the code."]),
            ("1. A\n2. B", ["A", "B"]),
            ("1) A\nand more\n2) B", ["A and more", "B"]),
            ("Recommandation n° 1 : A\nRecommandation n° 2 : B", ["A", "B"]),
            ("R1 : A\nR2 : B", ["A", "B"]),
            ("- A\n- B", ["A", "B"]),
            ("• A\n• B", ["A", "B"]),
            ("A\ngoes on\n\nB", ["A goes on", "B"]),
            ("A\nB", ["A", "B"]),
            ("Say so:\n1. A", ["A"]),
            ("1.5 M€ is too much", ["1.5 M€ is too much"]),
            ("", []),
            (None, []),
        ):
            self.assertEqual(split_recommendations(text), expected, text)


@tagged("post_install", "-at_install")
class TestRecommendations(AnswerCase):
    def test_the_dialog_proposes_them_one_by_one(self):
        opinion = self._new_opinion()
        wizard = self.env["souverainete.opinion.step"].with_user(self.officer)
        wizard = wizard.with_context(
            default_opinion_id=opinion.id, default_step="favourable"
        )
        with Form(wizard) as form:
            form.recommendations = LETTER
            self.assertEqual(len(form.line_ids), 2)
            with form.line_ids.edit(1) as line:
                line.text = "Publish all the code."
            form.document_ids.add(self._attach(self.officer))
        form.record.action_apply()
        self.assertEqual(
            opinion.recommendation_ids.mapped("text"),
            ["Go by stages, then stop.", "Publish all the code."],
        )
        self.assertEqual(opinion.recommendation_ids.mapped("number"), [1, 2])

    def test_sent_back_they_go_with_the_transcription(self):
        opinion = self._new_opinion()
        self._step(opinion, "favourable", recommendations=LETTER)
        opinion.with_user(self.officer2).action_reject_registration()
        self.assertFalse(opinion.recommendation_ids)
        self._register(opinion, recommendations="1. Other")
        self.assertEqual(opinion.recommendation_ids.mapped("text"), ["Other"])

    def test_what_the_dinum_wrote_is_never_edited(self):
        records = self._answered().recommendation_ids
        for user in (self.buyer, self.purchase_manager, self.officer, self.dinum):
            for vals in ({"text": "x"}, {"number": 9}, {"opinion_id": False}):
                with self.assertRaises(AccessError):
                    records.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    records.with_user(user).sudo().write(vals)
            with self.assertRaises(AccessError):
                records.with_user(user).unlink()
            with self.assertRaises(AccessError):
                records.with_user(user).create(
                    {"opinion_id": records.opinion_id.id, "number": 3, "text": "x"}
                )
        with self.assertRaisesRegex(UserError, "A recommendation is a fact"):
            records.sudo().unlink()

    def test_an_answer_is_complete(self):
        record = self._answered().recommendation_ids[:1]
        for answer, words in (
            ("to_do", "who does it and by when"),
            ("followed", "how it was followed"),
            ("not_followed", "why the recommendation is not followed"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                record.answer = answer
        due = date(2027, 1, 31)
        record.write({"answer": "to_do", "user_id": self.buyer.id, "date_due": due})
        self.assertEqual(record.answered_by_id, self.buyer)
        activity = record.activity_ids
        self.assertEqual(activity.user_id, self.buyer)
        self.assertEqual(activity.date_deadline, due)
        record.write({"answer": "followed", "evidence": "Published on 12 May"})
        self.assertFalse(record.activity_ids)

    def test_before_the_confirmation_nothing_is_answered(self):
        opinion = self._new_opinion()
        self._step(opinion, "favourable", recommendations=LETTER)
        record = opinion.recommendation_ids[:1]
        with self.assertRaisesRegex(UserError, "confirmation"):
            record.write({"answer": "followed", "evidence": "x"})

    def test_the_dinum_reads_and_does_not_answer(self):
        record = self._answered().recommendation_ids[:1].with_user(self.dinum)
        self.assertEqual(record.number, 1)
        with self.assertRaises(AccessError):
            record.write({"answer": "followed", "evidence": "x"})

    def test_unanswered_they_warn_at_award(self):
        opinion = self._answered()
        file = self._new_file(project_id=opinion.project_id.id)
        [finding] = self._found(file, "recommendations")
        self.assertEqual(finding.rule.stage, "award")
        self.assertFalse(finding.blocking)
        opinion.recommendation_ids.write({"answer": "followed", "evidence": "Done"})
        self.assertFalse(self._found(file, "recommendations"))

    def test_answers_are_journalled(self):
        opinion = self._answered()
        file = self._new_file(project_id=opinion.project_id.id)
        opinion.recommendation_ids[:1].write({"answer": "followed", "evidence": "E"})
        file._journal_flush()
        events = file.sudo().journal_ids.mapped("event")
        self.assertIn("recommendation", events)


@tagged("post_install", "-at_install")
class TestSimpleOpinion(AnswerCase):
    def _depart(self, opinion, user=None, reason="Urgent", authority="Director"):
        opinion.with_user(user or self.officer).action_depart(reason, authority)

    def test_against_an_unfavourable_one_takes_a_reason(self):
        self._simple()
        opinion = self._answered("unfavourable", text="")
        file = self._new_file(project_id=opinion.project_id.id)
        self.assertIsNone(self._gap(opinion.project_id), "its content does not bind")
        self.assertTrue(self._found(file, "opinion_departure")[0].blocking)
        self.assertIn("It does not bind", opinion.situation)
        self._depart(opinion)
        self.assertFalse(self._found(file, "opinion_departure"))
        self.assertFalse(opinion.situation, "it binds nobody and the reason is kept")
        file._journal_flush()
        self.assertIn("departure", file.sudo().journal_ids.mapped("event"))

    def test_a_second_request_does_not_lift_it(self):
        self._simple()
        opinion = self._answered("unfavourable", text="")
        again = self._new_opinion(opinion.project_id)
        self._step(again, "received")
        file = self._new_file(project_id=opinion.project_id.id)
        self.assertTrue(self._found(file, "opinion_departure"))
        self._register(again)
        self.assertFalse(self._found(file, "opinion_departure"))

    def test_recommendations_not_followed_take_it_too(self):
        self._simple()
        opinion = self._answered()
        file = self._new_file(project_id=opinion.project_id.id)
        first, second = opinion.recommendation_ids
        first.write({"answer": "not_followed", "reason": "No budget"})
        self.assertTrue(self._found(file, "opinion_departure"))
        self._depart(opinion)
        self.assertFalse(self._found(file, "opinion_departure"))
        with self.assertRaisesRegex(UserError, "no longer rewritten"):
            first.reason = "Another reason"
        second.write({"answer": "not_followed", "reason": "No time"})
        self.assertTrue(self._found(file, "opinion_departure"), "not covered")

    def test_who_states_it(self):
        self._simple()
        opinion = self._answered("unfavourable", text="")
        for user in (self.buyer, self.purchase_manager, self.dae, self.dinum):
            with self.assertRaises(AccessError):
                self._depart(opinion, user)
        for reason, authority, words in (
            (" ", "Director", "Give the reason"),
            ("Urgent", "", "Say who decides"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self._depart(opinion, reason=reason, authority=authority)
        project = self._new_project(10_000_000, user=self.officer)
        own = self.env["souverainete.opinion"].with_user(self.officer)
        own = complete_referral(own.create({"project_id": project.id}))
        own.action_submit()
        self._step(own, "unfavourable", user=self.officer2)
        own.with_user(self.dinum).action_confirm_registration()
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            self._depart(own)

    def test_it_is_never_edited(self):
        self._simple()
        opinion = self._answered("unfavourable", text="")
        self._depart(opinion)
        departure = opinion.departure_ids
        for user in (self.buyer, self.officer, self.env.user):
            with self.assertRaises(AccessError):
                departure.with_user(user).sudo().reason = "x"
            with self.assertRaisesRegex(UserError, "these records are evidence"):
                departure.with_user(user).sudo().unlink()
            with self.assertRaises(AccessError):
                departure.with_user(user).sudo().create(
                    {"opinion_id": opinion.id, "reason": "x", "authority": "x"}
                )
        with self.assertRaisesRegex(UserError, "Nothing to state"):
            self._depart(opinion)

    def test_a_binding_opinion_is_not_departed_from(self):
        opinion = self._answered("unfavourable", text="")
        with self.assertRaisesRegex(UserError, "Nothing to state"):
            self._depart(opinion)


@tagged("post_install", "-at_install")
class TestRefusalBinds(AnswerCase):
    def test_restated_costs_do_not_set_it_aside(self):
        opinion = self._answered("unfavourable", text="")
        project = opinion.project_id
        project.cost_line_ids.amount = 8_000_000
        self.assertEqual(self._gap(project), "shrunk")
        with self.assertRaises(AccessError):
            opinion.action_declare_stale("Smaller")
        with self.assertRaisesRegex(UserError, "reason"):
            opinion.with_user(self.officer).action_declare_stale()
        opinion.with_user(self.officer).action_declare_stale("Half the scope")
        self.assertIsNone(self._gap(project))
        project.cost_line_ids.amount = 10_000_000
        self.assertEqual(self._gap(project), "stale")

    def test_who_asked_does_not_set_it_aside(self):
        project = self._new_project(10_000_000, user=self.officer)
        own = self.env["souverainete.opinion"].with_user(self.officer)
        own = complete_referral(own.create({"project_id": project.id}))
        own.action_submit()
        self._step(own, "unfavourable", user=self.officer2)
        own.with_user(self.dinum).action_confirm_registration()
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            own.action_declare_stale("Smaller")

    def test_only_a_new_favourable_opinion_lifts_it(self):
        opinion = self._answered("unfavourable", text="")
        project = opinion.project_id
        again = self._new_opinion(project)
        self.assertEqual(self._gap(project), "running")
        again.action_withdraw("Not ready")
        self.assertEqual(self._gap(project), "unfavourable")
        self._register(self._new_opinion(project))
        self.assertIsNone(self._gap(project))

    def test_a_letter_being_confirmed_is_not_fled(self):
        opinion = self._new_opinion()
        self._step(opinion, "unfavourable")
        for user in (self.buyer, self.officer):
            with self.assertRaisesRegex(UserError, "awaits confirmation"):
                opinion.with_user(user).action_withdraw("x")


@tagged("post_install", "-at_install")
class TestEndings(AnswerCase):
    def test_the_dialog_withdraws_with_its_reason(self):
        opinion = self._new_opinion()
        wizard = self.env["souverainete.opinion.decision"].with_user(self.buyer)
        wizard.create(
            {"opinion_id": opinion.id, "decision": "withdraw", "reason": "Dropped"}
        ).action_apply()
        opinion.invalidate_recordset()
        self.assertEqual(opinion.state, "withdrawn")
        self.assertEqual(opinion.ending_reason, "Dropped")
        self.assertEqual(opinion.ended_by_id, self.buyer)

    def test_a_scope_that_changed_is_declared_with_a_reason(self):
        opinion = self._answered()
        officer = opinion.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "reason"):
            officer.action_declare_stale()
        officer.action_declare_stale("Another scope")
        self.assertEqual(opinion.state, "stale")
        self.assertEqual(opinion.ended_by_id, self.officer)

    def test_growth_is_tolerated_by_a_dated_record(self):
        opinion = self._answered()
        opinion.project_id.cost_line_ids.amount = 10_500_000
        self.assertTrue(opinion._is_stale())
        tolerance = self.env["souverainete.threshold"].create(
            {
                "name": "Tolerance",
                "kind": "opinion_tolerance",
                "tax_basis": "ttc",
                "amount": 500_000,
                "certainty": "policy",
                "source": "Ministry policy",
            }
        )
        self.assertFalse(opinion._is_stale())
        opinion.project_id.cost_line_ids.amount = 10_500_000.01
        self.assertTrue(opinion._is_stale())
        self.assertEqual(tolerance.policy_state, "active")

    def test_orders_are_not_released_by_a_withdrawal(self):
        others = self.env["souverainete.rule"].search(
            [("severity", "=", "blocking"), ("code", "!=", "dinum_opinion")]
        )
        others.severity = "warning"
        project = self._new_project(8_000_000)
        file = self._new_file(project_id=project.id)
        file.action_launch()
        file.action_confirm()
        order = self._new_order(requisition_id=file.id)
        project.with_user(self.officer).cost_line_ids.amount = 10_000_000
        opinion = self._new_opinion(project)
        order.button_confirm()
        opinion.action_withdraw("Not ready")
        self.assertEqual(order.state, "to approve")
        with self.assertRaisesRegex(UserError, "request the DINUM's opinion"):
            order.with_user(self.purchase_manager).button_approve()


@tagged("post_install", "-at_install")
class TestFollowUp(AnswerCase):
    def test_twice_a_year_until_the_opinion_ends(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._answered()
        self.assertEqual(opinion.date_follow_up, date(2026, 9, 10))
        asked = self.env.ref(f"{ADDON}.activity_opinion_follow_up")
        for moment, count in (
            ("2026-09-09 12:00:00", 0),
            ("2026-09-10 12:00:00", 1),
            ("2026-09-11 12:00:00", 1),
            ("2027-03-10 12:00:00", 1),
        ):
            with freeze_time(moment), patch.object(self.env.cr, "commit"):
                self.env["souverainete.opinion"]._cron_follow_up()
            found = opinion.sudo().activity_ids.filtered(
                lambda activity: activity.activity_type_id == asked
            )
            self.assertEqual(len(found), count, moment)
        self.assertEqual(opinion.date_follow_up, date(2027, 9, 10))
        opinion.with_user(self.officer).action_declare_stale("Another scope")
        self.assertFalse(opinion.date_follow_up)

    def test_a_refused_project_has_none(self):
        self.assertFalse(self._answered("unfavourable", text="").date_follow_up)

    def test_observations_are_for_information(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._new_opinion()
            self._step(opinion, "received")
        self.assertEqual(opinion.date_observations, date(2026, 4, 4))
        self.assertEqual(opinion.date_due, date(2026, 4, 10))

    def test_documents_of_an_answer_are_readable_ones(self):
        record = self._answered().recommendation_ids[:1]
        secret = self._attach(self.officer)
        with self.assertRaises(AccessError):
            record.write(
                {"answer": "followed", "document_ids": [Command.link(secret.id)]}
            )
