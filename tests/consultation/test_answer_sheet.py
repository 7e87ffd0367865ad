"""A bidder's answer sheet comes back: recognised, shown, recorded, never altered."""

import base64
import io
import random
import zipfile

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.workbook import WorkbookError
from odoo.addons.souverainete_achat.models.consultation import sheet_format as form
from odoo.addons.souverainete_achat.models.consultation import sheet_reader

from ..common import ADDON
from .consultation_common import SIRET, ConsultationCase


class SheetCase(ConsultationCase):
    def setUp(self):
        super().setUp()
        self.need = self._launched_need()
        self.blank = self._get_sheet(self.need)
        self.sheet = self._fill_in(self.blank)
        asked = self.need.grid_id.criterion_ids._get_scored(of_offer=True)
        self.criteria = asked
        self.env.flush_all()

    def _import(self, content=None, **vals):
        imported = self._new_import(self.need, content or self.sheet, **vals)
        imported.action_import()
        return imported.option_id

    def _refuse(self, content, words, **vals):
        """Refused with these words by preview or import, and nothing is recorded."""
        before = self._get_recorded()
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self._new_import(self.need, content, **vals).action_import()
        self.env.invalidate_all()
        self.assertEqual(self._get_recorded(), before)

    def _get_recorded(self):
        offers = self.need.sudo().offer_ids
        answers = offers.answer_ids
        return [(o.id, o.answer_sheet_digest) for o in offers] + [
            (a.id, tuple(a._get_bid_vals().values())) for a in answers
        ]


@tagged("post_install", "-at_install")
class TestSheetGiven(SheetCase):
    def test_one_row_a_criterion_with_its_ladder(self):
        book = load_workbook(io.BytesIO(self.blank))
        answers = book[form.ANSWERS]
        self.assertEqual(answers.max_row, 1 + len(self.criteria))
        choices = {str(v.sqref): v for v in answers.data_validations.dataValidation}
        for row, criterion in enumerate(self.criteria, start=form.FIRST_ROW):
            self.assertEqual(answers[f"C{row}"].value, criterion.name)
            choice = choices[f"E{row}"]
            ladder = [c.value for c in book[form.LISTS][row] if c.value]
            self.assertEqual(len(ladder), 1 + len(criterion.level_ids))
            self.assertIn(f"{form.LISTS}!$A${row}", choice.formula1)
            for rung, text in zip(criterion.level_ids, ladder[1:], strict=True):
                self.assertIn(rung.name, text)

    def test_only_what_is_to_be_filled_in_is_open(self):
        book = load_workbook(io.BytesIO(self.blank))
        for sheet in book:
            self.assertTrue(sheet.protection.sheet, sheet.title)
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                open_ = cell.protection.locked is False
                answers = sheet.title == form.ANSWERS
                asked = answers and cell.column_letter in "EFG" and cell.row > 1
                bidder = sheet.title == form.BIDDER and cell.coordinate in ("B5", "B6")
                self.assertEqual(open_, bool(asked or bidder), cell)

    def test_what_recognises_it_is_hidden(self):
        book = load_workbook(io.BytesIO(self.blank))
        self.assertEqual(book[form.MARK].sheet_state, "veryHidden")
        self.assertEqual(book[form.LISTS].sheet_state, "hidden")
        told = [cell.value for cell in book[form.MARK]["A"]]
        self.assertIn(self.need.launch_digest, told)

    def test_no_text_of_the_grid_is_a_formula(self):
        grid = self.need.grid_id.sudo().copy({"code": "formula"})
        grid.criterion_ids[0].name = '=HYPERLINK("http://x","y")'
        grid.criterion_ids[0].level_ids[0].name = "@SUM(1)"
        need = self._new_need(grid_id=grid.id)
        need.action_launch()
        book = load_workbook(io.BytesIO(self._get_sheet(need)))
        kinds = {c.data_type for s in book for row in s.iter_rows() for c in row}
        self.assertNotIn("f", kinds)


