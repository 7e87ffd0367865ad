import threading
from contextlib import closing
from functools import partial
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.service import model as service
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..at_once import AtOnceCase
from ..common import SouveraineteCase


class JournalCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file()
        cls.file._journal_flush()

    def _record(self, *events, file=None):
        file = file or self.file
        for event in events:
            file._journal(event, {"what": event}, summary=f"{event} done")
        file._journal_flush()
        return file.sudo().journal_ids.sorted("seq")

    def _sql(self, query, *args):
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *args))
        self.env.invalidate_all()

    def _alter(self, entry, column, value):
        self._sql(
            "UPDATE souverainete_journal SET %s = %s WHERE id = %s",
            SQL.identifier(column),
            value,
            entry.id,
        )

    def _seal(self):
        """The nightly job, which commits ministry by ministry."""
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *a, **k: 60.0):
            self.env["souverainete.journal.seal"]._cron_seal()
        return self.file._get_last_seal()


@tagged("post_install", "-at_install")
class TestJournalChain(JournalCase):
    def test_entries_follow_one_another(self):
        first, second = self._record("scope", "search")
        self.assertEqual((first.seq, second.seq), (1, 2))
        self.assertEqual(second.previous_hash, first.hash)
        self.assertEqual(self.file.journal_head, second.hash)
        self.assertEqual(self.file.journal_seq, 2)

    def test_entry_says_who_did_what(self):
        entry = self._record("scope")
        self.assertEqual(entry.user_id, self.buyer)
        self.assertIn(self.buyer.login, entry.identity)
        self.assertIn('"what": "scope"', entry.with_user(self.buyer).content)

    def test_each_file_has_its_own_chain(self):
        other = self._new_file()
        (self.file | other)._journal("scope", {"same": 1})
        self.file._journal("search", {})
        self.file._journal_flush()
        self.assertEqual((self.file.journal_seq, other.journal_seq), (2, 1))
        self.assertTrue(self.file._verify().ok)
        self.assertTrue(other._verify().ok)

    def test_one_insert_a_transaction(self):
        other = self._new_file()
        for _ in range(20):
            (self.file | other)._journal("scope", {"n": 1})
        self.env.flush_all()
        # read the companies, write the heads, insert
        with self.assertQueryCount(3):
            self.file._journal_flush()
        self.assertEqual((self.file.journal_seq, other.journal_seq), (20, 20))

    def test_payload_is_kept_as_it_was(self):
        payload = {"amount": 1}
        self.file._journal("project", payload)
        payload["amount"] = 2
        self.file._journal_flush()
        self.assertEqual(self.file.sudo().journal_ids.payload, '{"amount":1}')

    def test_unknown_event_is_refused_at_once(self):
        with self.assertRaises(ValueError):
            self.file._journal("whatever", {})

    def test_copy_starts_an_empty_journal(self):
        self._record("scope")
        copy = self.file.copy()
        self.assertFalse(copy.journal_seq)
        self.assertFalse(copy.journal_ids)

    def test_journalled_file_is_not_deleted(self):
        self.file._journal("scope", {})
        with self.assertRaisesRegex(UserError, "decisions were recorded"):
            self.file.unlink()


@tagged("post_install", "-at_install")
class TestJournalSavepoint(JournalCase):
    def _fail_inside(self, **kwargs):
        with self.env.cr.savepoint(**kwargs):
            self.file._journal("search", {"inside": True})
            raise ValidationError("refused")

    def test_what_was_rolled_back_is_not_recorded(self):
        self.file._journal("scope", {})
        with self.assertRaisesRegex(ValidationError, "^refused$"):
            self._fail_inside()
        self.file._journal("project", {})
        events = self._record().mapped("event")
        self.assertEqual(events, ["scope", "project"])
        self.assertTrue(self.file._verify().ok)

    def test_entries_read_inside_are_rolled_back_too(self):
        with closing(self.env.cr.savepoint()) as savepoint:
            self._record("search")
            self.assertEqual(self.file.journal_seq, 1)
            savepoint.rollback()
        self.assertFalse(self.file.journal_seq)
        self.assertEqual(self._record("scope").mapped("seq"), [1])

    def test_kept_savepoint_keeps_its_entries(self):
        with self.env.cr.savepoint():
            self.file._journal("search", {})
            with self.env.cr.savepoint():
                self.file._journal("scope", {})
        self.assertEqual(self._record().mapped("event"), ["search", "scope"])


