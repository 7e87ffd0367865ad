"""The DINUM's opinion: clock, four eyes, findings. Its cost: test_project.py.

Texts: décret 2019-1088, art. 3; arrêté of 5 June 2020, art. 3.
"""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import format_date

from ..common import ADDON, SouveraineteCase
from .referral_common import complete_referral


class OpinionCase(SouveraineteCase):
    """A project of the buyer, and an opinion that others answer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")

    @classmethod
    def _new_project(cls, *lines, user=None, **vals):
        """A project whose lines are amounts (€ TTC, construction) or full values."""
        values = [
            line if isinstance(line, dict) else {"amount": line, "tax_basis": "ttc"}
            for line in lines
        ]
        commands = [
            Command.create({"name": f"Cost {rank}", **line})
            for rank, line in enumerate(values)
        ]
        return (
            cls.env["souverainete.project"]
            .with_user(user or cls.buyer)
            .create({"name": "New payroll", "cost_line_ids": commands, **vals})
        )

    @classmethod
    def _new_opinion(cls, project=None, channel="registered", submit=True):
        """The buyer's request on a project of 10 M€."""
        project = project or cls._new_project(10_000_000)
        opinion = (
            cls.env["souverainete.opinion"]
            .with_user(cls.buyer)
            .create({"project_id": project.id, "channel": channel})
        )
        if submit:
            complete_referral(opinion).action_submit()
        return opinion

    def _attach(self, user, name="letter.pdf"):
        return (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": name, "raw": b"The DINUM's letter"})
        )

    def _step(self, opinion, step, user=None, day=None, **vals):
        """Record one event through the dialog, as a user does."""
        user = user or self.officer
        wizard = self.env["souverainete.opinion.step"].with_user(user)
        vals.setdefault("document_ids", [Command.link(self._attach(user).id)])
        dated = {"date": day} if day else {}
        wizard.create(
            {"opinion_id": opinion.id, "step": step, **dated, **vals}
        ).action_apply()
        opinion.invalidate_recordset()

    def _register(self, opinion, outcome="favourable", **vals):
        """Transcribed by one officer, confirmed by the other."""
        self._step(opinion, outcome, **vals)
        opinion.with_user(self.officer2).action_confirm_registration()

    def _gap(self, project):
        """Key of what the project's opinion lacks, or None."""
        file = self._new_file(project_id=project.id)
        found = file.sudo()._finding_dinum_opinion(None)
        return next(iter(found), None)