@tagged("post_install", "-at_install")
class TestSheetReturned(SheetCase):
    def test_round_trip(self):
        preview = self._new_import(self.need, self.sheet)
        preview.action_preview()
        self.assertFalse(self.need.offer_ids, "the preview writes nothing")
        self.assertEqual(preview.bidder, "Éditions du Logiciel")
        self.assertEqual(len(preview.line_ids), len(self.criteria))
        self.assertEqual(set(preview.line_ids.mapped("status")), {"recorded"})
        preview.action_import()
        offer = preview.option_id
        self.assertEqual(offer.partner_id, self.vendor)
        self.assertEqual(offer.kind, "offer")
        answers = {a.criterion_id: a for a in offer.answer_ids}
        first, second, third = (answers[c] for c in self.criteria[:3])
        self.assertEqual(first.bid_text, "Mesuré")
        self.assertEqual(first.bid_proof, "page 4")
        self.assertEqual(first.bid_level_id, self.criteria[0].level_ids[2])
        self.assertFalse(first.level_id, "the evaluator answers, not the bidder")
        self.assertFalse(first.left_blank)
        self.assertEqual(second.bid_level_id, self.criteria[1].level_ids[1])
        self.assertTrue(third.left_blank)
        self.assertFalse(third.bid_text or third.bid_level_id)

    def test_the_sheet_received_is_kept(self):
        offer = self._import()
        kept = base64.b64decode(offer.with_context(bin_size=False).answer_sheet)
        self.assertEqual(kept, self.sheet)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_field", "=", "answer_sheet"), ("res_id", "=", offer.id)])
        )
        for user in (
            self.buyer,
            self.purchase_manager,
            self.env.ref("base.user_admin"),
        ):
            with (
                self.assertRaisesRegex(UserError, "Attach the new one beside"),
                self.env.cr.savepoint(),
            ):
                attachment.with_user(user).write({"raw": b"x"})
            with (
                self.assertRaisesRegex(UserError, "Attach the new one beside"),
                self.env.cr.savepoint(),
            ):
                attachment.with_user(user).unlink()
        for vals in ({"answer_sheet": False}, {"answer_sheet_digest": "0"}):
            with (
                self.assertRaisesRegex(AccessError, "Use the buttons of the form"),
                self.env.cr.savepoint(),
            ):
                offer.write(vals)
        with (
            self.assertRaisesRegex(UserError, "Set them aside with a reason"),
            self.env.cr.savepoint(),
        ):
            offer.unlink()

    def test_the_same_sheet_again_changes_nothing(self):
        offer = self._import()
        before = self._get_recorded()
        again = self._new_import(self.need, self.sheet)
        again.action_preview()
        self.assertEqual(set(again.line_ids.mapped("status")), {"unchanged"})
        again.action_import()
        self.assertEqual(again.option_id, offer)
        self.assertEqual(self._get_recorded(), before)

    def test_another_sheet_of_the_same_bid_is_refused(self):
        self._import()
        for rows in (
            {2: (3, "Autre", "page 4"), 3: (2, "Oui", "")},
            {2: (4, "Mesuré", "page 4"), 3: (2, "Oui", "")},
            {2: (3, "Mesuré", "page 5"), 3: (2, "Oui", "")},
            {2: (3, "Mesuré", "page 4"), 3: (0, "", "")},
            {2: (3, "Mesuré", "page 4"), 3: (2, "Oui", ""), 4: (1, "Added", "")},
        ):
            self._refuse(self._fill_in(self.blank, rows=rows), "never altered")

    def test_what_the_bid_says_is_never_altered(self):
        answer = self._import().answer_ids.filtered("bid_text")[0]
        for user in (self.buyer, self.env.user):
            for vals in ({"bid_proof": "Other"}, {"bid_text": "Other"}):
                with (
                    self.assertRaisesRegex(UserError, "record your own answer"),
                    self.env.cr.savepoint(),
                ):
                    answer.with_user(user).write(vals)
        with (
            self.assertRaisesRegex(UserError, "What a bid says is evidence"),
            self.env.cr.savepoint(),
        ):
            answer.unlink()

    def test_the_evaluator_answers_beside_it(self):
        offer = self._import()
        answer = offer.answer_ids.filtered("bid_text")[0].with_user(self.buyer)
        answer.write({"level_id": answer.criterion_id.level_ids[0].id})
        again = self._new_import(self.need, self.sheet)
        again.action_preview()
        self.assertEqual(set(again.line_ids.mapped("status")), {"unchanged"})

    def test_an_evaluation_made_before_the_sheet(self):
        offer = self._new_offer(self.need, self.vendor, verdict="pending")
        answer = offer.answer_ids.filtered(lambda a: a.criterion_id == self.criteria[5])
        answer.level_id = self.criteria[5].level_ids[0]
        self._refuse(self.sheet, "row 7, column E — It is left blank in the sheet")

    def test_the_preview_is_read_again(self):
        """What is recorded is what the workbook says, whatever the preview was made."""
        preview = self._new_import(self.need, self.sheet)
        preview.action_preview()
        preview.line_ids[0].write({"bid_text": "Forged", "status": "recorded"})
        preview.action_import()
        self.assertNotIn("Forged", preview.option_id.answer_ids.mapped("bid_text"))

    def test_an_explicit_blank_is_a_blank(self):
        book = load_workbook(io.BytesIO(self.sheet))
        book[form.ANSWERS]["E4"] = book[form.LISTS]["A4"].value
        offer = self._import(self._save(book))
        third = offer.answer_ids.filtered(lambda a: a.criterion_id == self.criteria[2])
        self.assertTrue(third.left_blank)
        book[form.ANSWERS]["F4"] = "And yet"
        self._refuse(self._save(book), "row 4, column E — It is left blank and explain")

    def test_an_explanation_without_a_level(self):
        offer = self._import(self._fill_in(self.blank, rows={2: (0, "Voir p. 3", "")}))
        first = offer.answer_ids.filtered(lambda a: a.criterion_id == self.criteria[0])
        self.assertEqual(first.bid_text, "Voir p. 3")
        self.assertFalse(first.left_blank or first.bid_level_id)

    def test_journalled_without_a_word_of_the_bid(self):
        self._import()
        self.need._journal_flush()
        entry = self.need.sudo().journal_ids.filtered(
            lambda j: j.event == "bid_answers"
        )
        self.assertEqual(len(entry), 1)
        self.assertNotIn("Mesuré", entry.payload)
        dae = entry.with_user(self.dae)
        self.assertNotIn("option", dae.content)

    def test_scores_follow(self):
        offer = self._import()
        self.assertEqual(offer._get_unsettled_count(), 2)


