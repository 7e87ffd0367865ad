"""What the tests of the tender documents have in common: archives and sheets."""

import base64
import io
import zipfile

from openpyxl import load_workbook

from odoo.addons.souverainete_achat.models.consultation import sheet_format as form

from ..agreement.need_common import NeedCase

SIRET = "11000001500013"
SHEET = "04_cadre_reponse_souverainete"


class ConsultationCase(NeedCase):
    """Documents in English, as the messages of the tests; PDF documents, which take a
    second each, only where a test says so."""

    prints = False

    def setUp(self):
        super().setUp()
        self.vendor.write({"company_registry": SIRET, "is_company": True})
        self.patch(
            self.env.registry["purchase.requisition"],
            "_with_document_lang",
            lambda file: file.with_context(lang="en_US"),
        )
        pieces = self.env.registry["souverainete.tender.pieces"]
        printed = pieces._print_pdf
        self.patch(
            pieces,
            "_print_pdf",
            lambda builder, values: (
                printed(builder, values) if self.prints else b"%PDF"
            ),
        )

    # === ARCHIVE === #

    def _draft(self, file):
        """{name: bytes} of the draft of the tender documents."""
        action = file.action_tender_documents()
        preview = self.env["souverainete.tender.preview"].with_user(file.env.user)
        preview = preview.browse(int(action["url"].split("/")[4]))
        return self._unpack(base64.b64decode(preview.content))

    def _download(self, file):
        file.action_tender_documents()
        tender = file.sudo()._get_tender()
        return base64.b64decode(tender.with_context(bin_size=False).archive)

    def _unpack(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertFalse(archive.testzip())
            return {
                name.split("/")[-1]: archive.read(name) for name in archive.namelist()
            }

    # === SHEETS === #

    def _launched_need(self, value=1_000_000, **vals):
        """From this value on, all the criteria of the grid are asked."""
        need = self._new_need(value, reference="Réunions à distance", **vals)
        need.action_add_clauses()
        need.action_launch()
        return need

    def _get_sheet(self, need, suffix=""):
        return self._unpack(self._download(need))[f"{SHEET}{suffix}.xlsx"]

    def _fill_in(self, content, siret=SIRET, name="Éditions du Logiciel", rows=None):
        """The sheet as a bidder returns it. `rows`: {row: (rank of the answer, text,
        proof)}; by default the first two questions are answered."""
        rows = {2: (3, "Mesuré", "page 4"), 3: (2, "Oui", "")} if rows is None else rows
        book = load_workbook(io.BytesIO(content))
        book[form.BIDDER][f"B{form.BIDDER_ROWS['name']}"] = name
        book[form.BIDDER][f"B{form.BIDDER_ROWS['siret']}"] = siret
        for row, (rank, text, proof) in rows.items():
            choice = book[form.LISTS].cell(row, 1 + rank).value if rank else None
            answers = book[form.ANSWERS]
            answers[f"{form.LEVEL}{row}"] = choice
            answers[f"{form.TEXT}{row}"] = text or None
            answers[f"{form.PROOF}{row}"] = proof or None
        return self._save(book)

    def _change(self, content, sheet, cell, value):
        book = load_workbook(io.BytesIO(content))
        book[sheet][cell] = value
        return self._save(book)

    def _save(self, book):
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def _new_import(self, need, content, user=None, **vals):
        imports = self.env["souverainete.answer.sheet"].with_user(user or self.buyer)
        return imports.create(
            {
                "requisition_id": need.id,
                "data": base64.b64encode(content),
                "filename": "reponse.xlsx",
                **vals,
            }
        )
