"""A contract that runs: its renewal, and an extension that nobody answered.

Real steps by their own people: the buyer, the night's jobs, the officers.
"""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ADDON
from .renewal_common import RenewalCase


@tagged("post_install", "-at_install")
class TestScenarioRenewal(RenewalCase):
    def test_from_the_deadline_to_the_next_agreement(self):
        file = self._confirmed_file(date_end=date(2028, 5, 31))
        self.assertEqual(file.date_next_decision, date(2026, 11, 30))
        self._run_jobs(date(2026, 11, 30))
        self.assertEqual(file.deadline_state, "due")
        self.assertIn("Prepare the renewal", file.activity_ids.mapped("summary"))
        new = file.browse(file.action_renew()["res_id"])
        self.assertEqual(file.deadline_state, "prepared")
        self._state_need(new)
        new._run_search("visioconférence")
        for option in new.option_ids:
            retained = option.partner_id == self.vendor
            option.write(
                {
                    "assessment": "adequate" if retained else "inadequate",
                    "verdict": "retained" if retained else "rejected",
                    "reason": "Examined again",
                }
            )
        self._answer_data_questions(new)
        new.action_launch()
        self._retain_offer(new)
        new.action_confirm()
        self.assertEqual(new.compliance_state, "compliant")
        events = file.journal_ids.mapped("event")
        self.env.cr.precommit.run()
        file.invalidate_recordset(["journal_ids"])
        events = file.journal_ids.mapped("event")
        self.assertIn("renewal", events)

    def test_an_extension_nobody_answered(self):
        file = self._tacit()
        self._run_jobs(date(2026, 11, 27))
        self.assertFalse(file.review_ids)
        self._run_jobs(date(2026, 11, 30))
        review = file.review_ids
        self.assertEqual(review.state, "open")
        self.assertEqual(review.date_notice, date(2027, 5, 31))
        self.assertEqual(review.date_due, date(2027, 5, 30))
        self.assertEqual(review.activity_ids.user_id, self.buyer)
        self._run_jobs(date(2027, 4, 29))
        self.assertEqual(review.state, "open")
        self._run_jobs(date(2027, 4, 30))
        self.assertEqual(review.state, "escalated")
        told = review.activity_ids.user_id
        self.assertLessEqual(self.officer | self.officer2, told)
        self._run_jobs(date(2027, 9, 1))
        self.assertEqual(review.state, "missed")
        self.assertFalse(review.activity_ids)
        self.assertEqual(file.date_period_end, date(2028, 8, 31))
        self.assertEqual(file.date_next_decision, date(2028, 5, 30))
        self._assert_refused(
            "over", lambda: review.with_user(self.buyer).write({"answer": "continue"})
        )
        self._run_jobs(date(2027, 12, 1))
        self.assertEqual(len(file.review_ids), 2)


@tagged("post_install", "-at_install")
class TestReview(RenewalCase):
    def setUp(self):
        super().setUp()
        self.file = self._tacit()
        self._run_jobs(date(2026, 12, 1))
        self.review = self.file.review_ids.with_user(self.buyer)

    def _answer(self, answer, reason="Examined", review=None):
        review = review or self.review
        review.write({"answer": answer, "reason": reason})
        return review.action_answer()

    def test_continuing_moves_on_to_the_next_extension(self):
        self._assert_refused("reason", lambda: self._answer("continue", reason=" "))
        self._answer("continue")
        self.assertEqual(self.review.state, "answered")
        self.assertEqual(self.review.answered_by_id, self.buyer)
        self.assertEqual(self.file.date_period_end, date(2028, 8, 31))
        self.assertFalse(self.review.activity_ids)

    def test_stopping_ends_the_agreement_with_its_period(self):
        self._answer("stop", reason=False)
        self.assertEqual(self.file.date_end, date(2027, 8, 31))
        self.assertEqual(self.file.date_period_end, date(2027, 8, 31))
        self._assert_refused(
            "amendment", lambda: self.file.write({"date_end": date(2028, 8, 31)})
        )

    def test_leaving_prepares_the_renewal(self):
        action = self._answer("leave")
        self.assertEqual(self.file.renewal_ids.id, action["res_id"])
        self.assertEqual(self.file.date_end, date(2027, 8, 31))

    def test_an_answer_is_needed_and_stays(self):
        with self.assertRaisesRegex(UserError, "Choose to continue"):
            self.review.action_answer()
        self._answer("continue")
        stays = "what was answered, or was not, stays"
        for words, attempt in (
            (stays, lambda: self.review.write({"answer": "stop"})),
            (stays, lambda: self.review.sudo().write({"reason": "Another"})),
            ("is over: refresh the page", lambda: self.review.action_answer()),
            ("is never deleted", lambda: self.review.sudo().unlink()),
        ):
            with self._refused_as(words):
                attempt()

    def test_no_client_opens_moves_or_closes_a_review(self):
        reviews = self.env["souverainete.review"].with_user(self.officer)
        with self.assertRaises(AccessError):
            reviews.create({"requisition_id": self.file.id})
        with self.assertRaises(AccessError):
            reviews.sudo().create({"answer": "continue"})
        for vals in (
            {"state": "answered"},
            {"date_due": "2030-01-01"},
            {"period_end": "2030-01-01"},
            {"requisition_id": self._prior().id},
            {"answered_by_id": self.officer.id},
        ):
            for door in (self.review, self.review.sudo()):
                with self.assertRaises(AccessError, msg=str(vals)):
                    door.write(vals)

    def test_the_night_is_the_same_twice(self):
        for _night in range(2):
            self.file.sudo()._write_server({"deadline_day": False})
            self._run_jobs(date(2026, 12, 2))
        self.assertEqual(len(self.file.review_ids), 1)
        self.assertEqual(len(self.review.activity_ids), 1)

    def test_an_agreement_that_ends_otherwise_needs_no_answer(self):
        self.file.action_done()
        self._run_jobs(date(2026, 12, 2))
        self.assertEqual(self.review.state, "void")

    def test_an_interrupted_job_goes_on_from_there(self):
        other = self._tacit()
        files = self.env["purchase.requisition"].search(
            self.env["purchase.requisition"]._get_deadline_domain()
        )
        self.assertIn(other, files)
        self.assertNotIn(self.file, files)

    def test_another_ministry_sees_nothing(self):
        company = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            f"purchase.group_purchase_user,{ADDON}.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for records in (self.review, self._amend(self.file, amount=1)):
            seen = self.env[records._name].with_user(stranger)
            self.assertFalse(seen.search([("id", "in", records.ids)]))
        self.assertTrue(self.review.with_user(self.dae).date_due)
        with self.assertRaises(AccessError):
            self.review.with_user(self.dae).write({"answer": "stop"})


@tagged("post_install", "-at_install")
class TestReviewOfALapsedFile(RenewalCase):
    def test_what_lapsed_is_not_extended_and_may_always_end(self):
        file = self._confirmed_file(
            date_start=date(2026, 9, 1),
            date_end=date(2028, 8, 31),
            reconduction_kind="tacit",
            reconduction_count=1,
            reconduction_months=12,
            notice_months=3,
        )
        self._run_jobs(date(2026, 12, 1))
        review = file.review_ids.with_user(self.buyer)
        self.qualification.write({"date_end": "2026-11-30"})
        review.write({"answer": "continue", "reason": "It works"})
        self._assert_refused("extension", lambda: review.action_answer())
        review.answer = "stop"
        review.action_answer()
        self.assertEqual(file.date_end, date(2027, 8, 31))