@tagged("post_install", "-at_install")
class TestClock(OpinionCase):
    """« réputé favorable en l'absence de réponse dans un délai d'un mois »."""

    def test_an_earlier_suspension_found_later_is_recorded(self):
        with freeze_time("2026-03-10 10:00"):
            opinion = self._new_opinion()
            self._step(opinion, "received", day="2026-03-10")
        with freeze_time("2026-03-26 10:00"):
            self._step(opinion, "suspend", day="2026-03-20")
            self._step(opinion, "resume", day="2026-03-25")
            self.assertEqual(str(opinion.date_due), "2026-04-15")
            with self.assertRaisesRegex(UserError, "date that is not in the future"):
                self._step(opinion, "suspend", day="2026-03-12", date_to="2026-03-27")
            self._step(opinion, "suspend", day="2026-03-12", date_to="2026-03-15")
            self.assertEqual(str(opinion.date_due), "2026-04-18")
            self.assertEqual(opinion.state, "submitted")

    def test_a_letter_sent_back_leaves_the_day_of_the_silence(self):
        with freeze_time("2026-03-10 10:00"):
            opinion = self._new_opinion()
            self._step(opinion, "received", day="2026-03-10")
        with freeze_time("2026-04-20 10:00"):
            self.env["souverainete.opinion"]._cron_tacit()
            self.assertEqual(str(opinion.date_outcome), "2026-04-11")
            self._step(opinion, "unfavourable", day="2026-04-10")
            opinion.with_user(self.officer2).action_reject_registration()
        self.assertEqual(opinion.state, "tacit")
        self.assertEqual(str(opinion.date_outcome), "2026-04-11")

    def test_a_transcribed_refusal_is_not_undone_by_restating_costs(self):
        opinion = self._new_opinion()
        self._step(opinion, "unfavourable")
        line = opinion.project_id.cost_line_ids
        line.amount = 1_000_000
        self.assertIn("pending", opinion.project_id._get_opinion_gap())

    def _received(self, day, channel="registered"):
        with freeze_time(f"{day} 09:00:00"):
            opinion = self._new_opinion(channel=channel)
            self._step(opinion, "received", day=day)
        return opinion

    def _run(self, moment):
        with freeze_time(moment):
            self.env["souverainete.opinion"]._cron_tacit()

    def test_one_calendar_month(self):
        for received, due in (
            ("2026-03-10", date(2026, 4, 10)),
            ("2026-01-31", date(2026, 2, 28)),
            ("2028-01-31", date(2028, 2, 29)),
            ("2026-03-31", date(2026, 4, 30)),
            ("2026-02-28", date(2026, 3, 28)),
            ("2026-12-31", date(2027, 1, 31)),
        ):
            self.assertEqual(self._received(received).date_due, due, received)

    def test_tacit_the_day_after_never_before(self):
        opinion = self._received("2026-03-10")
        self._run("2026-04-10 12:00:00")
        self.assertEqual(opinion.state, "submitted")
        self._run("2026-04-11 12:00:00")
        self.assertEqual(opinion.state, "tacit")
        self.assertEqual(opinion.date_outcome, date(2026, 4, 11))

    def test_the_day_is_paris(self):
        """22:30 UTC is the next day in Paris in summer, 23:30 in winter."""
        summer = self._received("2026-06-10")
        self._run("2026-07-10 21:59:00")
        self.assertEqual(summer.state, "submitted")
        self._run("2026-07-10 22:30:00")
        self.assertEqual(summer.state, "tacit")
        winter = self._received("2026-11-10")
        self._run("2026-12-10 22:30:00")
        self.assertEqual(winter.state, "submitted")
        self._run("2026-12-10 23:30:00")
        self.assertEqual(winter.state, "tacit")

    def test_no_tacit_without_acknowledgement(self):
        with freeze_time("2026-03-10"):
            opinion = self._new_opinion()
        self._run("2030-01-01 12:00:00")
        self.assertEqual(opinion.state, "submitted")
        self.assertFalse(opinion.date_due)

    def test_suspensions_add_their_days(self):
        opinion = self._received("2026-03-10")
        with freeze_time("2026-06-01"):
            self._step(opinion, "suspend", day="2026-03-20", reason="Costs?")
            self.assertFalse(opinion.date_due)
            self.assertEqual(opinion.state, "suspended")
            self._step(opinion, "resume", day="2026-03-25")
            self.assertEqual(opinion.date_due, date(2026, 4, 15))
            self._step(opinion, "suspend", day="2026-04-15")
            self._step(opinion, "resume", day="2026-05-15")
        self.assertEqual(opinion.date_due, date(2026, 5, 15))

    def test_no_tacit_while_suspended(self):
        opinion = self._received("2026-03-10")
        with freeze_time("2026-03-20"):
            self._step(opinion, "suspend")
        self._run("2030-01-01 12:00:00")
        self.assertEqual(opinion.state, "suspended")

    def test_no_suspension_after_the_time_limit(self):
        opinion = self._received("2026-03-10")
        with freeze_time("2026-05-01"), self.assertRaisesRegex(UserError, "ended"):
            self._step(opinion, "suspend", day="2026-04-11")

    def test_suspensions_do_not_overlap(self):
        opinion = self._received("2026-03-10")
        with freeze_time("2026-04-01"):
            self._step(opinion, "suspend", day="2026-03-20")
            self._step(opinion, "resume", day="2026-03-25")
            with self.assertRaisesRegex(ValidationError, "overlap"):
                self._step(opinion, "suspend", day="2026-03-24")

    def test_question_before_the_complete_file_adds_nothing(self):
        with freeze_time("2026-03-31"):
            opinion = self._new_opinion()
            self._step(opinion, "suspend", day="2026-03-01")
            self._step(opinion, "resume", day="2026-03-10")
            self._step(opinion, "received", day="2026-03-10")
        self.assertEqual(opinion.date_due, date(2026, 4, 10))

    def test_a_letter_being_confirmed_is_no_silence(self):
        opinion = self._received("2026-03-10")
        with freeze_time("2026-04-09"):
            self._step(opinion, "unfavourable")
        self._run("2026-05-01 12:00:00")
        self.assertEqual(opinion.state, "submitted")

    def test_letter_in_time_recorded_late_prevails(self):
        opinion = self._received("2026-03-10")
        self._run("2026-04-11 12:00:00")
        with freeze_time("2026-04-20"):
            with self.assertRaisesRegex(UserError, "the opinion is deemed"):
                self._step(opinion, "unfavourable", day="2026-04-11")
            self._step(opinion, "unfavourable", day="2026-04-10")
            self.assertEqual(self._gap(opinion.project_id), "running")
            opinion.with_user(self.officer2).action_confirm_registration()
        self.assertEqual(opinion.state, "unfavourable")

    def test_a_letter_after_the_decision_is_kept_and_changes_nothing(self):
        opinion = self._received("2026-03-10")
        file = self._new_file(project_id=opinion.project_id.id)
        self._run("2026-04-11 12:00:00")
        before = (opinion.state, opinion.date_outcome, opinion.recommendations)
        with freeze_time("2026-04-20"):
            with self.assertRaisesRegex(UserError, "Attach the document received"):
                self._step(opinion, "late", day="2026-04-12", document_ids=[])
            self._step(opinion, "late", day="2026-04-12", reference="L-12")
            late = opinion.event_ids[-1]
            self.assertEqual((late.kind, late.user_id), ("late", self.officer))
            self.assertEqual(late.reference, "L-12")
            self.assertTrue(late.document_ids <= opinion.document_ids)
        after = (opinion.state, opinion.date_outcome, opinion.recommendations)
        self.assertEqual(after, before)
        self.assertFalse(opinion.registration_pending)
        self.assertIn("L-12", opinion.message_ids[0].body)
        file._journal_flush()
        self.env.invalidate_all()
        self.assertIn("L-12", file.journal_ids.sorted("id")[-1].summary)
        self.assertIn("letter.pdf", opinion.document_ids.mapped("name"))

    def test_a_running_request_has_no_letter_after_the_decision(self):
        opinion = self._received("2026-03-10")
        with (
            freeze_time("2026-03-20"),
            self.assertRaisesRegex(UserError, "This cannot be recorded"),
        ):
            self._step(opinion, "late")

    def test_tacit_twice_is_tacit_once(self):
        opinion = self._received("2026-03-10")
        self._run("2026-04-11 12:00:00")
        messages = opinion.message_ids
        self._run("2026-04-12 12:00:00")
        self.assertEqual(opinion.message_ids, messages)
        self.assertEqual(opinion.date_outcome, date(2026, 4, 11))

    def test_no_silence_for_a_simple_opinion(self):
        self.company.public_entity_type = "supervised_body"
        opinion = self._received("2026-03-10")
        self._run("2027-01-01 12:00:00")
        self.assertEqual(opinion.state, "submitted")

    def test_no_date_in_the_future(self):
        with freeze_time("2026-03-10 22:30:00"):
            opinion = self._new_opinion()
            self._step(opinion, "received", day="2026-03-10")
            with self.assertRaisesRegex(UserError, "future"):
                self._step(opinion, "received", day="2026-03-11")