@tagged("post_install", "-at_install")
class TestWhoseSheet(SheetCase):
    def test_found_by_siret_however_it_is_written(self):
        for siret in ("110 000 015 00013", int(SIRET), float(SIRET)):
            content = self._fill_in(self.blank, siret=siret)
            preview = self._new_import(self.need, content)
            preview.action_preview()
            self.assertEqual(preview.partner_id, self.vendor, siret)

    def test_the_offer_that_exists_is_used(self):
        offer = self._new_offer(self.need, self.vendor, verdict="pending")
        self.assertEqual(self._import(), offer)

    def test_an_unknown_siret_asks(self):
        self.vendor.company_registry = False
        preview = self._new_import(self.need, self.sheet)
        preview.action_preview()
        self.assertTrue(preview.needs_partner)
        with self.assertRaisesRegex(UserError, SIRET):
            preview.action_import()
        self.assertFalse(self.need.offer_ids)
        preview.partner_id = self.other_vendor
        preview.action_import()
        self.assertEqual(preview.option_id.partner_id, self.other_vendor)

    def test_a_known_contact_is_not_the_bidder_of_another_siret(self):
        self.other_vendor.company_registry = "35600000000048"
        self.vendor.company_registry = False
        offer = self._new_offer(self.need, self.other_vendor, verdict="pending")
        self._refuse(self.sheet, "another bidder", option_id=offer.id)
        self._refuse(self.sheet, "another bidder", partner_id=self.other_vendor.id)

    def test_a_bid_keeps_its_bidder_and_its_silence(self):
        offer = self._import(self._fill_in(self.blank, rows={}))
        with self.assertRaisesRegex(UserError, "keeps its bidder"):
            offer.partner_id = self.other_vendor
        blank = offer.answer_ids.filtered("left_blank")[:1]
        self.assertTrue(blank)
        best = blank.criterion_id.level_ids[-1:]
        for door in (blank, blank.sudo()):
            with self.assertRaisesRegex(UserError, "blank"):
                door.write({"left_blank": False, "level_id": best.id})
            with self.assertRaisesRegex(UserError, "What a bid says is evidence"):
                door.unlink()

    def test_no_siret_on_an_offer_already_there(self):
        offer = self._new_offer(self.need, self.other_vendor, verdict="pending")
        content = self._fill_in(self.blank, siret=None)
        self.assertEqual(self._import(content, option_id=offer.id), offer)

    def test_a_wrong_siret(self):
        for siret in ("11000001500014", "abc", "1" * 30):
            content = self._fill_in(self.blank, siret=siret)
            self._refuse(
                content, "“Identification”, row 6, column B — This is not a SI"
            )

    def test_the_offer_of_somebody_else(self):
        offer = self._new_offer(self.need, self.other_vendor, verdict="pending")
        self._refuse(self.sheet, "the offer that of Autre", option_id=offer.id)

    def test_an_option_that_is_no_offer_of_this_need(self):
        studied = self.need.studied_ids[0]
        other = self._launched_need()
        foreign = self._new_offer(other, self.vendor, verdict="pending")
        for option in (studied, foreign):
            self._refuse(self.sheet, "no offer of this", option_id=option.id)

    def test_two_offers_of_one_bidder(self):
        for _number in range(2):
            self._new_offer(self.need, self.vendor, verdict="pending")
        self._refuse(self.sheet, "several offers")

    def test_another_consultation(self):
        other = self._launched_need()
        self._refuse(self._fill_in(self._get_sheet(other)), "another consultation")

    def test_another_launch(self):
        self.need.action_cancel()
        self.need.action_draft()
        self._refuse(self.sheet, "not launched")
        self.need.consultation_ref = "Again"
        self.need.action_launch()
        self._refuse(self.sheet, "another launch")

    def test_a_draft_sheet(self):
        need = self._new_need()
        need.action_add_clauses()
        draft = self._draft(need)["04_cadre_reponse_souverainete.xlsx"]
        need.action_launch()
        with self.assertRaisesRegex(UserError, "comes from a draft"):
            self._new_import(need, self._fill_in(draft)).action_preview()

    def test_lots(self):
        need = self._new_need()
        lots = [self._new_lot(need, number, name=number) for number in "12"]
        need.action_launch()
        first = self._fill_in(self._get_sheet(need, "_lot_1"))
        imported = self._new_import(need, first)
        imported.action_import()
        offer = imported.option_id
        self.assertEqual(offer.lot_id, lots[0])
        second = self._fill_in(self._get_sheet(need, "_lot_2"))
        with self.assertRaisesRegex(UserError, "lot"):
            self._new_import(need, second, option_id=offer.id).action_import()
        imported = self._new_import(need, second)
        imported.action_import()
        self.assertEqual(imported.option_id.lot_id, lots[1])
        mark = f"A{form.MARK_ROWS['lot']}"
        with self.assertRaisesRegex(UserError, "has not"):
            self._new_import(
                need, self._change(first, form.MARK, mark, "9")
            ).action_preview()

    def test_analysts_alone(self):
        for user in (self.purchase_manager, self.officer):
            with self.assertRaises(AccessError):
                self._new_import(self.need, self.sheet, user=user).action_preview()
            with self.assertRaises(AccessError):
                self._new_import(self.need, self.sheet, user=user).action_import()
        for user in (self.dae, self.ambassador, self.dinum, self.referent):
            with self.assertRaises(AccessError):
                self._new_import(self.need, self.sheet, user=user)
        self.need.sudo().analyst_ids += self.dae
        forged = self._new_import(self.need, self.sheet).with_user(self.dae).sudo()
        with self.assertRaises(AccessError):
            forged.action_import()

    def test_nobody_reads_the_import_of_somebody_else(self):
        preview = self._new_import(self.need, self.sheet)
        preview.action_preview()
        self.env.invalidate_all()
        for user in (self.purchase_manager, self.officer):
            with self.assertRaises(AccessError):
                preview.with_user(user).read(["bidder", "data"])
            with self.assertRaises(AccessError):
                preview.line_ids.with_user(user).read(["bid_text"])

    def test_after_the_award(self):
        offer = self._import()
        offer.write({"verdict": "retained", "reason": "First"})
        self.need.browse(self.need.action_prepare_agreement()["res_id"])
        other = self._new_offer(self.need, self.other_vendor, verdict="rejected")
        (offer | other).sudo()._write_server({"awarded": True})
        content = self._fill_in(self.blank, siret=None)
        self._refuse(content, "award was made", option_id=other.id)


