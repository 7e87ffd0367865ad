"""Workbooks: bounded before they are read, and a place in each refusal."""

import time
import unittest
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import load_workbook

from odoo.addons.souverainete_achat.models.base.workbook import (
    Limits,
    Reader,
    WorkbookError,
    Writer,
)

_LIMITS = Limits(packed=100_000, unpacked=100_000, columns=2, last_row=4)


class TestWorkbook(unittest.TestCase):
    def setUp(self):
        super().setUp()
        writer = Writer()
        sheet = writer.add("A", [10, 20])
        writer.write_row(sheet, 1, ["code", "name"], bold=True)
        writer.write_row(sheet, 2, ["=1+1", 3.0])
        writer.write_row(sheet, 4, [None, "last"])
        self.content = writer.get_content()

    def _refused(self, content=None, **limits):
        with self.assertRaises(WorkbookError) as caught:
            reader = Reader(content or self.content, _LIMITS._replace(**limits))
            list(reader.get_rows("A"))
        return caught.exception

    def test_round_trip(self):
        rows = list(Reader(self.content, _LIMITS).get_values("A"))
        self.assertEqual([number for number, _cells in rows], [1, 2, 3, 4])
        self.assertEqual(rows[1][1], ["=1+1", 3])
        self.assertEqual(rows[3][1], [None, "last"])

    def test_a_text_is_no_formula(self):
        cell = load_workbook(BytesIO(self.content))["A"]["A2"]
        self.assertEqual((cell.data_type, cell.quotePrefix), ("s", True))

    def test_bounds(self):
        for limits in ({"packed": 10}, {"unpacked": 10}, {"sheets": 0}, {"marks": 9}):
            self.assertEqual(self._refused(**limits).reason, "too_large")
        rows = self._refused(last_row=3)
        self.assertEqual((rows.reason, rows.sheet, rows.row), ("too_large", "A", 4))
        self.assertEqual(self._refused(characters=3).cell, "A1")
        reader = Reader(self.content, _LIMITS._replace(columns=1))
        self.assertTrue(all(len(row) == 1 for _number, row in reader.get_rows("A")))

    def test_millions_of_cells_are_refused_before_they_are_read(self):
        """A file of a few hundred kilobytes that would hold a worker for minutes."""
        content = BytesIO(self.content)
        cells = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
        with ZipFile(content, "a", ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet9.xml", cells * 30_000)
        self.assertLess(len(content.getvalue()), 500_000)
        start = time.monotonic()
        error = self._refused(content.getvalue(), packed=10**6, unpacked=10**8)
        self.assertEqual(error.reason, "too_large")
        self.assertLess(time.monotonic() - start, 2)

    def test_a_document_type_across_two_chunks_is_found(self):
        content = BytesIO(self.content)
        text = b"<a>" + b" " * ((1 << 20) - 8) + b"<!DOCTYPE a><b/></a>"
        with ZipFile(content, "a", ZIP_DEFLATED) as archive:
            archive.writestr("xl/other.xml", text)
        error = self._refused(content.getvalue(), unpacked=10**8)
        self.assertEqual(error.reason, "unreadable")

    def test_what_is_none(self):
        self.assertEqual(self._refused(b"PK\x03\x04").reason, "unreadable")
        self.assertEqual(self._refused(b"\xd0\xcf\x11\xe0").reason, "old_excel")
        with self.assertRaisesRegex(WorkbookError, "no_sheet"):
            list(Reader(self.content, _LIMITS).get_rows("B"))

    def test_a_document_type_is_refused(self):
        bomb = BytesIO(self.content)
        with ZipFile(bomb, "a") as archive:
            archive.writestr("xl/extra.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>')
        self.assertEqual(self._refused(bomb.getvalue()).reason, "unreadable")
