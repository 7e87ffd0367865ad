"""What somebody who holds the database can do to the journals, and how it shows."""

import base64
import io
import json
import random
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from freezegun import freeze_time
from psycopg2 import Error
from psycopg2.errors import RestrictViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .test_journal import JournalCase

# What an alteration of these does not show, and why it does not matter.
LIMITS = {
    ("souverainete_journal", "id"): "an entry is known by its number",
    ("souverainete_journal_seal", "id"): "a seal is known by its number",
    ("souverainete_journal_seal", "sent_on"): "what was mailed is in the mail",
    ("souverainete_journal_seal_line", "id"): "a line is known by its file",
    ("souverainete_journal_elimination", "id"): "named by the chain, see below",
    ("souverainete_journal_elimination", "company_id"): "follows the file",
    ("souverainete_journal_elimination", "create_uid"): "the list of askers says it",
    ("souverainete_journal_elimination", "create_date"): "the chain dates it",
    ("souverainete_journal_elimination", "write_uid"): "the confirmer says it",
    ("souverainete_journal_elimination", "write_date"): "the chain dates it",
}
TABLES = (
    "souverainete_journal",
    "souverainete_journal_seal",
    "souverainete_journal_seal_line",
    "souverainete_journal_elimination",
)


class TamperingCase(JournalCase):
    """Three journals, two seals; the content of the first was eliminated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old, cls.other = cls._new_file(), cls._new_file()
        with freeze_time("2026-01-10 09:00"):
            cls._do("scope", "search", file=cls.old)
        cls.old.action_cancel()
        with freeze_time("2032-06-01 09:00"):
            request = cls.old.with_user(cls.officer).action_eliminate("Over", "AD-117")
            request.with_user(cls.officer2).action_confirm()
            cls._do("scope", "search", "project")
            cls._do("scope", file=cls.other)
            cls.first = cls._make_seal()
        with freeze_time("2032-06-02 09:00"):
            cls._do("launch", "gate")
            cls._do("search", file=cls.other)
            cls.second = cls._make_seal()
        cls.files = cls.file | cls.old | cls.other

    @classmethod
    def _do(cls, *events, file=None):
        for event in events:
            (file or cls.file)._journal(event, {"what": event}, f"{event} done")
        cls.env["purchase.requisition"]._journal_flush()

    @classmethod
    def _make_seal(cls):
        seals = cls.env["souverainete.journal.seal"]
        return seals._seal(cls.company, seals._get_due_heads()[cls.company])

    def _faults(self):
        self.env.invalidate_all()
        return self.env["souverainete.journal.seal"]._verify_company(self.company)

    def _named(self):
        self.env.invalidate_all()
        return self.files.filtered(lambda file: not file.sudo()._verify().ok)


@tagged("post_install", "-at_install")
class TestEveryColumn(TamperingCase):
    def _get_columns(self, table):
        rows = self.env.execute_query(
            SQL(
                "SELECT column_name, udt_name FROM information_schema.columns "
                "WHERE table_name = %s AND table_schema = current_schema",
                table,
            )
        )
        return [(name, kind) for name, kind in rows if (table, name) not in LIMITS]

    def _get_rows(self, table):
        return self.env.execute_query(
            SQL("SELECT id FROM %s ORDER BY id", SQL.identifier(table))
        )

    def _get_other(self, chance, kind, value):
        """Another value of this type, or nothing at all."""
        if value is not None and chance.random() < 0.2:
            return None
        if kind == "jsonb":
            return json.dumps(chance.choice([{}, [], {"1": [1, "0"]}]))
        if kind == "timestamp":
            return (value or datetime(2030, 1, 1)) + timedelta(
                microseconds=chance.choice([1, 300_000, 86_400_000_000])
            )
        if kind == "date":
            return (value or date(2030, 1, 1)) + timedelta(days=chance.choice([-1, 1]))
        if kind == "int4":
            return (value or 0) + chance.choice([-1, 1, 5])
        return f"{value or ''}{chance.choice('abc ')}"

    @mute_logger("odoo.sql_db")
    def test_every_column_of_every_row(self):
        chance = random.Random(20261130)
        tried, missed = 0, set()
        for place in self._get_places() * 3:
            with closing(self.env.cr.savepoint(flush=False)):
                if self._tamper(chance, *place):
                    tried += 1
                    if not self._faults():
                        missed.add(place)
        self.assertGreater(tried, 300)
        self.assertEqual(missed, set())

    def _get_places(self):
        return [
            (table, name, kind, row)
            for table in TABLES
            for name, kind in self._get_columns(table)
            for (row,) in self._get_rows(table)
        ]

    def _tamper(self, chance, table, name, kind, row):
        """Whether the database took another value there."""
        table, name = SQL.identifier(table), SQL.identifier(name)
        [(value,)] = self.env.execute_query(
            SQL("SELECT %s FROM %s WHERE id = %s", name, table, row)
        )
        other = self._get_other(chance, kind, value)
        # No text and an empty one read the same, here as on screen.
        empty = kind in ("varchar", "text") and not (other or value)
        if empty or other == value:
            return False
        try:
            self.env.cr.execute(
                SQL("UPDATE %s SET %s = %s WHERE id = %s", table, name, other, row)
            )
        except Error:
            # The database's own constraints refuse it: nothing was altered.
            return False
        return True

    @mute_logger("odoo.sql_db")
    def test_every_row_removed(self):
        for table in TABLES:
            for (row,) in self._get_rows(table):
                with closing(self.env.cr.savepoint(flush=False)):
                    if table.endswith("_seal"):
                        self._sql(
                            "DELETE FROM souverainete_journal_seal_line "
                            "WHERE seal_id = %s",
                            row,
                        )
                    self._sql(
                        "DELETE FROM %s WHERE id = %s", SQL.identifier(table), row
                    )
                    with self.subTest(table=table, row=row):
                        self.assertTrue(self._faults())

    def test_untouched_it_is_whole(self):
        self.assertFalse(self._faults())
        self.assertFalse(self._named())


@tagged("post_install", "-at_install")
class TestWhoIsNamed(TamperingCase):
    def test_a_removed_seal_line_names_its_file_alone(self):
        line = self.first.line_ids.filtered(lambda x: x.requisition_id == self.file)
        self._sql("DELETE FROM souverainete_journal_seal_line WHERE id = %s", line.id)
        self.assertEqual(self._named(), self.file)
        self.assertEqual(self.file.sudo()._verify().reason, "line")

    def test_a_seal_whose_two_copies_differ_names_one_file(self):
        self._sql(
            "UPDATE souverainete_journal_seal SET heads = heads - %s WHERE id = %s",
            str(self.other.id),
            self.first.id,
        )
        self.assertEqual(self._named(), self.other)

    def test_a_wiped_journal_of_a_launched_file_is_a_break(self):
        self.file.sudo()._write_server({"date_launch": "2032-06-02 09:00:00"})
        self._wipe(self.file)
        self._sql("DELETE FROM souverainete_journal_seal_line")
        self._sql("DELETE FROM souverainete_journal_seal")
        self._sql("UPDATE res_company SET journal_seal = NULL")
        check = self.file.sudo()._verify()
        self.assertEqual((check.ok, check.reason), (False, "wiped"))
        self.assertFalse(self.other.sudo()._verify().reason)

    def _wipe(self, file):
        self._sql("DELETE FROM souverainete_journal WHERE requisition_id = %s", file.id)
        self._sql(
            "UPDATE purchase_requisition SET journal_seq = 0, journal_head = NULL "
            "WHERE id = %s",
            file.id,
        )

    def test_a_wiped_draft_is_named_by_the_seals(self):
        self._wipe(self.other)
        self._sql(
            "DELETE FROM souverainete_journal_seal_line WHERE requisition_id = %s",
            self.other.id,
        )
        self.assertEqual(self._named(), self.other)

    def test_all_seals_removed_prove_nothing(self):
        self._sql("DELETE FROM souverainete_journal_seal_line")
        self._sql("DELETE FROM souverainete_journal_seal")
        self.assertEqual(self.file.sudo()._verify().reason, "seals")

    def test_the_shown_account_is_part_of_the_proof(self):
        entry = self.file.sudo().journal_ids.sorted("seq")[1]
        self._alter(entry, "user_id", self.officer2.id)
        check = self.file.sudo()._verify()
        self.assertEqual((check.broken_seq, check.reason), (2, "payload"))

    def test_an_account_that_acted_is_not_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(RestrictViolation):
            self.buyer.sudo().unlink()

    def test_an_author_written_on_an_erased_entry_is_named(self):
        entry = self.old.sudo().journal_ids.sorted("seq")[0]
        self._alter(entry, "identity", "Somebody <else>")
        self.assertEqual(self._named(), self.old)

    def test_a_cut_tail_says_what_is_proven_and_what_was_known(self):
        entries = self.file.sudo().journal_ids.sorted("seq")
        self._sql("DELETE FROM souverainete_journal WHERE id = %s", entries[-1].id)
        self._sql(
            "UPDATE purchase_requisition SET journal_seq = 4, journal_head = %s "
            "WHERE id = %s",
            entries[-2].hash,
            self.file.id,
        )
        check = self.file.sudo()._verify()
        self.assertEqual((check.ok, check.sealed_seq, check.known_seq), (False, 3, 5))
        self.assertIn("Entries 1 to 3 are proven", check.message)
        self.assertIn("The seals know of 5 entries, the journal holds 4", check.message)

    def test_entries_since_the_last_seal_are_said_to_be_unsealed(self):
        self._do("search")
        message = self.file.sudo()._verify().message
        self.assertIn("Entries 6 to 6 came after it", message)

    def test_a_file_with_a_journal_keeps_its_ministry(self):
        elsewhere = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        with self.assertRaisesRegex(UserError, "cannot change ministry"):
            self.file.sudo().company_id = elsewhere


@tagged("post_install", "-at_install")
class TestForgedElimination(TamperingCase):
    def test_an_entry_alone_eliminates_nothing(self):
        """As other code of the server could write it, without record nor visa."""
        entries = self.file.sudo().journal_ids.sorted("seq")
        for name in entries._get_erasable_fields():
            self._alter(entries[1], name, None)
        self._do_elimination({"entries": [2], "visa": "AD-1"})
        check = self.file.sudo()._verify()
        self.assertEqual((check.broken_seq, check.reason), (6, "elimination"))

    def _do_elimination(self, payload):
        self.file._journal("elimination", payload)
        self.file._journal_flush()

    def test_a_visa_taken_away_is_a_break(self):
        self._sql("UPDATE souverainete_journal_elimination SET visa = ''")
        self.assertEqual(self._named(), self.old)

    def test_a_retention_that_was_longer_is_a_break(self):
        self._sql("UPDATE souverainete_retention SET months = 120")
        # As in another process: what was read of policy before is not known there.
        self.env.registry.clear_cache()
        self.assertEqual(self.old.sudo()._verify().reason, "elimination")


@tagged("post_install", "-at_install")
class TestProofElsewhere(TamperingCase):
    """The exported seal, verified by the script that leaves with it."""

    def _export(self):
        seal = self.second.with_user(self.dae)
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(seal.proof))) as archive:
            return json.loads(archive.read("seal.json")), archive.read("verify_seal.py")

    def _verify_outside(self, export, script, *words):
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "seal.json").write_text(json.dumps(export), encoding="utf-8")
            (folder / "verify_seal.py").write_bytes(script)
            # -I -S: neither this environment nor any installed package.
            command = [sys.executable, "-I", "-S", "verify_seal.py", "seal.json"]
            return subprocess.run(
                [*command, *words], cwd=folder, capture_output=True, text=True
            )

    def test_the_script_alone_verifies_what_was_exported(self):
        done = self._verify_outside(*self._export(), self.second.hash[:16])
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("5 entries, sealed up to 5", done.stdout)
        self.assertIn("Whole.", done.stdout)

    def test_the_script_names_what_was_altered(self):
        export, script = self._export()
        export["journals"][0]["entries"][1]["content"][3] = "nothing happened"
        done = self._verify_outside(export, script)
        self.assertEqual(done.returncode, 1)
        self.assertIn("altered from entry 2 on", done.stdout)

    def test_the_script_compares_with_what_was_printed(self):
        done = self._verify_outside(*self._export(), "0123456789abcdef")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the last seal is", done.stdout)

    def test_no_content_leaves_with_the_proof(self):
        export, _script = self._export()
        self.assertNotIn(self.buyer.login, json.dumps(export))
        self.assertNotIn('"what"', json.dumps(export).replace("\\", ""))
