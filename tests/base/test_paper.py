"""Documents on paper: text that can be read, numbered pages, nothing loaded."""

import io
from urllib.request import OpenerDirector

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.souverainete_achat.models.base.paper import (
    make_pdf,
    set_french_spaces,
    unbreak,
)

from ..common import SouveraineteCase

_JOIN = "\N{NO-BREAK SPACE}"


def _read(content):
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    pages = [reader.getPage(n) for n in range(reader.getNumPages())]
    return reader, [page.extract_text() for page in pages]


@tagged("post_install", "-at_install")
class TestPaper(SouveraineteCase):
    def _print_sheet(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(
            "souverainete_achat.action_report_fiche", self._new_file().ids
        )
        self.assertEqual(kind, "pdf")
        return content

    def test_each_page_is_numbered_and_its_text_is_text(self):
        reader, pages = _read(self._print_sheet())
        for number, text in enumerate(pages, start=1):
            self.assertIn(f"Page {number} / {len(pages)}", text)
        self.assertIn("Digital purchase sheet", pages[0])
        self.assertIn(self.company.name, pages[0])
        self.assertTrue(reader.trailer["/Root"]["/MarkInfo"]["/Marked"], "tagged")
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "en")

    def test_a_sheet_weighs_little(self):
        self.assertLess(len(self._print_sheet()), 150_000)

    def test_several_are_printed_at_once(self):
        files = self._new_file() | self._new_file()
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf(
            "souverainete_achat.action_report_fiche", files.ids
        )
        _reader, pages = _read(content)
        for file in files:
            self.assertIn(file.name, "".join(pages))

    def test_nothing_is_loaded(self):
        opened = []
        self.patch(
            OpenerDirector,
            "open",
            lambda _opener, asked, *_args, **_kw: opened.append(asked),
        )
        with mute_logger("weasyprint"):
            make_pdf(
                "<html lang='fr'><head><title>x</title>"
                "<link rel='stylesheet' href='https://example.com/x.css'/></head>"
                "<body><img src='file:///etc/passwd' alt=''/>"
                "<img src='http://127.0.0.1/x' alt=''/></body></html>"
            )
        self.assertFalse(opened)

    def test_the_head_of_a_table_is_repeated_and_no_row_is_cut(self):
        rows = "".join(
            f"<tr><td>begin{n}<br/>b<br/>c<br/>end{n}.</td></tr>" for n in range(60)
        )
        page = str(
            self.env["ir.qweb"]._render(
                "souverainete_achat.paper", {"spoken": "en", "title": "T"}
            )
        )
        table = f"<table><thead><tr><th>Head</th></tr></thead>{rows}</table>"
        _reader, pages = _read(make_pdf(page.replace("</body>", f"{table}</body>")))
        self.assertGreater(len(pages), 2)
        for text in pages:
            self.assertIn("Head", text)
            self.assertEqual(text.count("begin"), text.count("end"))


@tagged("post_install", "-at_install")
class TestFrenchSpaces(SouveraineteCase):
    def test_marks_stay_with_their_word(self):
        for given, wanted in (
            ("« oui »", f"«{_JOIN}oui{_JOIN}»"),
            (
                "Note : 12 % ; 9 M€ ?",
                f"Note{_JOIN}: 12{_JOIN}%{_JOIN}; 9{_JOIN}M€{_JOIN}?",
            ),
            ("%(count)s de %(total)s :", f"%(count)s de %(total)s{_JOIN}:"),
            ("niveau 2 %(x)s", "niveau 2 %(x)s"),
            ("10:30, http://a.fr/?b", "10:30, http://a.fr/?b"),
        ):
            self.assertEqual(unbreak(given), wanted)
            self.assertEqual(unbreak(wanted), wanted)

    def test_style_is_left_alone(self):
        page = set_french_spaces(
            "<html><head><style>a :hover {x: y ; }</style></head>"
            "<body><b>Oui</b> : « non »</body></html>"
        )
        self.assertIn("a :hover {x: y ; }", page)
        self.assertIn(f"</b>{_JOIN}: «{_JOIN}non{_JOIN}»", page)
