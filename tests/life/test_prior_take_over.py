"""Contracts taken over with their documents: who may, what goes with what."""

import base64
import io
import json
import struct
import zipfile
from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.souverainete_achat.wizard.life import take_over, take_over_documents

from ..common import PDF, SIGNED
from .prior_common import PriorCase, page


def _make_odt():
    """A text document whose archive would leave its folder."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("../content.xml", "x" * 300)
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestDocuments(PriorCase):
    def test_each_document_goes_to_the_contract_it_names(self):
        first, second, third = files = self._drafts(3)
        wizard = self._wizard(
            files,
            [
                self._attach("2024_M_00000 acte d'engagement.pdf", page("first")),
                self._attach(f"{second.name}.pdf", page("second")),
                self._attach("avenant-2024-m-00000.PDF", page("annex")),
                self._attach("organigramme.pdf", page("none of them")),
            ],
            common=page("common"),
        )
        wizard.action_preview()
        self.assertEqual(self._statuses(wizard), ["planned"] * 3 + ["unused"])
        self.assertEqual(files.mapped("state"), ["draft"] * 3)
        wizard.action_take_over()
        self.assertEqual(files.mapped("compliance_state"), ["prior"] * 3)
        documents = [f.sudo().prior_document_id.raw for f in files]
        self.assertEqual(documents, [page("first"), page("second"), page("common")])
        self.assertEqual(first.sudo().prior_annex_ids.raw, page("annex"))
        self.assertFalse((second | third).sudo().prior_annex_ids)

    def test_documents_of_a_zip(self):
        files = self._drafts(2)
        content = self._zip(
            {
                "2024-M-00000/pièces/acte.pdf": page("first"),
                "marché 2024-M-00001.pdf": page("second"),
                "__MACOSX/._acte.pdf": b"noise",
            }
        )
        self._wizard(files, [self._attach("contracts.ZIP", content)]).action_take_over()
        documents = [f.sudo().prior_document_id for f in files]
        self.assertEqual([d.raw for d in documents], [page("first"), page("second")])
        self.assertEqual(documents[0].name, "acte.pdf")
        self.assertTrue(documents[1].with_user(self.buyer).read(["name"]))

    def test_a_number_inside_another_is_not_that_number(self):
        """2024-M-00001 is not in 2024-M-000010; the longest name found decides."""
        short, long = files = self._drafts(2)
        long.ref_contract = "2024-M-00000-LOT-2"
        wizard = self._wizard(
            files,
            [
                self._attach("2024-M-00000-lot-2.pdf", page("long")),
                self._attach("2024-M-000001.pdf", page("another")),
            ],
            common=page("common"),
        )
        wizard.action_take_over()
        self.assertEqual(long.sudo().prior_document_id.raw, page("long"))
        self.assertEqual(short.sudo().prior_document_id.raw, page("common"))

    def test_a_document_that_names_two_contracts_goes_to_none(self):
        files = self._drafts(2)
        wizard = self._wizard(
            files,
            [self._attach("2024-M-00000 et 2024-M-00001.pdf", page("both"))],
            common=page("common"),
        )
        wizard.action_preview()
        unused = wizard.line_ids.filtered(lambda line: line.status == "unused")
        self.assertIn("names 2 contracts", unused.message)

    def test_without_any_document_it_is_refused_by_name(self):
        first, second = files = self._drafts(2)
        wizard = self._wizard(files, [self._attach("2024-M-00000.pdf", page("first"))])
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
        documents = [self._attach(name, page(name)) for name in names]
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
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        companies = [Command.set((self.company | other).ids)]
        (self.buyer | self.officer).write({"company_ids": companies})
        mine, theirs = self._drafts(1), self._drafts(1, company_id=other.id)
        wizard = self._wizard(mine | theirs, common=page("common"))
        wizard = wizard.with_context(allowed_company_ids=(self.company | other).ids)
        wizard.action_take_over()
        documents = [file.sudo().prior_document_id for file in (mine, theirs)]
        self.assertNotEqual(*documents)
        self.assertEqual([d.res_id for d in documents], [mine.id, theirs.id])

    def test_the_journal_names_the_documents(self):
        file = self._drafts(1)
        self._wizard(file, common=page("common")).action_take_over()
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

    def test_names_that_windows_wrote(self):
        """In the code page of the DOS, which the archive does not say."""
        name = "acte d'engagement signé 2024-M-00000.pdf"
        replaced = name.replace("é", "@")
        content = self._zip({replaced: page("signed")}).replace(
            replaced.encode(), name.encode("cp850")
        )
        file = self._drafts(1)
        self._wizard(file, [self._attach("c.zip", content)]).action_take_over()
        self.assertEqual(file.sudo().prior_document_id.name, name)

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
        document = self._attach("2024-M-00000.odt", _make_odt())
        self._wizard(file, [document]).action_take_over()
        self.assertEqual(file.state, "confirmed")


@tagged("post_install", "-at_install")
class TestWaysRound(PriorCase):
    def test_only_an_officer(self):
        files = self._drafts(1)
        for user in (self.buyer, self.purchase_manager, self.dae):
            with self.assertRaises(AccessError):
                self._wizard(files, common=page("c"), user=user).action_take_over()

    def test_the_plan_is_the_servers(self):
        files = self._drafts(1)
        wizard = self._wizard(files, common=page("c"))
        lines = self.env["souverainete.take.over.line"].with_user(self.officer)
        with self.assertRaises(AccessError):
            wizard.state = "running"
        with self.assertRaises(AccessError):
            lines.create({"wizard_id": wizard.id, "status": "planned"})
        document = self._attach("x.pdf", page("x"), self.buyer)
        with self.assertRaises(AccessError):
            wizard.common_ids = document
        wizard.action_preview()
        with self.assertRaises(AccessError):
            wizard.line_ids.sources = [[document.id, "", 1, "x.pdf"]]

    def test_the_buyer_does_not_take_over_among_others(self):
        """Four eyes, contract by contract: the others pass."""
        own = self._new_file(user=self.officer, ref_contract="2024-M-9")
        files = self._drafts(2) | own.with_user(self.buyer)
        wizard = self._wizard(files, common=page("c"))
        wizard.action_take_over()
        self.assertEqual(own.state, "draft")
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn("Four eyes", refused.message)
        self.assertEqual(self._statuses(wizard).count("taken"), 2)

    def test_document_of_another_person(self):
        """An attachment named by its number is read as who names it."""
        secret = self._attach("2024-M-00000.pdf", page("secret"), self.buyer)
        file = self._drafts(1)
        with self.assertRaises(AccessError):
            self._wizard(file, [secret]).action_take_over()

    def test_plan_of_another_officer(self):
        wizard = self._wizard(self._drafts(1), common=page("c"))
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

        wizard = self._wizard(files, common=page("c"))
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


@tagged("post_install", "-at_install")
class TestOfBefore(PriorCase):
    """What is taken over was signed before the rules, or elsewhere, and shows it."""

    def _try(self, words, file=None, content=PDF, signed=None, **vals):
        file = file or self._new_file(**vals)
        document = self._attach("contract.pdf", content)
        with self.assertRaisesRegex(UserError, words):
            file.with_user(self.officer)._take_over(document, "Signed", signed)
        self.assertEqual((file.state, file.is_prior), ("draft", False))

    def _take(self, signed=None, **vals):
        file = self._new_file(**vals)
        document = self._attach("contract.pdf", PDF)
        file.with_user(self.officer)._take_over(document, "Signed", signed)
        self.assertTrue(file.is_prior)
        return file

    def test_its_day_or_its_number_says_it(self):
        before, after = date(2026, 2, 4), date(2026, 2, 5)
        self._try("Nothing says that it was signed before")
        self._try("Nothing says that it was signed before", signed=after)
        self._try("Nothing says that it was signed before", date_start=after)
        self._take(signed=before)
        self._take(date_signed=before, signed=after)
        self._take(date_start=before)
        file = self._take(ref_contract="UGAP-2026-12", signed=after)
        self.assertEqual(file.date_signed, after)
        self.env.cr.precommit.run()
        entry = file.sudo().journal_ids.filtered(lambda e: e.event == "take_over")
        said = {"signed_on": "2026-02-05", "number": "UGAP-2026-12"}
        self.assertLessEqual(said.items(), json.loads(entry.payload).items())

    def test_a_number_taken_off_is_told(self):
        file = self._take(ref_contract="UGAP-2026-12")
        self.assertNotIn("take_over", [f.rule.code for f in file._findings()])
        file.with_user(self.buyer).ref_contract = False
        self.assertIn("take_over", [f.rule.code for f in file._findings()])

    def test_no_day_to_come(self):
        to_come = self.company._souverainete_today() + timedelta(days=1)
        number = {"ref_contract": "UGAP-2026-12"}
        self._try("a day to come", signed=to_come, **number)
        self._try("a day to come", date_start=to_come, **number)

    def test_nothing_prepared_under_the_rules(self):
        number = {"ref_contract": "UGAP-2026-12"}
        words = "launched, or prepared, under the rules"
        self._try(words, self._launched_file(**number), signed=SIGNED)
        launched = self._launched_file()
        self._try(words, self._new_file(need_id=launched.id), signed=SIGNED)
        studied = self._new_file(**number)
        self._study(studied)
        self._try(words, studied, signed=SIGNED)
        launched.action_cancel()
        launched.action_draft()
        self._try(words, launched, signed=SIGNED)

    @mute_logger("pypdf._reader")
    def test_its_document_is_one(self):
        for words, content in (
            ("no document that can be read", b"x"),
            ("no document that can be read", b"signed " * 100),
            ("without a page", b"%PDF-1.4" + b" " * 400),
            ("weighs", PDF[:200]),
        ):
            with self.subTest(words):
                self._try(words, content=content, signed=SIGNED)

    def test_it_takes_two_people(self):
        """Neither who wrote the contract nor who handed it to another takes it over."""
        for vals in ({}, {"user_id": self.buyer.id}):
            file = self._new_file(user=self.officer, **vals)
            document = self._attach("contract.pdf", PDF)
            with self.assertRaisesRegex(AccessError, "Four eyes"):
                file._take_over(document, "Signed", SIGNED)