@tagged("post_install", "-at_install")
class TestJournalProof(JournalCase):
    def setUp(self):
        super().setUp()
        self.entries = self._record("scope", "search", "project")

    def _assert_broken(self, seq, reason):
        check = self.file._verify()
        self.assertEqual(
            (check.ok, check.broken_seq, check.reason), (False, seq, reason)
        )
        return check

    def test_untouched_journal_verifies(self):
        check = self.file._verify()
        self.assertEqual((check.ok, check.count, check.broken_seq), (True, 3, 0))

    def test_empty_journal_verifies(self):
        self.assertTrue(self._new_file()._verify().ok)

    def test_altered_payload_is_named(self):
        self._alter(self.entries[1], "payload", '{"what":"other"}')
        self._assert_broken(2, "payload")

    def test_altered_author_is_named(self):
        self._alter(self.entries[1], "identity", "Somebody else <x>")
        self._assert_broken(2, "payload")

    def test_altered_event_summary_and_date_are_named(self):
        for column, value in (
            ("event", "launch"),
            ("summary", "nothing happened"),
            ("date", "2020-01-01"),
            ("previous_hash", "0"),
        ):
            with self.subTest(column), closing(self.env.cr.savepoint()):
                self._alter(self.entries[1], column, value)
                self._assert_broken(2, "link")

    def test_removed_entry_is_named(self):
        self._sql("DELETE FROM souverainete_journal WHERE id = %s", self.entries[0].id)
        self._assert_broken(1, "missing")

    def test_removed_tail_is_named(self):
        self._sql("DELETE FROM souverainete_journal WHERE id = %s", self.entries[2].id)
        self._assert_broken(3, "truncated")

    def test_payload_erased_without_elimination_is_named(self):
        self._alter(self.entries[1], "payload", None)
        self._alter(self.entries[1], "salt", None)
        self._assert_broken(2, "payload")

    def test_button_says_the_result(self):
        shown = self.file.action_verify_journal()["params"]
        self.assertEqual(shown["type"], "success")
        self._alter(self.entries[1], "event", "launch")
        shown = self.file.action_verify_journal()["params"]
        self.assertEqual(shown["type"], "danger")
        self.assertIn("entry 2", shown["message"])


@tagged("post_install", "-at_install")
class TestJournalRights(JournalCase):
    def test_nobody_edits_deletes_or_creates(self):
        entry = self._record("scope")
        vals = {"requisition_id": self.file.id, "event": "launch", "seq": 9}
        for user in (self.buyer, self.purchase_manager, self.officer, self.referent):
            for env_entry in (entry.with_user(user), entry.with_user(user).sudo()):
                with self.assertRaises(AccessError):
                    env_entry.write({"summary": "rewritten"})
                with self.assertRaises(AccessError):
                    env_entry.create(vals)
                with self._refused_as("not allowed to delete|are evidence"):
                    env_entry.unlink()

    def test_nobody_reaches_an_entry_through_its_file(self):
        entry = self._record("scope")
        written = "cannot be written"
        for words, command in (
            ("cannot be created by hand", Command.create({"event": "launch"})),
            (written, Command.update(entry.id, {"summary": "rewritten"})),
            (written, Command.unlink(entry.id)),
            ("are evidence", Command.delete(entry.id)),
        ):
            with self._refused_as(words):
                self.file.sudo().write({"journal_ids": [command]})

    def test_head_cannot_be_written(self):
        for field in ("journal_seq", "journal_head"):
            with self.assertRaises(AccessError):
                self.file.sudo().write({field: False})

    def test_other_ministry_reads_nothing(self):
        self._record("scope")
        elsewhere = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            "purchase.group_purchase_user",
            company_id=elsewhere.id,
            company_ids=[elsewhere.id],
        )
        self.assertFalse(
            self.env["souverainete.journal"].with_user(stranger).search_count([])
        )

    def test_dinum_reads_the_journal_of_what_it_was_sent(self):
        self._record("scope")
        journal = self.env["souverainete.journal"].with_user(self.dinum)
        domain = [("requisition_id", "=", self.file.id)]
        self.assertFalse(journal.search(domain))
        project = self.env["souverainete.project"].create({"name": "Meetings"})
        self.file.sudo().project_id = project
        opinion = self.env["souverainete.opinion"].create({"project_id": project.id})
        self.assertFalse(journal.search(domain))
        opinion._write_server({"state": "submitted"})
        self.assertTrue(journal.search(domain))

    def _receive_offer(self):
        self.file.sudo().analyst_ids = self.buyer | self.dae
        self.env["souverainete.option"].create(
            {
                "name": "Bid",
                "requisition_id": self.file.id,
                "kind": "offer",
                "path": "off_the_shelf",
            }
        )

    def test_content_is_read_until_there_are_offers(self):
        entry = self._record("verdict")
        self.assertIn('"what"', entry.with_user(self.officer).content)
        with self.assertRaises(AccessError):
            entry.with_user(self.officer).read(["payload"])

    def test_offers_are_not_read_in_the_journal(self):
        self._receive_offer()
        scope, verdict = self._record("scope", "verdict")
        self.assertIn('"what"', verdict.with_user(self.buyer).content)
        colleague = self._new_user("colleague", "purchase.group_purchase_user")
        for user in (colleague, self.officer, self.dae):
            self.assertNotIn('"what"', verdict.with_user(user).content)
            self.assertIn('"what"', scope.with_user(user).content)


