"""Contracts taken over with their documents: who may, what goes with what."""

import base64
import io
import struct
import zipfile
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.wizard.life import take_over, take_over_documents

from .prior_common import PriorCase


@tagged("post_install", "-at_install")
class TestDocuments(PriorCase):
    def test_each_document_goes_to_the_contract_it_names(self):
        first, second, third = files = self._drafts(3)
        wizard = self._wizard(
            files,
            [
                self._attach("2024_M_00000 acte d'engagement.pdf", b"first"),
                self._attach(f"{second.name}.pdf", b"second"),
                self._attach("avenant-2024-m-00000.PDF", b"annex"),
                self._attach("organigramme.pdf", b"none of them"),
            ],
            common=b"common",
        )
        wizard.action_preview()
        self.assertEqual(self._statuses(wizard), ["planned"] * 3 + ["unused"])
        self.assertEqual(files.mapped("state"), ["draft"] * 3)
        wizard.action_take_over()
        self.assertEqual(files.mapped("compliance_state"), ["prior"] * 3)
        documents = [f.sudo().prior_document_id.raw for f in files]
        self.assertEqual(documents, [b"first", b"second", b"common"])
        self.assertEqual(first.sudo().prior_annex_ids.raw, b"annex")
        self.assertFalse((second | third).sudo().prior_annex_ids)

    def test_documents_of_a_zip(self):
        files = self._drafts(2)
        content = self._zip(
            {
                "2024-M-00000/pièces/acte.pdf": b"first",
                "marché 2024-M-00001.pdf": b"second",
                "__MACOSX/._acte.pdf": b"noise",
            }
        )
        self._wizard(files, [self._attach("contracts.ZIP", content)]).action_take_over()
        documents = [f.sudo().prior_document_id for f in files]
        self.assertEqual([d.raw for d in documents], [b"first", b"second"])
        self.assertEqual(documents[0].name, "acte.pdf")
        self.assertTrue(documents[1].with_user(self.buyer).read(["name"]))

    def test_a_number_inside_another_is_not_that_number(self):
        """2024-M-00001 is not in 2024-M-000010; the longest name found decides."""
        short, long = files = self._drafts(2)
        long.ref_contract = "2024-M-00000-LOT-2"
        wizard = self._wizard(
            files,
            [
                self._attach("2024-M-00000-lot-2.pdf", b"long"),
                self._attach("2024-M-000001.pdf", b"another"),
            ],
            common=b"common",
        )
        wizard.action_take_over()
        self.assertEqual(long.sudo().prior_document_id.raw, b"long")
        self.assertEqual(short.sudo().prior_document_id.raw, b"common")

    def test_a_document_that_names_two_contracts_goes_to_none(self):
        files = self._drafts(2)
        wizard = self._wizard(
            files,
            [self._attach("2024-M-00000 et 2024-M-00001.pdf", b"both")],
            common=b"common",
        )
        wizard.action_preview()
        unused = wizard.line_ids.filtered(lambda line: line.status == "unused")
        self.assertIn("names 2 contracts", unused.message)

    def test_without_any_document_it_is_refused_by_name(self):
        first, second = files = self._drafts(2)
        wizard = self._wizard(files, [self._attach("2024-M-00000.pdf", b"first")])
        wizard.action_take_over()
        self.assertEqual((first.state, second.state), ("confirmed", "draft"))
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn(second.name, refused.message)
        with self.assertRaisesRegex(UserError, "no document for the others"):
            self._wizard(second).action_take_over()

    def test_an_empty_document_proves_nothing(self):
        file = self._drafts(1)
        with self.assertRaisesRegex(UserError, "and there is no document"):
            self._wizard(
                file, [self._attach("2024-M-00000.pdf", b"")]
            ).action_take_over()

    def test_documents_are_evidence(self):
        file = self._drafts(1)
        names = ("2024-M-00000 a.pdf", "2024-M-00000 b.pdf")
        documents = [self._attach(name, name.encode()) for name in names]
        self._wizard(file, documents).action_take_over()
        file = file.sudo()
        for document in file.prior_document_id | file.prior_annex_ids:
            with self.assertRaisesRegex(UserError, "Attach the new one beside"):
                document.unlink()
            with self.assertRaisesRegex(UserError, "Attach the new one beside"):
                document.raw = b"other"
        file.active = False
        with self.assertRaisesRegex(UserError, "Attach the new one beside"):
            file.prior_document_id.unlink()

    def test_one_document_a_ministry(self):
        """Who reads a contract reads its document, in each ministry."""
        other = self.env["res.company"].create({"name": "Other ministry"})
        companies = [Command.set((self.company | other).ids)]
        (self.buyer | self.officer).write({"company_ids": companies})
        mine, theirs = self._drafts(1), self._drafts(1, company_id=other.id)
        wizard = self._wizard(mine | theirs, common=b"common")
        wizard = wizard.with_context(allowed_company_ids=(self.company | other).ids)
        wizard.action_take_over()
        documents = [file.sudo().prior_document_id for file in (mine, theirs)]
        self.assertNotEqual(*documents)
        self.assertEqual([d.res_id for d in documents], [mine.id, theirs.id])

    def test_the_journal_names_the_documents(self):
        file = self._drafts(1)
        self._wizard(file, common=b"common").action_take_over()
        self.env.cr.precommit.run()
        entry = file.sudo().journal_ids.filtered(lambda e: e.event == "take_over")
        content = entry.with_user(self.buyer).content
        for text in (
            "common.pdf",
            "Signed on PLACE",
            file.sudo().prior_document_id.checksum,
        ):
            self.assertIn(text, content)


