"""What leaves at launch: clauses, criteria, answer sheet; drafts, what is frozen."""

import hashlib
import io
import zipfile

from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.consultation import sheet_format as form

from ..agreement.need_common import NeedCase
from ..common import ADDON
from .consultation_common import SHEET, ConsultationCase


def _read_pdf(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def _read_odt(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        body = etree.fromstring(archive.read("content.xml"))
    return " ".join(" ".join(body.itertext()).split())


@tagged("post_install", "-at_install")
class TestClauses(ConsultationCase):
    def _messages(self, file):
        findings = file._findings("launch")
        return [f for f in findings if f.rule.code == "clauses_carried"]

    def _asked(self, file):
        return set(file._get_clauses_asked().mapped("code"))

    def test_each_purchase_is_asked_its_own(self):
        need = self._new_need()
        cloud = {"reversibility", "audit", "change_of_control", "data_location"}
        cloud |= {"environment"}
        self.assertEqual(self._asked(need), cloud)
        need.data_breach_harm = "yes"
        self.assertEqual(self._asked(need), cloud | {"qualification"})
        need.write({"purchase_nature": "development", "has_cloud": "no"})
        self.assertEqual(
            self._asked(need),
            {"qualification", "audit", "data_location", "environment"}
            | {"reversibility", "source_code", "maintenance"},
        )
        need.write({"purchase_nature": "hardware", "data_breach_harm": "no"})
        self.assertEqual(self._asked(need), {"environment"})

    def test_a_cloud_service_among_other_things(self):
        need = self._new_need()
        need.write({"purchase_nature": "hardware", "has_cloud": "yes"})
        self.assertIn("reversibility", self._asked(need))

    def test_missing_clauses_warn_and_never_block(self):
        need = self._new_need()
        [finding] = self._messages(need)
        self.assertFalse(finding.blocking)
        self.assertIn("Reversibility", finding.message)
        self.assertIn("Consultation", finding.message)
        need.action_launch()
        self.assertTrue(need.date_launch)

    def test_the_qualification_of_a_host_is_told_once(self):
        need = self._new_need()
        need.data_breach_harm = "yes"
        [finding] = self._messages(need)
        self.assertNotIn("Qualification", finding.message)
        codes = [finding.rule.code for finding in need._findings("launch")]
        self.assertIn("qualification_clause", codes)

    def test_adding_them_settles_it(self):
        need = self._new_need()
        need.action_add_clauses()
        self.assertFalse(self._messages(need))
        self.assertEqual(set(need.clause_ids.mapped("code")), self._asked(need))

    def test_a_reason_settles_it_too(self):
        need = self._new_need()
        need.clause_reason = "   "
        self.assertTrue(self._messages(need))
        need.clause_reason = "Written in our own CCAP, article 12"
        self.assertFalse(self._messages(need))

    def test_a_reason_does_not_spare_an_umbrella(self):
        umbrella = self._new_umbrella(clause_reason="No")
        umbrella.purchase_route = "own"
        self.assertFalse(self._messages(umbrella))
        self.assertIn("umbrella_clauses", self._codes(umbrella))

    def test_orders_under_a_framework_are_not_asked(self):
        need = self._new_need()
        for route in ("call_off", "interministerial", "central_body"):
            need.purchase_route = route
            self.assertFalse(self._messages(need), route)

    def test_a_clause_of_the_ministry(self):
        clause = (
            self.env["souverainete.clause"]
            .with_user(self.referent)
            .create(
                {
                    "code": "green",
                    "name": "Energy",
                    "text": "Energy is metered.",
                    "document": "cctp",
                    "asked_umbrella": False,
                    "asked_cloud": True,
                    "certainty": "policy",
                }
            )
        )
        need = self._new_need()
        self.assertNotIn("green", self._asked(need))
        clause.with_user(self.referent2).action_approve()
        self.assertIn("green", self._asked(need))
        self.assertNotIn("green", self._asked(self._new_umbrella()))

    def test_frozen_at_launch_with_their_reason(self):
        need = self._new_need(clause_reason="Audit: covered by the framework")
        need.action_add_clauses()
        audit = need.clause_ids.filtered(lambda c: c.code == "audit")
        need.clause_ids -= audit
        content = need.sudo()._get_launch_content()
        self.assertNotIn("audit", content["clauses"])
        self.assertIn("Audit", content["clause_reason"])
        need.action_launch()
        for vals in (
            {"clause_reason": "Other"},
            {"clause_ids": [Command.clear()]},
            {"clause_ids": [Command.link(audit.id)]},
        ):
            with self.assertRaisesRegex(UserError, "frozen"), self.env.cr.savepoint():
                need.write(vals)

    def test_content_of_files_without_clauses_is_as_it_was(self):
        content = self._new_need().sudo()._get_launch_content()
        self.assertFalse({"clauses", "clause_reason"} & set(content))


@tagged("post_install", "-at_install")
class TestTenderDocuments(ConsultationCase):
    def setUp(self):
        super().setUp()
        grid = self.env.ref(f"{ADDON}.grid_doctrine_2026").copy({"code": "own"})
        grid.action_load_example()
        grid.objective_ids[0].required_level = "2"
        self.grid = grid

    def _new_need(self, *value, **vals):
        return super()._new_need(*value, grid_id=self.grid.id, **vals)

    def _ready(self):
        need = self._new_need(reference="Réunions à distance")
        need.action_add_clauses()
        return need

    def test_what_is_inside(self):
        self.prints = True
        need = self._launched_need()
        pieces = self._unpack(self._download(need))
        names = [
            f"{stem}.{kind}"
            for stem in ("01_criteres_RC", "02_clauses_CCAP", "03_clauses_CCTP")
            for kind in ("pdf", "odt")
        ]
        self.assertEqual(list(pieces), [*names, f"{SHEET}.xlsx", "LISEZMOI.txt"])
        self.assertTrue(all(name.isascii() for name in pieces))
        readme = str(pieces["LISEZMOI.txt"], "utf-8-sig")
        self.assertIn(need.launch_digest, readme)
        for name in [*names, f"{SHEET}.xlsx"]:
            digest = hashlib.sha256(pieces[name]).hexdigest()
            self.assertIn(f"{digest}  {name}", readme)

    def test_criteria_say_what_scores_offers(self):
        self.prints = True
        need = self._launched_need()
        pieces = self._unpack(self._download(need))
        for text in (
            _read_pdf(pieces["01_criteres_RC.pdf"]),
            _read_odt(pieces["01_criteres_RC.odt"]),
        ):
            for words in (
                "Réunions à distance",
                need.name,
                self.grid.objective_ids[0].name,
                self.grid.criterion_ids[-1].name,
                self.grid.criterion_ids[0].level_ids[-1].name[:40],
                f"are those of {self.company.name}",
                "sets no weight",
                "worth the worst answer",
                "Level required",
                "25 %",
            ):
                self.assertIn(words, text)

    def test_bidders_are_told_in_their_own_words(self):
        """No code of ours, nothing meant for who assesses, levels from 0 to 4, and no
        question that only the buyer can answer."""
        need = self._ready()
        pieces = self._launch_and_unpack(need)
        text = _read_odt(pieces["01_criteres_RC.odt"])
        book = load_workbook(io.BytesIO(pieces[f"{SHEET}.xlsx"]))
        seen = text + " ".join(
            str(cell.value)
            for row in book[form.ANSWERS].iter_rows(max_col=7)
            for cell in row
        )
        for criterion in self.grid.criterion_ids:
            self.assertNotIn(criterion.code, seen)
            self.assertNotIn(criterion.help, seen)
            asked = criterion.code != "cost.comparison"
            self.assertEqual(criterion.name in text, asked, criterion.code)
            if asked:
                self.assertIn(criterion.bidder_help, seen)
        first = self.grid.criterion_ids[0]
        self.assertIn(f"1.1 {first.name}", text)
        choices = [cell.value for cell in book[form.LISTS][form.FIRST_ROW]]
        self.assertEqual(
            choices[1:6], [f"{rung.level} – {rung.name}" for rung in first.level_ids]
        )

    def test_clauses_are_sorted_by_document(self):
        self.prints = True
        pieces = self._unpack(self._download(self._launched_need()))
        for kind, read in (("pdf", _read_pdf), ("odt", _read_odt)):
            ccap = read(pieces[f"02_clauses_CCAP.{kind}"])
            cctp = read(pieces[f"03_clauses_CCTP.{kind}"])
            for words, inside, outside in (
                ("Change of control", ccap, cctp),
                ("Reversibility, priced", cctp, ccap),
                ("The price schedule gives the price of reversibility", cctp, ccap),
            ):
                self.assertIn(words, inside)
                self.assertNotIn(words, outside)

    def test_nothing_of_the_study_leaks(self):
        self.prints = True
        need = self._ready()
        need.option_ids[0].write({"cost": 43219876, "cost_known": True})
        for pieces in (self._draft(need), self._launch_and_unpack(need)):
            text = " ".join(
                [_read_pdf(p) for name, p in pieces.items() if name.endswith("pdf")]
                + [_read_odt(p) for name, p in pieces.items() if name.endswith("odt")]
                + [str(pieces["LISEZMOI.txt"], "utf-8-sig")]
            )
            book = load_workbook(io.BytesIO(pieces[f"{SHEET}.xlsx"]))
            cells = [str(c.value) for s in book for row in s.iter_rows() for c in row]
            for secret in (
                "Réunions souveraines",
                "500 participants",
                "Visio",
                "43219876",
                "43,219,876",
                "100000",
                self.vendor.name,
                "public order",
            ):
                self.assertNotIn(secret, text + " ".join(cells))

    def _launch_and_unpack(self, need):
        need.action_launch()
        return self._unpack(self._download(need))

    def test_draft_says_so_on_every_piece_and_keeps_nothing(self):
        self.prints = True
        need = self._ready()
        attachments = self.env["ir.attachment"].search_count([])
        pieces = self._draft(need)
        for name, piece in pieces.items():
            with self.subTest(name=name):
                if name.endswith("pdf"):
                    self.assertIn("DRAFT", _read_pdf(piece))
                elif name.endswith("odt"):
                    self.assertIn("DRAFT", _read_odt(piece))
                elif name.endswith("xlsx"):
                    book = load_workbook(io.BytesIO(piece))
                    self.assertIn("DRAFT", book[form.NOTICE]["A1"].value)
                    self.assertIn("DRAFT", book[form.ANSWERS]["A1"].value)
                else:
                    self.assertIn("DRAFT", str(piece, "utf-8-sig"))
        self.assertFalse(need.tender_ids)
        self.assertEqual(self.env["ir.attachment"].search_count([]), attachments)

    def test_what_left_says_draft_nowhere(self):
        pieces = self._unpack(self._download(self._launched_need()))
        self.assertNotIn("DRAFT", _read_odt(pieces["01_criteres_RC.odt"]))
        book = load_workbook(io.BytesIO(pieces[f"{SHEET}.xlsx"]))
        self.assertNotIn("DRAFT", str(book[form.NOTICE]["A1"].value))

    def test_same_bytes_forever(self):
        self.prints = True
        need = self._launched_need()
        before = self._download(need)
        digest = need.tender_ids.archive_digest
        self.assertEqual(digest, hashlib.sha256(before).hexdigest())
        need.write({"reference": "Another title", "consultation_ref": "C-9"})
        self.company.name = "Renamed"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._download(need), before)
        need._journal_flush()
        contents = need.sudo().journal_ids.filtered(lambda j: j.event == "tender")
        self.assertEqual(len(contents), 2)
        self.assertIn(digest, "".join(contents.mapped("payload")))

    def test_what_was_frozen_is_given_even_at_a_first_download_much_later(self):
        need = self._launched_need()
        need.write({"reference": "Another title"})
        text = _read_odt(self._unpack(self._download(need))["01_criteres_RC.odt"])
        self.assertIn("Réunions à distance", text)
        self.assertNotIn("Another title", text)

    def test_a_second_launch_leaves_with_its_own(self):
        need = self._launched_need()
        first = need.tender_ids
        self._download(need)
        need.action_cancel()
        need.action_draft()
        self.assertIn("PROJET", need.action_tender_documents()["url"])
        need.reference = "Second time"
        need.action_launch()
        self.assertEqual(len(need.tender_ids), 2)
        self._download(need)
        second = need.tender_ids - first
        self.assertNotEqual(first.archive_digest, second.archive_digest)

    def test_a_file_launched_before_files_kept_it(self):
        need = self._launched_need()
        self.env.cr.execute(
            "DELETE FROM souverainete_tender WHERE requisition_id = %s", [need.id]
        )
        self.env.invalidate_all()
        self.assertTrue(self._download(need))
        self.assertEqual(need.tender_ids.launch_digest, need.launch_digest)

    def test_no_sheet_of_a_lot_hides_another(self):
        need = self._new_need()
        self._new_lot(need, "1/2")
        # Without a grid of its own, a lot is judged on the need's.
        self._new_lot(need, "1-2").grid_id = False
        need.action_add_clauses()
        need.action_launch()
        pieces = self._unpack(self._download(need))
        for suffix in ("_lot_1-2", "_lot_1-2_2"):
            self.assertIn(f"{SHEET}{suffix}.xlsx", pieces)

    def test_each_lot_has_its_grid_and_its_sheet(self):
        need = self._ready()
        commission = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        self._new_lot(need, "1", name="Visio")
        self._new_lot(need, "2 bis", name="Formation", grid_id=commission.id)
        pieces = self._launch_and_unpack(need)
        self.assertIn(f"{SHEET}_lot_1.xlsx", pieces)
        self.assertIn(f"{SHEET}_lot_2-bis.xlsx", pieces)
        text = _read_odt(pieces["01_criteres_RC.odt"])
        self.assertIn("Lot 2 bis – Formation", text)
        self.assertIn("SOV-2.1", text)
        book = load_workbook(io.BytesIO(pieces[f"{SHEET}_lot_2-bis.xlsx"]))
        codes = [cell.value for cell in book[form.ANSWERS][form.NUMBER]]
        self.assertIn("SOV-2.1", codes)
        self.assertNotIn("SOV-1.4", codes, "capital never ranks offers")

    def test_price_blank_rule_and_justification_are_published(self):
        grid = self.grid
        grid.blank_rule = "zero"
        last = grid.objective_ids[-1]
        last.write({"criterion_ids": [Command.clear()], "required_level": False})
        last.is_price = True
        criterion = grid.criterion_ids[0]
        criterion.write({"award_use": "justified", "object_link": "Runs the directory"})
        other = grid.criterion_ids[1]
        other.award_use = "justified"
        text = _read_odt(self._launch_and_unpack(self._ready())["01_criteres_RC.odt"])
        self.assertIn("gets no point", text)
        self.assertIn("the lowest price among the regular offers", text)
        self.assertIn("Link with the object of the contract: Runs the directory", text)
        self.assertNotIn(other.name, text)

    def test_a_grid_without_weights_ranks_nothing(self):
        need = self._ready()
        need.grid_id = self.env.ref(f"{ADDON}.grid_doctrine_2026")
        text = _read_odt(self._launch_and_unpack(need)["01_criteres_RC.odt"])
        self.assertIn("not marked", text)
        self.assertIn("rank no offer", text)
        self.assertNotIn("Points", text)

    def questionnaire_texts_that_documents_cannot_hold(self):
        need = self._ready()
        need.reference = 'A\x0bB <b>&amp; "x" ]]> =1+1'
        pieces = self._launch_and_unpack(need)
        self.assertIn("AB <b>", _read_odt(pieces["01_criteres_RC.odt"]))

    def test_nothing_to_give_says_so(self):
        need = self._new_need()
        need.grid_id = False
        with self.assertRaisesRegex(UserError, "nothing to give"):
            need.action_tender_documents()
        chairs = self._new_file(self.chair)
        with self.assertRaisesRegex(UserError, "not a digital purchase"):
            chairs.action_tender_documents()

    def test_an_agreement_gives_those_of_its_need(self):
        need = self._launched_need()
        self._new_offer(need, self.vendor)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        self.assertEqual(self._url(agreement), self._url(need))
        self.assertEqual(agreement.clause_ids, need.clause_ids)

    def _url(self, file):
        return file.action_tender_documents()["url"]


@tagged("post_install", "-at_install")
class TestAroundTheTenderDocuments(ConsultationCase):
    def setUp(self):
        super().setUp()
        self.need = self._launched_need()
        self.before = self._download(self.need)
        self.tender = self.need.tender_ids
        self.env.flush_all()
        self.env.invalidate_all()

    def _get_attachment(self):
        domain = [
            ("res_model", "=", "souverainete.tender"),
            ("res_field", "=", "archive"),
            ("res_id", "=", self.tender.id),
        ]
        return self.env["ir.attachment"].sudo().search(domain)

    def test_archive_rewritten_or_deleted(self):
        attachment = self._get_attachment()
        self.assertTrue(attachment)
        admin = self.env.ref("base.user_admin")
        users = self.buyer | self.purchase_manager | self.officer | admin
        for user in users | self.referent:
            for vals in (
                {"raw": b"x"},
                {"datas": b"eA=="},
                {"res_id": 1},
                {"url": "x"},
            ):
                with (
                    self.assertRaisesRegex(UserError, "Attach the new one beside"),
                    self.env.cr.savepoint(),
                ):
                    attachment.with_user(user).write(vals)
            with (
                self.assertRaisesRegex(UserError, "Attach the new one beside"),
                self.env.cr.savepoint(),
            ):
                attachment.with_user(user).unlink()
        with (
            self.assertRaisesRegex(UserError, "Attach the new one beside"),
            self.env.cr.savepoint(),
        ):
            attachment.unlink()
        self.assertEqual(self._download(self.need), self.before)

    def test_record_written_created_or_deleted(self):
        for user in (self.buyer, self.purchase_manager, self.officer, self.referent):
            tender = self.tender.with_user(user)
            for vals in (
                {"archive": b"eA=="},
                {"archive_digest": False},
                {"content": {}},
                {"date_launch": "2020-01-01"},
            ):
                with (
                    self.assertRaisesRegex(AccessError, "Use the buttons of the form"),
                    self.env.cr.savepoint(),
                ):
                    tender.write(vals)
                with (
                    self.assertRaisesRegex(AccessError, "Use the buttons of the form"),
                    self.env.cr.savepoint(),
                ):
                    tender.sudo().write(vals)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                tender.unlink()
            with (
                self.assertRaisesRegex(UserError, "these records are evidence"),
                self.env.cr.savepoint(),
            ):
                tender.sudo().unlink()
            with (
                self.assertRaisesRegex(AccessError, "these records are written"),
                self.env.cr.savepoint(),
            ):
                tender.create({"requisition_id": self.need.id, "content": {}})
        with (
            self.assertRaisesRegex(AccessError, "Use the buttons of the form"),
            self.env.cr.savepoint(),
        ):
            self.need.write({"tender_ids": [Command.clear()]})

    def test_another_ministry_downloads_nothing(self):
        stranger = self._new_user(
            "stranger",
            "purchase.group_purchase_manager",
            company_id=self.other_ministry.id,
            company_ids=[Command.set(self.other_ministry.ids)],
        )
        with self.assertRaises(AccessError):
            self.tender.with_user(stranger).action_download()
        with self.assertRaises(AccessError):
            self.need.with_user(stranger).action_tender_documents()
        preview = self.env["souverainete.tender.preview"].with_user(stranger)
        draft = self._new_need()
        with self.assertRaises(AccessError):
            preview.create({"requisition_id": draft.id}).read(["content"])

    def test_readers_download_what_is_public(self):
        for user in (self.dae, self.ambassador, self.officer, self.purchase_manager):
            url = self.need.with_user(user).action_tender_documents()["url"]
            self.assertIn(str(self.tender.id), url)
            self.assertTrue(self.tender.with_user(user).archive)


@tagged("post_install", "-at_install")
class TestLanguageOfTheDocuments(NeedCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.need = self._new_need()
        self.need.grid_id = self.need.grid_id.sudo().copy({"code": "bilingual"})
        criteria = self.need.grid_id.sudo().criterion_ids
        self.criterion = criteria._get_scored(True, self.need._get_asked_band())[0]
        self.criterion.with_context(lang="fr_FR").name = "Question en français"

    def test_french_whoever_makes_them(self):
        for lang in ("fr_FR", "en_US"):
            content = self.need.with_context(lang=lang)._prepare_tender()
            objective = content["lots"][0]["grid"]["objectives"][0]
            self.assertEqual(objective["criteria"][0]["name"], "Question en français")

    def test_what_is_frozen_does_not_depend_on_the_language(self):
        self.need.action_add_clauses()
        self.need.with_context(lang="en_US").action_launch()
        for lang in ("fr_FR", "en_US"):
            need = self.need.with_context(lang=lang)
            need.write({"need_measure": need.need_measure})
            self.assertEqual(
                need._get_digest(need.sudo()._get_launch_content()), need.launch_digest
            )