@tagged("post_install", "-at_install")
class TestSheetTampered(SheetCase):
    def test_a_cell_is_named(self):
        for cell, value, words in (
            ("E2", "9. Better than all", "row 2, column E — “9. Better"),
            ("E2", "4", "row 2, column E"),
            ("B3", "other.code", "row 3, column B — “other.code”"),
            ("H3", "a/b", "row 3, column B"),
            ("F2", "=1+1", "row 2, column F — A formula"),
            ("E2", '=HYPERLINK("http://x")', "row 2, column E — A formula"),
            ("H4", None, "row 4, column B"),
        ):
            with self.subTest(cell=cell, value=value):
                content = self._change(self.sheet, form.ANSWERS, cell, value)
                self._refuse(content, words)

    def test_every_mistake_is_named_at_once(self):
        content = self._change(self.sheet, form.ANSWERS, "E2", "x")
        content = self._change(content, form.ANSWERS, "E9", "y")
        preview = self._new_import(self.need, content)
        preview.action_preview()
        self.assertEqual(preview.refused_count, 2)
        with self.assertRaisesRegex(UserError, r"(?s)row 2, column E.*row 9, column E"):
            preview.action_import()

    def test_every_formula_is_named_at_once(self):
        content = self._change(self.sheet, form.ANSWERS, "E2", "=1+1")
        content = self._change(content, form.ANSWERS, "F2", "=NOW()")
        content = self._change(content, form.ANSWERS, "F5", "=1/0")
        content = self._change(content, form.ANSWERS, "E9", "y")
        self._refuse(
            content,
            r"(?s)row 2, column E — A formula.*row 2, column F — A formula"
            r".*row 5, column F — A formula.*row 9, column E",
        )

    def test_a_row_twice_or_taken_out(self):
        book = load_workbook(io.BytesIO(self.sheet))
        sheet = book[form.ANSWERS]
        for column in "ABCH":
            sheet[f"{column}3"] = sheet[f"{column}2"].value
        self._refuse(self._save(book), "row 3, column B — This question is answered tw")
        book = load_workbook(io.BytesIO(self.sheet))
        book[form.ANSWERS].delete_rows(3)
        self._refuse(self._save(book), "row of question 1.2 is missing")

    def test_a_level_of_another_question(self):
        book = load_workbook(io.BytesIO(self.sheet))
        book[form.ANSWERS]["E2"] = book[form.LISTS]["C9"].value
        self._refuse(self._save(book), "row 2, column E — “1 – ")

    def questionnaire_text_that_looks_like_a_formula_is_a_text(self):
        book = load_workbook(io.BytesIO(self.sheet))
        cell = book[form.ANSWERS]["F2"]
        cell.value = "=cmd|' /C calc'!A0"
        cell.data_type = "s"
        offer = self._import(self._save(book))
        self.assertIn("=cmd|' /C calc'!A0", offer.answer_ids.mapped("bid_text"))

    def test_what_is_no_answer_sheet(self):
        empty = io.BytesIO()
        Workbook().save(empty)
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b"0" * 6_000_000)
        for content, words in (
            (b"\x00" * 50, "not an .xlsx"),
            (b"a;b\n", "not an .xlsx"),
            (b"PK\x03\x04", "not an .xlsx"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel"),
            (empty.getvalue(), "missing"),
            (bomb.getvalue(), "far larger"),
            (b"x" * 6_000_000, "far larger"),
        ):
            with self.subTest(words=words):
                self._refuse(content, words)
        with self.assertRaisesRegex(UserError, "Choose"):
            self._new_import(self.need, b"").action_preview()

    def test_a_sheet_missing(self):
        for name in (form.MARK, form.BIDDER, form.ANSWERS):
            book = load_workbook(io.BytesIO(self.sheet))
            del book[name]
            self._refuse(self._save(book), f"“{name}” is missing")

    def test_marks_forged(self):
        for name, value in (
            ("format", "other"),
            ("tender", "1"),
            ("tender", "x" * 100),
            ("content", "0" * 64),
            ("launch", ""),
        ):
            cell = f"A{form.MARK_ROWS[name]}"
            content = self._change(self.sheet, form.MARK, cell, value)
            self._refuse(content, "recognises|another consultation")

    def test_a_thousand_mutated_sheets(self):
        """Refused with a sentence or read; never anything else."""
        dice = random.Random(2026)
        outcomes = {"read": 0, "refused": 0}
        for _number in range(1000):
            try:
                sheet_reader.read(self._mutate(dice))
                outcomes["read"] += 1
            except WorkbookError as error:
                self.assertTrue(self._new_import_message(error))
                outcomes["refused"] += 1
        self.assertGreater(min(outcomes.values()), 50)

    def _new_import_message(self, error):
        return self.env["souverainete.answer.sheet"]._get_sheet_message(error)

    def test_mutated_sheets_through_the_wizard(self):
        dice = random.Random(6519)
        for _number in range(60):
            content = self._mutate_cell(dice)
            try:
                with self.env.cr.savepoint():
                    self._new_import(self.need, content).action_preview()
            except UserError as error:
                self.assertTrue(str(error))

    def _mutate(self, dice):
        """Bytes or parts of the archive or cells, changed at random."""
        ways = [self._mutate_bytes, self._mutate_part, self._mutate_cell]
        [mutate] = dice.choices(ways, [5, 5, 1])
        return mutate(dice)

    def _mutate_bytes(self, dice):
        content = bytearray(self.sheet)
        for _change in range(dice.randrange(1, 20)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        return bytes(content[: dice.choice([None, dice.randrange(len(content))])])

    def _mutate_part(self, dice):
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.sheet)) as source:
            names = source.namelist()
            hurt = dice.choice(names)
            with zipfile.ZipFile(packed, "w") as target:
                for name in names:
                    part = bytearray(source.read(name))
                    if name == hurt and dice.random() < 0.2:
                        continue
                    if name == hurt and part:
                        start = dice.randrange(len(part))
                        part[start : start + dice.randrange(1, 60)] = dice.choice(
                            [b"", b"<", b"&x;", b"\x00", b"9" * 40, b"<!DOCTYPE x>"]
                        )
                    target.writestr(name, bytes(part))
        return packed.getvalue()

    def _mutate_cell(self, dice):
        book = load_workbook(io.BytesIO(self.sheet))
        sheet = book[dice.choice(book.sheetnames)]
        cell = f"{dice.choice('ABCDEFGHIZ')}{dice.randrange(1, 30)}"
        sheet[cell] = dice.choice(
            ["x", "", None, 12, 1.5, True, "=A1", "#REF!", "0" * 500, "é\n\t“", -1]
        )
        if dice.random() < 0.1:
            sheet.insert_rows(dice.randrange(1, 8))
        return self._save(book)