@tagged("post_install", "-at_install")
class TestHostileArchives(PriorCase):
    def _assert_refused(self, content, words):
        file = self._drafts(1)
        wizard = self._wizard(file, [self._attach("contracts.zip", content)])
        for action in (wizard.action_preview, wizard.action_take_over):
            with self.assertRaisesRegex(UserError, words):
                action()
        self.assertEqual(file.state, "draft")

    def test_paths_that_leave_the_archive(self):
        for path in (
            "../2024-M-00000.pdf",
            "/etc/2024.pdf",
            "a/../../b.pdf",
            "C:/b.pdf",
        ):
            with self.subTest(path=path):
                self._assert_refused(self._zip({path: b"x"}), "leaves the archive")
        self._assert_refused(self._zip({"..\\b.pdf": b"x"}), "leaves the archive")

    def test_archives_inside(self):
        inner = self._zip({"a.pdf": b"a"})
        self._assert_refused(
            self._zip({"2024-M-00000.zip": inner}), "2024-M-00000.zip.*inside"
        )

    def test_links(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            info = zipfile.ZipInfo("2024-M-00000.pdf")
            info.external_attr = 0o120777 << 16
            archive.writestr(info, "/etc/passwd")
        self._assert_refused(content.getvalue(), "a link")

    def test_passwords(self):
        content = bytearray(self._zip({"2024-M-00000.pdf": b"x"}))
        where = content.index(b"PK\x01\x02") + 8
        content[where : where + 2] = struct.pack("<H", 1)
        self._assert_refused(bytes(content), "password")

    def test_bounds(self):
        two = self._zip({"a.pdf": b"x" * 2000, "2024-M-00000.pdf": b"x"})
        for name, bound, words in (
            ("MAX_ENTRIES", 1, "holds 2 documents"),
            ("MAX_SIZE", 1000, "cut it in several"),
            ("MAX_ENTRY_SIZE", 1000, "a.pdf.*larger"),
        ):
            with (
                self.subTest(bound=name),
                patch.object(take_over_documents, name, bound),
            ):
                self._assert_refused(two, words)

    def test_size_that_lies(self):
        """What is declared is small; what would be unpacked is not."""
        content = bytearray(self._zip({"2024-M-00000.pdf": b"x" * 100_000}))
        where = content.index(b"PK\x01\x02") + 24
        content[where : where + 4] = struct.pack("<I", 10)
        file = self._drafts(1)
        wizard = self._wizard(file, [self._attach("c.zip", bytes(content))])
        with (
            patch.object(take_over_documents, "MAX_ENTRY_SIZE", 1000),
            self.assertRaisesRegex(UserError, "zip cannot be read"),
        ):
            wizard.action_take_over()
        self.assertEqual(file.state, "draft")

    def test_broken_archives(self):
        whole = self._zip({"2024-M-00000.pdf": b"content" * 50})
        self._assert_refused(b"not an archive", "cannot be read|can be read")
        self._assert_refused(whole[: len(whole) // 2], "can be read")
        broken = bytearray(whole)
        broken[45:50] = b"?????"
        file = self._drafts(1)
        with self.assertRaisesRegex(UserError, "2024-M-00000.pdf"):
            self._wizard(
                file, [self._attach("c.zip", bytes(broken))]
            ).action_take_over()

    def test_office_documents_are_no_archives(self):
        file = self._drafts(1)
        document = self._attach("2024-M-00000.odt", self._zip({"../content.xml": b"x"}))
        self._wizard(file, [document]).action_take_over()
        self.assertEqual(file.state, "confirmed")


@tagged("post_install", "-at_install")
class TestWaysRound(PriorCase):
    def test_only_an_officer(self):
        files = self._drafts(1)
        for user in (self.buyer, self.purchase_manager, self.dae):
            with self.assertRaises(AccessError):
                self._wizard(files, common=b"c", user=user).action_take_over()

    def test_the_plan_is_the_servers(self):
        files = self._drafts(1)
        wizard = self._wizard(files, common=b"c")
        lines = self.env["souverainete.take.over.line"].with_user(self.officer)
        with self.assertRaises(AccessError):
            wizard.state = "running"
        with self.assertRaises(AccessError):
            lines.create({"wizard_id": wizard.id, "status": "planned"})
        document = self._attach("x.pdf", b"x", self.buyer)
        with self.assertRaises(AccessError):
            wizard.common_ids = document
        wizard.action_preview()
        with self.assertRaises(AccessError):
            wizard.line_ids.sources = [[document.id, "", 1, "x.pdf"]]

    def test_the_buyer_does_not_take_over_among_others(self):
        """Four eyes, contract by contract: the others pass."""
        own = self._new_file(user=self.officer)
        files = self._drafts(2) | own.with_user(self.buyer)
        wizard = self._wizard(files, common=b"c")
        wizard.action_take_over()
        self.assertEqual(own.state, "draft")
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn("Four eyes", refused.message)
        self.assertEqual(self._statuses(wizard).count("taken"), 2)

    def test_document_of_another_person(self):
        """An attachment named by its number is read as who names it."""
        secret = self._attach("2024-M-00000.pdf", b"secret", self.buyer)
        file = self._drafts(1)
        with self.assertRaises(AccessError):
            self._wizard(file, [secret]).action_take_over()

    def test_plan_of_another_officer(self):
        wizard = self._wizard(self._drafts(1), common=b"c")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer2).action_take_over()

    def test_what_an_unexpected_error_stops_is_named(self):
        files = self._drafts(3)
        fails = files[1]
        own = type(files)._prepare_own_prior_vals

        def prepare(file, documents):
            if file.id == fails.id:
                raise KeyError("unexpected")
            return own(file, documents)

        wizard = self._wizard(files, common=b"c")
        with patch.object(type(files), "_prepare_own_prior_vals", prepare):
            wizard.action_take_over()
        self.assertEqual(files.mapped("state"), ["confirmed", "draft", "confirmed"])
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn(fails.name, refused.message)
        self.assertFalse(fails.sudo().prior_document_id)

    def test_documents_too_heavy_for_one_batch(self):
        files = self._drafts(3)
        content = self._zip_of(files)
        wizard = self._wizard(files, [self._attach("c.zip", content)])
        with patch.object(take_over, "_BATCH_SIZE", 1):
            self.assertEqual(
                wizard.action_take_over_with_progress()["tag"], "souverainete_take_over"
            )
            left = [wizard.action_take_over_batch()["remaining"] for _n in range(3)]
        self.assertEqual(left, [2, 1, 0])
        self.assertEqual(wizard.state, "done")

    def test_forged_document_in_base64(self):
        file = self._drafts(1)
        wizard = self._wizard(file, document=base64.b64encode(b""), filename="c.pdf")
        with self.assertRaisesRegex(UserError, "and there is no document"):
            wizard.action_take_over()
