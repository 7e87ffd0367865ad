"""The referral file: complete before it leaves, then frozen as one PDF and one zip."""

import csv
import hashlib
import io
import zipfile

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.souverainete_achat.models.project.referral_package import (
    get_file_name,
    is_mergeable,
    merge_pdf,
)

from ..common import ADDON
from .referral_common import complete_referral
from .test_opinion import OpinionCase


def _make_pdf(pages=1):
    writer = PdfFileWriter()
    for _page in range(pages):
        writer.addBlankPage(width=100, height=100)
    with io.BytesIO() as stream:
        writer.write(stream)
        return stream.getvalue()


class ReferralCase(OpinionCase):
    def _line(self, opinion, code):
        return opinion.piece_ids.filtered(lambda line: line.piece_id.code == code)

    def _document(self, name="piece.pdf", raw=None, user=None):
        return (
            self.env["ir.attachment"]
            .with_user(user or self.buyer)
            .create({"name": name, "raw": raw or _make_pdf()})
        )

    def _draft(self, channel="registered"):
        return self._new_opinion(submit=False, channel=channel)

    def _open_zip(self, opinion):
        return zipfile.ZipFile(io.BytesIO(opinion.sudo().referral_zip_id.raw))


@tagged("post_install", "-at_install")
class TestComplete(ReferralCase):
    def test_a_request_opens_with_its_checklist(self):
        opinion = self._draft()
        codes = opinion.piece_ids.mapped("piece_id.code")
        self.assertIn("letter", codes)
        self.assertIn("mareva", codes)
        self.assertNotIn("filing", codes)
        self.assertEqual(self._line(opinion, "costs").state, "joined")
        self.assertEqual(opinion.filing_address, "https://demarche.numerique.gouv.fr")

    def test_all_that_is_missing_is_listed(self):
        for channel in ("registered", "here"):
            opinion = self._draft(channel)
            with self.assertRaisesRegex(UserError, "If it was already sent") as caught:
                opinion.action_submit()
            for piece in ("letter", "note"):
                self.assertIn(self._line(opinion, piece).name, str(caught.exception))
            self.assertIn("letter", opinion.missing_pieces)
            self.assertEqual(opinion.state, "draft")

    def test_advised_pieces_do_not_hold_the_request(self):
        opinion = complete_referral(self._draft())
        self.assertEqual(self._line(opinion, "mareva").state, "missing")
        opinion.action_submit()
        self.assertEqual(opinion.state, "submitted")

    def test_an_empty_note_is_no_note(self):
        opinion = complete_referral(self._draft())
        opinion.note = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "Summary note"):
            opinion.action_submit()
        self._line(opinion, "note").document_ids = self._document()
        opinion.action_submit()
        self.assertEqual(opinion.state, "submitted")

    def test_the_buyer_does_not_excuse_a_required_piece(self):
        opinion = complete_referral(self._draft())
        letter = self._line(opinion, "letter")
        letter.write({"document_ids": [Command.clear()], "reason": "Later"})
        with self.assertRaisesRegex(UserError, "If it was already sent"):
            opinion.action_submit()
        with self.assertRaises(AccessError):
            letter.write({"is_excused": True})

    def test_an_officer_excuses_what_was_sent_outside(self):
        """What left before is a fact, and a fact is always recorded."""
        opinion = complete_referral(self._draft())
        letter = self._line(opinion, "letter")
        letter.document_ids = [Command.clear()]
        letter.with_user(self.officer).reason = "Kept by the secretary-general"
        opinion.action_submit()
        rows = self._open_zip(opinion).read("manifest.csv").decode("utf-8-sig")
        self.assertIn("Kept by the secretary-general", rows)

    def test_who_asks_does_not_excuse(self):
        opinion = complete_referral(
            self.env["souverainete.opinion"]
            .with_user(self.officer)
            .create({"project_id": self._new_project(10_000_000).id})
        )
        letter = self._line(opinion, "letter")
        letter.document_ids = [Command.clear()]
        letter.with_user(self.officer).reason = "Sent outside"
        with self.assertRaisesRegex(UserError, "If it was already sent"):
            opinion.action_submit()
        letter.with_user(self.officer2).reason = "Sent outside, seen"
        with self.assertRaisesRegex(UserError, "Four eyes"):
            opinion.with_user(self.officer2).action_submit()
        opinion.with_user(self.officer).action_submit()
        self.assertEqual(opinion.state, "submitted")

    def test_neither_a_link_nor_an_empty_file_is_a_piece(self):
        opinion = complete_referral(self._draft())
        letter = self._line(opinion, "letter")
        for vals in ({"raw": b""}, {"type": "url", "url": "https://example.fr"}):
            document = self._document()
            document.write(vals)
            letter.document_ids = [Command.set(document.ids)]
            self.assertEqual(letter.state, "missing")
            with self.assertRaisesRegex(UserError, "If it was already sent"):
                opinion.action_submit()

    def test_an_unknown_cost_is_not_referred(self):
        opinion = complete_referral(self._draft())
        line = opinion.project_id.cost_line_ids[:1].copy({"amount_known": False})
        line.amount = 0
        self.assertEqual(self._line(opinion, "costs").state, "missing")
        with self.assertRaisesRegex(UserError, "not known"):
            opinion.action_submit()

    def test_what_leaves_from_here_leaves_complete(self):
        opinion = complete_referral(self._draft("here"))
        letter = self._line(opinion, "letter")
        letter.document_ids = [Command.clear()]
        letter.with_user(self.officer).reason = "No"
        with self.assertRaisesRegex(UserError, "If it was already sent"):
            opinion.action_submit()

    def test_a_piece_required_since_is_asked(self):
        opinion = complete_referral(self._draft())
        self.env["souverainete.referral.piece"].create(
            {"code": "budget", "name": "Budget visa", "is_required": True}
        )
        with self.assertRaisesRegex(UserError, "Budget visa"):
            opinion.action_submit()

    def test_a_ministry_asks_more_never_less(self):
        letter = self.env.ref(f"{ADDON}.piece_letter")
        pieces = self.env["souverainete.referral.piece"].with_user(self.referent)
        with self.assertRaisesRegex(ValidationError, "is required of everybody"):
            pieces.create(
                {
                    "code": "letter",
                    "name": letter.name,
                    "company_id": self.company.id,
                    "is_required": False,
                }
            )
        own = pieces.create(
            {
                "code": "mareva",
                "name": "MAREVA file",
                "company_id": self.company.id,
                "is_required": True,
            }
        )
        own.with_user(self.referent2).action_approve()
        with self.assertRaisesRegex(UserError, "MAREVA"):
            complete_referral(self._draft()).action_submit()


