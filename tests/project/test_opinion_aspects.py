"""The aspects the DINUM judges, the ANSSI's observation, and the publication."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .referral_common import complete_referral
from .test_opinion import OpinionCase

_ASPECTS = ("Strategy", "Finances", "Governance", "Carrying out", "Planning")


@tagged("post_install", "-at_install")
class TestAspects(OpinionCase):
    def test_the_note_opens_on_the_five_aspects_in_order(self):
        opinion = self._new_opinion(submit=False)
        places = [opinion.note.index(f"<h3>{aspect}</h3>") for aspect in _ASPECTS]
        self.assertEqual(places, sorted(places))
        self.assertFalse(
            opinion.piece_ids.piece_id.filtered(lambda p: p.provision == "aspect")
        )

    def test_headings_alone_are_no_note(self):
        opinion = self._new_opinion(submit=False)
        headings = opinion.note
        complete_referral(opinion).note = headings
        with self.assertRaisesRegex(UserError, "Summary note"):
            opinion.action_submit()
        opinion.note = str(headings).replace("</p>", "Two years</p>")
        opinion.action_submit()
        self.assertEqual(opinion.state, "submitted")

    def test_the_opinion_is_kept_by_aspect_with_the_anssi_s_observation(self):
        opinion = self._new_opinion()
        self._step(opinion, "received")
        wizard = self.env["souverainete.opinion.step"].with_user(self.officer)
        self.assertIn("<h3>Finances</h3>", wizard.new({}).appraisal)
        said = "<h3>Finances</h3><p>Costs are underestimated.</p>"
        self._register(opinion, appraisal=said, security_observation="Two audits.")
        self.assertIn("underestimated", opinion.appraisal)
        self.assertEqual(opinion.security_observation, "Two audits.")
        [entry] = [
            payload
            for payload in (opinion._prepare_step_payload(),)
            if payload.get("security")
        ]
        self.assertEqual(entry["security"], "Two audits.")
        with self.assertRaises(AccessError):
            opinion.with_user(self.officer).write({"appraisal": "<p>Other</p>"})

    def test_headings_without_a_word_are_not_kept(self):
        opinion = self._new_opinion()
        self._step(opinion, "received")
        self._register(opinion)
        self.assertFalse(opinion.appraisal)

    def test_a_transcription_sent_back_takes_them_along(self):
        opinion = self._new_opinion()
        self._step(opinion, "received")
        self._step(opinion, "favourable", appraisal="<p>Good</p>")
        opinion.with_user(self.officer2).action_reject_registration()
        self.assertFalse(opinion.appraisal)


@tagged("post_install", "-at_install")
class TestPublication(OpinionCase):
    def _publish(self, opinion, user=None, **vals):
        wizard = self.env["souverainete.opinion.decision"].with_user(
            user or self.officer
        )
        wizard.create(
            {"opinion_id": opinion.id, "decision": "publication", **vals}
        ).action_apply()

    def _given(self):
        opinion = self._new_opinion()
        self._step(opinion, "received")
        self._register(opinion)
        return opinion

    @freeze_time("2026-10-05 10:00")
    def test_deferred_while_a_consultation_is_coming_then_published(self):
        opinion = self._given()
        deferral = {
            "publication": "deferred",
            "date_publication": "2026-12-01",
            "reason": "A consultation is coming",
        }
        self._publish(opinion, **deferral)
        self.assertEqual(opinion.publication, "deferred")
        self.assertEqual(opinion.publication_reason, "A consultation is coming")
        with freeze_time("2026-12-02 10:00"):
            self._publish(
                opinion,
                publication="published",
                date_publication="2026-12-02",
                publication_url="https://numerique.gouv.fr/avis",
            )
        self.assertEqual(opinion.publication, "published")
        self.assertFalse(opinion.publication_reason)
        self.assertEqual(
            opinion._prepare_step_payload()["publication"]["address"],
            "https://numerique.gouv.fr/avis",
        )

    @freeze_time("2026-10-05 10:00")
    def test_a_day_or_a_reason_that_lacks_is_asked(self):
        opinion = self._given()
        for vals, words in (
            ({"publication": "published"}, "Give the day"),
            (
                {"publication": "published", "date_publication": "2026-10-06"},
                "Give the day",
            ),
            (
                {"publication": "deferred", "date_publication": "2026-12-01"},
                "Give the reason",
            ),
            ({"publication": "withheld"}, "Give the reason"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, words):
                self._publish(opinion, **vals)
        self._publish(opinion, publication="withheld", reason="Classified")
        self.assertFalse(opinion.date_publication)

    def test_only_registrars_and_only_what_was_given(self):
        opinion = self._given()
        vals = {"publication": "withheld", "reason": "Classified"}
        with self.assertRaises(AccessError):
            self._publish(opinion, self.buyer, **vals)
        with self.assertRaisesRegex(UserError, "that was given"):
            self._publish(self._new_opinion(), **vals)