@tagged("post_install", "-at_install")
class TestJournalSeal(JournalCase):
    def setUp(self):
        super().setUp()
        self.entries = self._record("scope", "search", "project")

    def _seals(self):
        return self.env["souverainete.journal.seal"].search(
            [("company_id", "=", self.company.id)], order="number"
        )

    def test_seal_proves_what_stands(self):
        seal = self._seal()
        check = self.file._verify()
        self.assertTrue(check.ok)
        self.assertEqual((check.seal, check.sealed_seq), (seal, 3))
        self.assertIn(seal.hash[:16], check.message)

    def test_one_seal_a_day(self):
        before = len(self._seals())
        self._seal()
        self._record("launch")
        self._seal()
        self.assertEqual(len(self._seals()), before + 1)

    def test_seals_are_chained_and_hold_what_grew(self):
        with freeze_time("2030-03-01 12:00"):
            first = self._seal()
        quiet, other = self._new_file(), self._new_file()
        self._record("scope", file=other)
        with freeze_time("2030-03-02 12:00"):
            self._seal()
        second = other._get_last_seal()
        self.assertEqual(second.number, first.number + 1)
        self.assertEqual(second.previous_hash, first.hash)
        self.assertEqual(second.line_ids.requisition_id, other)
        self.assertFalse(quiet._get_last_seal())

    def test_seal_day_is_the_one_in_paris(self):
        with freeze_time("2030-07-01 22:30"):
            self.assertEqual(str(self._seal().date), "2030-07-02")

    def test_truncation_with_rewritten_head_is_found(self):
        self._seal()
        self._sql("DELETE FROM souverainete_journal WHERE id = %s", self.entries[2].id)
        self._sql(
            "UPDATE purchase_requisition SET journal_seq = 2, journal_head = %s "
            "WHERE id = %s",
            self.entries[1].hash,
            self.file.id,
        )
        check = self.file._verify()
        self.assertEqual((check.ok, check.reason), (False, "sealed"))

    def test_rewritten_chain_is_found_and_the_proven_part_named(self):
        with freeze_time("2030-03-01 12:00"):
            first = self._seal()
        self._record("launch", "gate")
        with freeze_time("2030-03-02 12:00"):
            self._seal()
        self._rewrite_from(4)
        check = self.file._verify()
        self.assertEqual((check.broken_seq, check.reason), (4, "sealed"))
        self.assertEqual((check.seal, check.sealed_seq), (first, 3))

    def _rewrite_from(self, seq):
        """What someone with the database and this code could do."""
        entries = self.file.sudo().journal_ids.sorted("seq")
        previous = entries[seq - 2].hash
        for entry in entries[seq - 1 :]:
            vals = {
                "company_id": self.company.id,
                "requisition_id": self.file.id,
                "seq": entry.seq,
                "event": entry.event,
                "date": entry.date,
                "summary": "rewritten",
                "payload_digest": entry.payload_digest,
                "previous_hash": previous,
            }
            self._alter(entry, "summary", "rewritten")
            self._alter(entry, "previous_hash", previous)
            previous = entry._get_link_hash(vals)
            self._alter(entry, "hash", previous)
        self._sql(
            "UPDATE purchase_requisition SET journal_head = %s WHERE id = %s",
            previous,
            self.file.id,
        )

    def test_altered_seal_is_found(self):
        seal = self._seal()
        self._sql(
            "UPDATE souverainete_journal_seal SET date = '2020-01-01' WHERE id = %s",
            seal.id,
        )
        self.assertEqual(self.file._verify().reason, "seal")

    def test_nobody_edits_or_deletes_a_seal(self):
        seal = self._seal()
        for record in (seal, seal.line_ids, seal.with_user(self.referent)):
            with self.assertRaises(AccessError):
                record.write({name: 1 for name in ("number", "seq") if name in record})
            with self._refused_as("not allowed to delete|are evidence"):
                record.unlink()

    def test_dae_receives_new_seals_once(self):
        self.dae.email = "dae@example.gouv.fr"
        Mail = self.env["mail.mail"]
        domain = [("recipient_ids", "in", self.dae.partner_id.ids)]
        before = Mail.search_count(domain)
        seal = self._seal()
        mail = Mail.search(domain, order="id desc", limit=1)
        self.assertEqual(Mail.search_count(domain), before + 1)
        self.assertIn(seal.hash, mail.body_html)
        self._seal()
        self.assertEqual(Mail.search_count(domain), before + 1)

    def test_stamp_quotes_head_and_seal(self):
        self.assertFalse(self.file._get_journal_stamp()["seal_number"])
        seal = self._seal()
        stamp = self.file.with_user(self.buyer)._get_journal_stamp()
        self.assertEqual(stamp["journal_head"], self.file.journal_head)
        self.assertEqual(stamp["seal_hash"], seal.hash)

    def test_sealing_costs_the_same_for_many_files(self):
        files = self.file.browse()
        for _ in range(50):
            files |= self._new_file()
        files._journal("scope", {})
        files._journal_flush()
        with self.assertQueryCount(1):
            self.env["souverainete.journal.seal"]._get_moved_heads()