@tagged("post_install", "-at_install")
class TestPackage(ReferralCase):
    def _submitted(self):
        opinion = complete_referral(self._draft())
        self._line(opinion, "planning").document_ids = self._document("../plan.pdf")
        self._line(opinion, "mareva").document_ids = self._document(
            "mareva.xlsx", b"a workbook"
        )
        self._line(opinion, "risks").reason = "=1+1"
        opinion.action_submit()
        return opinion

    def test_the_zip_holds_every_piece_and_its_digest(self):
        opinion = self._submitted()
        archive = self._open_zip(opinion)
        self.assertIsNone(archive.testzip())
        names = archive.namelist()
        self.assertFalse([name for name in names if ".." in name.split("/")])
        for word in ("courrier.pdf", "plan.pdf", "mareva.xlsx"):
            self.assertTrue([name for name in names if name.endswith(word)], word)
        for line in archive.read("SHA256SUMS").decode().splitlines():
            digest, _sep, name = line.partition("  ")
            self.assertEqual(hashlib.sha256(archive.read(name)).hexdigest(), digest)
            self.assertEqual(opinion.referral_digests[name], digest)

    def test_the_list_of_pieces_says_what_is_absent(self):
        text = self._open_zip(self._submitted()).read("manifest.csv")
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
        self.assertEqual({len(row) for row in rows}, {7})
        risks = next(row for row in rows if row[0] == "Risks")
        self.assertEqual(risks[3], "")
        self.assertEqual(risks[6], "'=1+1", "no formula in a spreadsheet")

    def test_the_journal_has_the_digests(self):
        project = self._new_project(10_000_000)
        file = self._new_file(project_id=project.id)
        opinion = self._new_opinion(project)
        file._journal_flush()
        entry = file.sudo().journal_ids.filtered(lambda e: e.event == "opinion")[:1]
        digest = hashlib.sha256(opinion.sudo().referral_zip_id.raw).hexdigest()
        self.assertIn(digest, entry.sudo().payload)

    @mute_logger("pypdf._reader")
    def test_broken_and_encrypted_documents_stay_apart(self):
        writer = PdfFileWriter()
        writer.addBlankPage(width=10, height=10)
        writer.encrypt("secret")
        encrypted = io.BytesIO()
        writer.write(encrypted)
        for content in (b"", b"x", b"%PDF-1.4 broken", encrypted.getvalue()):
            self.assertFalse(is_mergeable(content))
        self.assertTrue(is_mergeable(_make_pdf(3)))

    def test_one_pdf_with_bookmarks(self):
        merged = merge_pdf([("Request", _make_pdf(2)), ("Planning", _make_pdf(3))])
        reader = PdfFileReader(io.BytesIO(merged), strict=False)
        self.assertEqual(reader.getNumPages(), 5)
        titles = [item["/Title"] for item in reader.outline]
        self.assertEqual(titles, ["Request", "Planning"])

    def test_file_names_are_plain(self):
        self.assertEqual(get_file_name("../../etc/passwd"), "_.._etc_passwd")
        self.assertEqual(get_file_name("a\x00b.pdf"), "a_b.pdf")
        self.assertEqual(get_file_name(""), "document")
        self.assertEqual(get_file_name("a.pdf", {"a.pdf"}), "a (2).pdf")
        self.assertEqual(get_file_name("a", {"a"}), "a (2)")

    def test_the_pages_say_what_was_asked(self):
        opinion = self._submitted()
        report = self.env["ir.actions.report"].with_user(self.buyer)
        body = report._render_qweb_html(f"{ADDON}.referral", opinion.ids)[0].decode()
        self.assertIn("What the project is for", body)
        self.assertIn("mareva.xlsx", body)
        self.assertNotIn("Draft: this request", body)
        draft = self._new_opinion(self._new_project(1), submit=False)
        body = report._render_qweb_html(f"{ADDON}.referral", draft.ids)[0].decode()
        self.assertIn("Draft: this request", body)