@tagged("post_install", "-at_install")
class TestFourEyes(OpinionCase):
    def test_registered_by_one_confirmed_by_another(self):
        opinion = self._new_opinion()
        self._step(opinion, "favourable", recommendations="Go by stages.")
        self.assertEqual(opinion.state, "submitted")
        self.assertTrue(opinion.registration_pending)
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            opinion.with_user(self.officer).action_confirm_registration()
        opinion.with_user(self.officer2).action_confirm_registration()
        self.assertRecordValues(
            opinion,
            [
                {
                    "state": "favourable",
                    "recommendations": "Go by stages.",
                    "requester_id": self.buyer.id,
                    "registrar_id": self.officer.id,
                    "confirmer_id": self.officer2.id,
                }
            ],
        )

    def test_dinum_may_confirm(self):
        opinion = self._new_opinion()
        self._step(opinion, "unfavourable")
        opinion.with_user(self.dinum).action_confirm_registration()
        self.assertEqual(opinion.state, "unfavourable")

    def test_requester_never_records_nor_confirms(self):
        project = self._new_project(10_000_000, user=self.officer)
        opinion = (
            self.env["souverainete.opinion"]
            .with_user(self.officer)
            .create({"project_id": project.id})
        )
        complete_referral(opinion).action_submit()
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            self._step(opinion, "received")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            self._step(opinion, "favourable")
        self._step(opinion, "favourable", user=self.officer2)
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            opinion.action_confirm_registration()

    def test_author_of_the_draft_has_asked_too(self):
        opinion = self._new_opinion(submit=False)
        complete_referral(opinion.with_user(self.officer)).action_submit()
        self.assertEqual(opinion.requester_id, self.officer)
        self.assertIn(self.buyer, opinion._get_askers())

    def test_buyers_neither_record_nor_confirm(self):
        opinion = self._new_opinion()
        for user in (self.buyer, self.purchase_manager, self.dae, self.referent):
            with self.assertRaises(AccessError):
                opinion.with_user(user)._apply_step("favourable", {"date": None})
            with self.assertRaises(AccessError):
                self.env["souverainete.opinion.step"].with_user(user).create(
                    {"opinion_id": opinion.id, "step": "favourable"}
                )
        self._step(opinion, "favourable")
        for user in (self.buyer, self.purchase_manager, self.dae, self.referent):
            with self.assertRaises(AccessError):
                opinion.with_user(user).action_confirm_registration()

    def test_letter_needs_its_document(self):
        opinion = self._new_opinion()
        for step in ("received", "favourable", "unfavourable"):
            with self.assertRaisesRegex(UserError, "document"):
                self._step(opinion, step, document_ids=[])

    def test_altered_document_is_not_confirmed(self):
        opinion = self._new_opinion()
        self._step(opinion, "favourable")
        opinion.sudo().document_ids.raw = b"Another letter"
        with self.assertRaisesRegex(UserError, "changed"):
            opinion.with_user(self.officer2).action_confirm_registration()

    def test_only_readable_documents_are_attached(self):
        partner = self.env["res.partner"].create({"name": "Private"})
        secret = self.env["ir.attachment"].create(
            {
                "name": "offer.pdf",
                "raw": b"x",
                "res_model": "souverainete.policy.unknown",
                "res_id": partner.id,
            }
        )
        opinion = self._new_opinion()
        with self.assertRaises(AccessError):
            self._step(opinion, "favourable", document_ids=[Command.link(secret.id)])

    def test_wrong_transcription_is_sent_back(self):
        opinion = self._new_opinion()
        self._step(opinion, "favourable", reference="Wrong")
        opinion.with_user(self.officer2).action_reject_registration()
        self.assertFalse(opinion.registrar_id)
        self._step(opinion, "unfavourable", user=self.officer2)
        opinion.with_user(self.officer).action_confirm_registration()
        self.assertEqual(opinion.state, "unfavourable")

    def test_dinum_answers_here(self):
        opinion = self._new_opinion(channel="here")
        self._step(opinion, "received", user=self.dinum, document_ids=[])
        self._step(opinion, "suspend", user=self.dinum, reason="Why?")
        self._step(opinion, "resume", user=self.dinum)
        self._step(opinion, "favourable", user=self.dinum, document_ids=[])
        self.assertEqual(opinion.state, "favourable")
        self.assertEqual(opinion.confirmer_id, self.dinum)

    def test_officer_never_answers_here(self):
        opinion = self._new_opinion(channel="here")
        for step in ("received", "favourable", "suspend"):
            with self.assertRaises(AccessError):
                self._step(opinion, step)

    def test_here_the_day_is_today(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._new_opinion(channel="here")
            self._step(opinion, "received", user=self.dinum, day="2026-01-01")
        self.assertEqual(opinion.date_received, date(2026, 3, 10))

    def test_withdrawn_by_who_asked_or_an_officer(self):
        other = self._new_user("other_buyer", "purchase.group_purchase_user")
        opinion = self._new_opinion()
        with self.assertRaises(AccessError):
            opinion.with_user(other).action_withdraw("x")
        with self.assertRaisesRegex(UserError, "reason"):
            opinion.action_withdraw(" ")
        opinion.action_withdraw("The project is dropped")
        self.assertEqual(opinion.state, "withdrawn")
        with self.assertRaisesRegex(UserError, "Only a running request can"):
            opinion.with_user(self.officer).action_withdraw("x")


@tagged("post_install", "-at_install")
class TestForgery(OpinionCase):
    """What a client may try by RPC, whoever they are."""

    def test_states_and_dates_cannot_be_written(self):
        opinion = self._new_opinion()
        for user in (self.buyer, self.purchase_manager, self.officer, self.dinum):
            for vals in (
                {"state": "favourable"},
                {"date_received": "2020-01-01"},
                {"date_due": "2020-01-01"},
                {"registrar_id": self.officer.id, "confirmer_id": self.dinum.id},
                {"kind": "simple"},
                {"basis_cost": 99_000_000},
                {"suspension_ids": [Command.clear()]},
                {"document_ids": [Command.clear()]},
            ):
                with self.assertRaises(AccessError):
                    opinion.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    opinion.with_user(user).sudo().write(vals)

    def test_final_state_at_creation_is_refused(self):
        project = self._new_project(10_000_000)
        model = self.env["souverainete.opinion"]
        for user in (self.buyer, self.officer, self.env.user):
            with self.assertRaises(AccessError):
                model.with_user(user).create(
                    {"project_id": project.id, "state": "favourable"}
                )
        opinion = (
            model.with_user(self.buyer)
            .with_context(default_state="favourable", default_kind="binding")
            .create({"project_id": project.id})
        )
        self.assertEqual(opinion.state, "draft")

    def test_suspensions_cannot_be_made_up(self):
        opinion = self._new_opinion()
        vals = {"opinion_id": opinion.id, "date_from": "2026-01-01"}
        for user in (self.buyer, self.officer, self.dinum):
            with self.assertRaises(AccessError):
                self.env["souverainete.suspension"].with_user(user).create(vals)
            with self.assertRaises(AccessError):
                self.env["souverainete.suspension"].with_user(user).sudo().create(vals)

    def test_events_cannot_be_made_up(self):
        opinion = self._new_opinion()
        self._step(opinion, "received")
        vals = {"opinion_id": opinion.id, "kind": "late", "date": "2026-01-01"}
        for user in (self.buyer, self.officer, self.dinum):
            events = self.env["souverainete.opinion.event"].with_user(user)
            for model in (events, events.sudo()):
                with self.assertRaises(AccessError):
                    model.create(vals)
            event = opinion.event_ids.with_user(user).sudo()
            with self.assertRaises(AccessError):
                event.write({"date": "2026-01-01"})
            with self.assertRaisesRegex(UserError, "evidence"):
                event.unlink()

    def test_submitted_request_keeps_project_and_channel(self):
        opinion = self._new_opinion()
        other = self._new_project(1)
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                opinion.with_user(user).write({"project_id": other.id})
        with self.assertRaisesRegex(UserError, "A submitted request keeps"):
            opinion.sudo().write({"channel": "here"})

    def test_copy_starts_afresh(self):
        opinion = self._new_opinion()
        self._register(opinion)
        copy = opinion.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.date_received or copy.registrar_id or copy.kind)

    def test_submitted_is_never_deleted(self):
        opinion = self._new_opinion()
        with self.assertRaises(AccessError):
            opinion.unlink()
        with self.assertRaisesRegex(UserError, "submitted opinion is evidence"):
            opinion.sudo().unlink()
        with self.assertRaisesRegex(UserError, "purchase file or an opinion"):
            opinion.project_id.sudo().unlink()
        draft = self._new_opinion(self._new_project(1), submit=False)
        draft.unlink()
        self.assertFalse(draft.exists())

    def test_time_zone_and_context_do_not_move_the_day(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._new_opinion()
            with self.assertRaisesRegex(UserError, "date that is not in the future"):
                self.officer.tz = "Pacific/Kiritimati"
                self._step(opinion, "received", day="2026-03-11")


@tagged("post_install", "-at_install")
class TestFindings(OpinionCase):
    def test_project_is_asked(self):
        file = self._new_file(price=1_000_000)
        self.assertIn("project", self._codes(file, "launch"))
        file.project_id = self._new_project(1)
        self.assertNotIn("project", self._codes(file, "launch"))
        self.assertEqual(file.project_scope, "project")

    def test_a_refusal_is_not_left_behind_by_changing_the_project(self):
        opinion = self._new_opinion()
        file = self._new_file(project_id=opinion.project_id.id)
        other = self._new_project(1)
        self._step(opinion, "unfavourable")
        for _pending in range(2):
            for door in (file, file.sudo(), file.with_user(self.purchase_manager)):
                for project in (other.id, False):
                    with self.assertRaisesRegex(UserError, "unfavourable"):
                        door.project_id = project
            if opinion.registration_pending:
                opinion.with_user(self.officer2).action_confirm_registration()
        file.with_user(self.officer).project_id = other
        self.assertEqual(file.project_id, other)

    def test_only_the_officer_declares_transversal(self):
        file = self._new_file()
        for user in (self.buyer, self.purchase_manager):
            with self.assertRaises(AccessError):
                file.with_user(user).write(
                    {"project_scope": "transversal", "project_scope_reason": "TMA"}
                )
        with self.assertRaises(AccessError):
            file.write({"project_scope_officer_id": self.officer.id})
        with self.assertRaises(AccessError):
            self._new_file(project_scope="transversal", project_scope_reason="TMA")
        file.project_scope_reason = "TMA"
        file.with_user(self.officer).write({"project_scope": "transversal"})
        self.assertEqual(file.project_scope_officer_id, self.officer)
        self.assertNotIn("project", self._codes(file, "launch"))

    def test_transversal_needs_a_reason_and_another_person(self):
        with self.assertRaisesRegex(UserError, "Empty the project and give"):
            self._new_file().with_user(self.officer).action_declare_transversal()
        own = self._new_file(user=self.officer, project_scope_reason="TMA")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            own.action_declare_transversal()

    def test_another_reason_ends_the_declaration(self):
        file = self._new_file(price=1_000_000, project_scope_reason="TMA")
        file.with_user(self.officer).action_declare_transversal()
        file.project_scope_reason = "Something else"
        self.assertFalse(file.project_scope)
        self.assertIn("project", self._codes(file, "launch"))

    def test_project_of_another_ministry_is_refused(self):
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        project = self.env["souverainete.project"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaisesRegex(ValidationError, "is a project of another"):
            self._new_file().sudo().project_id = project

    def test_unknown_cost_blocks(self):
        file = self._new_file(project_id=self._new_project(1, {"amount": 0}).id)
        self.assertIn("project_cost", self._codes(file, "launch"))
        self.assertNotIn("dinum_opinion", self._codes(file, "launch"))

    def test_cheap_project_needs_nothing(self):
        file = self._new_file(project_id=self._new_project(1_000_000).id)
        codes = self._codes(file, "launch")
        self.assertFalse(codes & {"project", "project_cost", "dinum_opinion"})

    def test_binding_opinion_has_to_be_favourable(self):
        project = self._new_project(10_000_000)
        self.assertEqual(self._gap(project), "none")
        opinion = self._new_opinion(project)
        self.assertEqual(opinion.kind, "binding")
        self.assertEqual(self._gap(project), "running")
        self._step(opinion, "received")
        self.assertEqual(self._gap(project), "running")
        self._step(opinion, "suspend")
        self.assertEqual(self._gap(project), "suspended")
        self._step(opinion, "resume")
        self._step(opinion, "unfavourable")
        self.assertEqual(self._gap(project), "running")
        opinion.with_user(self.officer2).action_confirm_registration()
        self.assertEqual(self._gap(project), "unfavourable")
        self._register(self._new_opinion(project))
        self.assertIsNone(self._gap(project))

    def test_messages_say_when_and_the_way_out(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._new_opinion()
            self._step(opinion, "received")
            file = self._new_file(project_id=opinion.project_id.id)
            messages = [
                f.message
                for f in file._findings("launch")
                if f.rule.code == "dinum_opinion"
            ]
        due = format_date(self.env, date(2026, 4, 10))
        self.assertIn(due, messages[0])

    def test_withdrawn_request_is_no_request(self):
        opinion = self._new_opinion()
        opinion.action_withdraw("The project is dropped")
        self.assertEqual(self._gap(opinion.project_id), "none")

    def test_simple_opinion_asks_the_referral_only(self):
        self.company.public_entity_type = "supervised_body"
        project = self._new_project(10_000_000)
        self.assertEqual(self._gap(project), "none")
        opinion = self._new_opinion(project)
        self.assertEqual(opinion.kind, "simple")
        self.assertEqual(self._gap(project), "running")
        self._step(opinion, "received")
        self.assertIsNone(self._gap(project))
        self._register(opinion, "unfavourable")
        self.assertIsNone(self._gap(project), "what it says does not bind")

    def test_simple_opinion_does_not_do_for_a_ministry(self):
        self.company.public_entity_type = "supervised_body"
        opinion = self._new_opinion()
        self._register(opinion)
        self.company.public_entity_type = "ministry"
        self.assertEqual(self._gap(opinion.project_id), "none")

    def test_dearer_project_warns_and_officer_declares_stale(self):
        opinion = self._new_opinion()
        self._register(opinion)
        project = opinion.project_id
        file = self._new_file(project_id=project.id)
        project.cost_line_ids.amount = 12_000_000
        stale = [f for f in file._findings("launch") if f.rule.code == "opinion_stale"]
        self.assertTrue(stale)
        self.assertFalse(stale[0].blocking)
        self.assertNotIn("dinum_opinion", self._codes(file, "launch"))
        with self.assertRaises(AccessError):
            opinion.action_declare_stale()
        opinion.with_user(self.officer).action_declare_stale()
        self.assertEqual(self._gap(project), "stale")

    def test_same_or_lower_cost_is_not_stale(self):
        opinion = self._new_opinion()
        self._register(opinion)
        self.assertFalse(opinion.is_stale)
        with self.assertRaisesRegex(UserError, "it is kept with the opinion"):
            opinion.with_user(self.officer).action_declare_stale()

    def test_favourable_holds_while_a_new_request_runs(self):
        project = self._new_project(10_000_000)
        self._register(self._new_opinion(project))
        self._new_opinion(project)
        self.assertIsNone(self._gap(project))

    def test_one_request_at_a_time(self):
        project = self._new_project(10_000_000)
        self._new_opinion(project)
        with self.assertRaisesRegex(UserError, "already running"):
            self._new_opinion(project)

    def test_request_needs_costs(self):
        with self.assertRaisesRegex(UserError, "costs"):
            self._new_opinion(self._new_project())

    def test_basis_is_frozen_when_submitted(self):
        opinion = self._new_opinion()
        opinion.project_id.cost_line_ids.amount = 20_000_000
        self.assertEqual(opinion.basis_cost, 10_000_000)
        self.assertEqual(opinion.basis_threshold, 9_000_000)
        submitted = self.company.currency_id.format(10_000_000)
        self.assertIn(submitted, opinion.basis_summary)

    def test_dear_project_reinforces_a_small_file(self):
        project = self._new_project(10_000_000)
        file = self._new_file(price=100, project_id=project.id)
        self.assertEqual(file.circuit, "reinforced")


@tagged("post_install", "-at_install")
class TestWhoSees(OpinionCase):
    def test_dinum_sees_what_was_submitted_only(self):
        draft = self._new_opinion(submit=False)
        sent = self._new_opinion()
        own = self._new_file(project_id=sent.project_id.id)
        hidden = self._new_file(project_id=draft.project_id.id)
        for shown, secret in (
            (sent, draft),
            (sent.project_id, draft.project_id),
            (sent.project_id.cost_line_ids, draft.project_id.cost_line_ids),
            (own, hidden),
            (own.line_ids, hidden.line_ids),
        ):
            model = self.env[shown._name].with_user(self.dinum)
            found = model.search([("id", "in", (shown | secret).ids)])
            self.assertEqual(found.ids, shown.ids, shown._name)

    def test_dinum_writes_nothing(self):
        opinion = self._new_opinion()
        with self.assertRaises(AccessError):
            opinion.project_id.with_user(self.dinum).name = "Mine"
        with self.assertRaises(AccessError):
            opinion.with_user(self.dinum).note = "Mine"

    def test_other_ministry_sees_nothing(self):
        opinion = self._new_opinion()
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            f"{ADDON}.group_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for record in (opinion, opinion.project_id, opinion.project_id.cost_line_ids):
            model = self.env[record._name].with_user(stranger)
            self.assertFalse(model.search([("id", "in", record.ids)]))

    def test_readers_read(self):
        opinion = self._new_opinion()
        for user in (self.dae, self.ambassador, self.referent, self.dinum):
            self.assertEqual(opinion.with_user(user).state, "submitted")
            opinion.project_id.with_user(user).read(["name", "cost_explanation"])


@tagged("post_install", "-at_install")
class TestLaunchedFile(OpinionCase):
    """A launched file and its project: declarations are refused, facts recorded."""

    def _launched(self, project):
        file = self._new_file(project_id=project.id)
        file.sudo()._record_launch()
        return file

    def test_buyer_cannot_make_the_cost_unknown(self):
        project = self._new_project(8_000_000)
        self._launched(project)
        with self._refused("project_cost"):
            project.cost_line_ids.amount = 0
        with self._refused("project_cost"):
            project.cost_line_ids.unlink()

    def test_lowering_is_free(self):
        project = self._new_project(8_000_000)
        self._launched(project)
        project.cost_line_ids.amount = 7_000_000
        self.assertEqual(project.dinum_cost, 7_000_000)

    def test_officer_records_a_dearer_project_and_the_file_lapses(self):
        project = self._new_project(8_000_000)
        file = self._launched(project)
        with self._refused("dinum_opinion"):
            project.cost_line_ids.amount = 9_000_000
        project.with_user(self.officer).cost_line_ids.amount = 9_000_000
        self.assertEqual(project.opinion_required, "yes")
        self.assertEqual(file.compliance_state, "lapsed")

    def test_project_is_frozen_at_launch(self):
        project = self._new_project(8_000_000)
        file = self._launched(project)
        with self.assertRaisesRegex(ValidationError, "data answers and weights"):
            file.project_id = self._new_project(1)
        with self.assertRaisesRegex(ValidationError, "data answers and weights"):
            file.project_id = False

    def test_opinions_go_on_living_after_launch(self):
        project = self._new_project(10_000_000)
        opinion = self._new_opinion(project)
        self._register(opinion)
        file = self._launched(project)
        self._register(self._new_opinion(project), "unfavourable")
        file.ref_place = "2026-PLACE-1"
        file.line_ids.product_qty = 0.5
        self.env.flush_all()
        states = project.opinion_ids.mapped("state")
        self.assertEqual(set(states), {"favourable", "unfavourable"})
        self.assertEqual(file.compliance_state, "lapsed")
        self.assertEqual(file.ref_place, "2026-PLACE-1")

    def test_threshold_of_the_launch_day_holds(self):
        with freeze_time("2026-11-30 12:00:00"):
            project = self._new_project(8_000_000)
            file = self._launched(project)
        ministry = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        ministry.copy({"amount": 5_000_000, "date_start": "2027-01-01"})
        ministry.date_end = "2026-12-31"
        with freeze_time("2027-01-02 12:00:00"):
            self.assertFalse(file.sudo()._finding_dinum_opinion(None))
            later = self._new_file(project_id=project.id)
            self.assertTrue(later.sudo()._finding_dinum_opinion(None))


@tagged("post_install", "-at_install")
class TestOrderWaits(OpinionCase):
    """An order for which only a running opinion is missing waits for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls.env["souverainete.rule"].search(
            [("severity", "=", "blocking"), ("code", "!=", "dinum_opinion")]
        )
        others.severity = "warning"
        cls.project = cls._new_project(8_000_000)
        cls.file = cls._new_file(project_id=cls.project.id)
        cls.file.action_launch()
        cls.file.action_confirm()
        cls.order = cls._new_order(requisition_id=cls.file.id)
        cls.project.with_user(cls.officer).cost_line_ids.amount = 10_000_000

    def test_without_request_the_order_is_refused(self):
        self.assertEqual(self.file.compliance_state, "lapsed")
        with self.assertRaisesRegex(UserError, "request the DINUM's opinion"):
            self.order.button_confirm()

    def test_order_waits_then_leaves_when_the_opinion_comes(self):
        opinion = self._new_opinion(self.project)
        self.order.button_confirm()
        self.assertEqual(self.order.state, "to approve")
        with self._refused("dinum_opinion"):
            self.order.with_user(self.purchase_manager).button_approve()
        self._register(opinion)
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.file.compliance_state, "compliant")

    def test_unfavourable_opinion_releases_nothing(self):
        opinion = self._new_opinion(self.project)
        self.order.button_confirm()
        self._register(opinion, "unfavourable")
        self.assertEqual(self.order.state, "to approve")
        with self._refused("dinum_opinion"):
            self.order.button_approve()

    def test_silence_releases_too(self):
        with freeze_time("2026-03-10 12:00:00"):
            opinion = self._new_opinion(self.project)
            self._step(opinion, "received")
            self.order.button_confirm()
        with freeze_time("2026-04-11 12:00:00"):
            self.env["souverainete.opinion"]._cron_tacit()
        self.assertEqual(self.order.state, "purchase")


@tagged("post_install", "-at_install")
class TestJournal(OpinionCase):
    def test_each_step_is_journalled_on_the_files(self):
        project = self._new_project(10_000_000)
        file = self._new_file(project_id=project.id)
        opinion = self._new_opinion(project)
        self._step(opinion, "received")
        self._register(opinion)
        self.env.cr.precommit.run()
        entries = self.env["souverainete.journal"].search(
            [("requisition_id", "=", file.id), ("event", "=", "opinion")]
        )
        self.assertEqual(len(entries), 4)