@tagged("post_install", "-at_install")
class TestSheetOfTheCommission(ConsultationCase):
    def test_forty_eight_criteria_are_judged_once(self):
        grid = self.env.ref(f"{ADDON}.grid_eu_csf_2026_06")
        need = self._new_need(grid_id=grid.id)
        need.action_launch()
        sheet = self._get_sheet(need)
        answers = load_workbook(io.BytesIO(sheet))[form.ANSWERS]
        rows = {row: (1, "Oui", "") for row in range(2, answers.max_row + 1)}
        imported = self._new_import(need, self._fill_in(sheet, rows=rows))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        imported.action_import()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 900)
        said = imported.option_id.answer_ids.filtered("bid_text")
        self.assertEqual(len(said), answers.max_row - 1)

    def test_an_answer_link_by_link_or_not_is_recorded(self):
        need = self._launched_need()
        offer = self._receive_offers(need)
        self.assertTrue(offer.component_ids)
        offer.write({"verdict": "pending", "reason": False})
        content = self._fill_in(self._get_sheet(need))
        imported = self._new_import(need, content, option_id=offer.id)
        imported.action_import()
        self.assertIn("Mesuré", offer.answer_ids.mapped("bid_text"))
        offer.component_ids = [Command.clear()]
        self.assertFalse(offer.component_ids)