@tagged("post_install", "-at_install")
class TestJournalElimination(JournalCase):
    def setUp(self):
        super().setUp()
        with freeze_time("2026-01-10 09:00"):
            self._record("scope", "search")
        self.file.action_cancel()

    def _request(self, visa="AD-2032-117"):
        file = self.file.with_user(self.officer)
        return file.action_eliminate("Retention period over", visa)

    @freeze_time("2030-06-01")
    def test_nothing_goes_before_its_term(self):
        with self.assertRaisesRegex(UserError, "Nothing can be eliminated"):
            self._request()

    @freeze_time("2032-06-01")
    def test_running_file_keeps_everything(self):
        self.file.action_draft()
        with self.assertRaisesRegex(UserError, "Nothing can be eliminated"):
            self._request()

    @freeze_time("2032-06-01")
    def test_two_officers_and_a_visa(self):
        request = self._request(visa="")
        with self.assertRaises(AccessError):
            request.action_confirm()
        with self.assertRaisesRegex(UserError, "visa"):
            request.with_user(self.officer2).action_confirm()
        with self.assertRaises(AccessError):
            request.with_user(self.buyer).action_confirm()
        with self.assertRaises(AccessError):
            self.file.action_eliminate("Tidying up")

    @freeze_time("2032-06-01")
    def test_content_goes_and_the_chain_still_verifies(self):
        self._request().with_user(self.officer2).action_confirm()
        check = self.file._verify()
        self.assertEqual((check.ok, check.eliminated), (True, 2))
        first = self.file.sudo().journal_ids.sorted("seq")[0]
        self.assertFalse(first.payload or first.identity or first.user_id)
        self.assertEqual((first.event, first.summary), ("scope", "scope done"))
        self.assertIn("Eliminated", first.with_user(self.buyer).content)
        self.assertIn("eliminated", check.message)

    @freeze_time("2032-06-01")
    def test_elimination_is_chained_and_stays(self):
        request = self._request().with_user(self.officer2)
        request.action_confirm()
        self.file._journal_flush()
        entry = self.file.sudo().journal_ids.filtered(
            lambda e: e.event == "elimination"
        )
        self.assertIn("AD-2032-117", entry.payload)
        self.assertIn(self.officer.login, entry.payload)
        with self.assertRaisesRegex(UserError, "elimination was carried out"):
            request.reason = "Something else"
        with self.assertRaisesRegex(UserError, "elimination was carried out"):
            request.unlink()

    @freeze_time("2032-06-01")
    def test_who_rewrites_the_request_cannot_confirm_it(self):
        request = self._request().with_user(self.officer2)
        request.reason = "My own words"
        with self.assertRaises(AccessError):
            request.action_confirm()


@tagged("post_install", "-at_install")
class TestJournalConcurrency(AtOnceCase):
    """Four people act on one file at once, on four real connections."""

    WRITERS, EACH = 4, 10

    def _create(self, env):
        vals = {"requisition_type": "blanket_order"}
        self.file_id = env["purchase.requisition"].create(vals).id

    def _remove(self):
        with self._transaction() as env:
            env.cr.execute(
                "DELETE FROM souverainete_journal WHERE requisition_id = %s",
                [self.file_id],
            )
            env.cr.execute(
                "UPDATE purchase_requisition SET journal_seq = 0 WHERE id = %s",
                [self.file_id],
            )
            env["purchase.requisition"].browse(self.file_id).unlink()

    def _act(self, writer):
        for turn in range(self.EACH):
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                file = env["purchase.requisition"].browse(self.file_id)
                payload = {"writer": writer, "turn": turn}
                service.retrying(partial(file._journal, "scope", payload), env)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_no_entry_is_lost_and_the_chain_holds(self):
        threads = [
            threading.Thread(target=self._act, args=(writer,))
            for writer in range(self.WRITERS)
        ]
        # Odoo waits seconds between five tries: people do not act this fast.
        with (
            patch.object(service, "MAX_TRIES_ON_CONCURRENCY_FAILURE", 500),
            patch.object(service.random, "uniform", lambda *a: 0.001),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        with self._transaction() as env:
            check = env["purchase.requisition"].browse(self.file_id)._verify()
        self.assertEqual((check.ok, check.count), (True, self.WRITERS * self.EACH))