@tagged("post_install", "-at_install")
class TestForgedReferral(ReferralCase):
    """What a client may try by RPC."""

    def test_the_checklist_is_not_emptied(self):
        opinion = self._draft()
        letter = self._line(opinion, "letter")
        for user in (self.buyer, self.purchase_manager, self.officer):
            door = letter.with_user(user)
            with self.assertRaises(AccessError):
                door.unlink()
            with self.assertRaisesRegex(UserError, "give the reason it is absent"):
                door.sudo().unlink()
            with self.assertRaises(AccessError):
                door.piece_id = self._line(opinion, "mareva").piece_id
            with self.assertRaises(AccessError):
                opinion.with_user(user).piece_ids = [Command.delete(letter.id)]
            with self.assertRaises(AccessError):
                door.create({"opinion_id": opinion.id, "piece_id": letter.piece_id.id})

    def test_submitted_pieces_do_not_change(self):
        opinion = self._new_opinion()
        letter = self._line(opinion, "letter")
        for user in (self.buyer, self.purchase_manager, self.officer, self.dinum):
            for vals in ({"reason": "x"}, {"document_ids": [Command.clear()]}):
                with self.assertRaisesRegex(UserError, "The pieces of a submitted"):
                    letter.with_user(user).write(vals)
                with self.assertRaisesRegex(UserError, "The pieces of a submitted"):
                    letter.with_user(user).sudo().write(vals)

    def test_the_file_that_left_is_out_of_reach(self):
        opinion = self._new_opinion()
        frozen = opinion.sudo()
        kept = frozen.referral_zip_id | self._line(frozen, "letter").document_ids
        for document in kept:
            content = document.raw
            for user in (self.buyer, self.officer, self.env.user):
                for attempt in (
                    lambda d: d.write({"raw": b"forged"}),
                    lambda d: d.write({"res_id": 0}),
                    lambda d: d.unlink(),
                ):
                    with self.assertRaisesRegex(UserError, "Attach the new one beside"):
                        attempt(document.with_user(user))
                    with self.assertRaisesRegex(UserError, "Attach the new one beside"):
                        attempt(document.sudo())
            self.assertEqual(document.raw, content)

    def test_the_original_changes_without_changing_what_left(self):
        opinion = complete_referral(self._draft())
        original = self._line(opinion, "letter").sudo().document_ids
        opinion.action_submit()
        before = opinion.sudo().referral_zip_id.checksum
        original.raw = b"Another letter"
        copy = self._line(opinion, "letter").sudo().document_ids
        self.assertNotEqual(copy, original)
        self.assertNotEqual(copy.raw, original.raw)
        self.assertEqual(opinion.sudo().referral_zip_id.checksum, before)

    def test_server_fields_are_refused(self):
        opinion = self._draft()
        zipped = self._document("forged.zip", b"PK")
        for vals in ({"referral_zip_id": zipped.id}, {"referral_digests": {}}):
            with self.assertRaises(AccessError):
                opinion.write(vals)
            with self.assertRaises(AccessError):
                opinion.sudo().write(vals)

    def test_only_readable_documents_are_joined(self):
        secret = self._document("offer.pdf", user=self.officer)
        opinion = self._draft()
        with self.assertRaises(AccessError):
            self._line(opinion, "letter").document_ids = [Command.link(secret.id)]

    def test_a_colleague_submits_what_another_joined(self):
        opinion = complete_referral(self._draft())
        other = self._new_user("colleague", "purchase.group_purchase_user")
        opinion.with_user(other).action_submit()
        self.assertEqual(opinion.requester_id, other)

    def test_the_dinum_reads_what_was_submitted(self):
        draft = complete_referral(self._draft("here"))
        lines = self.env["souverainete.opinion.piece"].with_user(self.dinum)
        self.assertFalse(lines.search([("opinion_id", "=", draft.id)]))
        draft.action_submit()
        self.assertTrue(lines.search([("opinion_id", "=", draft.id)]))
        self.assertTrue(draft.sudo().referral_zip_id.with_user(self.dinum).raw)

    def test_another_ministry_sees_nothing(self):
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
        lines = self.env["souverainete.opinion.piece"].with_user(stranger)
        self.assertFalse(lines.search([("opinion_id", "=", opinion.id)]))
        with self.assertRaises(AccessError):
            opinion.sudo().referral_zip_id.with_user(stranger).read(["raw"])
