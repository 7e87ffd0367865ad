"""What people write in formatted texts is printed, and loads nothing."""

import re
from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged

from odoo.addons.souverainete_achat.models.base.text import get_printable

from ..project.test_referral import ReferralCase

ADDRESS = "http://elsewhere.invalid"
HOSTILE = f"""
<p>Read <b>me</b></p>
<img src="{ADDRESS}/img"/><img src="file:///etc/passwd"/>
<img srcset="{ADDRESS}/set 2x" src="data:image/svg+xml;base64,PHN2Zy8+"/>
<p style="background:url({ADDRESS}/css)">styled</p>
<table background="{ADDRESS}/bg"><tr><td colspan="2">cell</td></tr></table>
<iframe src="{ADDRESS}/frame"></iframe><object data="{ADDRESS}/object"></object>
<video poster="{ADDRESS}/poster"><source src="{ADDRESS}/video"/></video>
<link rel="stylesheet" href="{ADDRESS}/link"/><base href="{ADDRESS}"/>
<style>@import "{ADDRESS}/import"; p {{ background: url({ADDRESS}/x) }}</style>
<svg><image href="{ADDRESS}/svg"/></svg><input type="image" src="{ADDRESS}/input"/>
<body background="{ADDRESS}/body">in a body</body><!-- {ADDRESS}/comment -->
<a href="javascript:alert(1)">script</a><a href="file:///etc/passwd">file</a>
"""


@tagged("post_install", "-at_install")
class TestPrinted(TransactionCase):
    def test_nothing_is_left_that_loads(self):
        printed = get_printable(HOSTILE)
        self.assertNotIn("elsewhere", printed)
        self.assertNotIn("file:", printed)
        self.assertNotIn("javascript", printed)

    def test_what_is_read_stays(self):
        printed = get_printable(HOSTILE)
        for kept in ("<b>me</b>", "styled", '<td colspan="2">cell', "in a body"):
            self.assertIn(kept, printed)

    def test_an_image_that_the_text_holds_is_printed(self):
        image = '<img src="data:image/png;base64,iVBORw0KGgo=">'
        self.assertIn(image, get_printable(f"<p>{image}</p>"))

    def test_links_stay_links(self):
        link = '<a href="https://numerique.gouv.fr">site</a>'
        self.assertIn(link, get_printable(link))

    def test_nothing_is_printed_as_nothing(self):
        self.assertFalse(get_printable(False))
        self.assertFalse(get_printable("  "))

    def test_every_formatted_text_of_our_reports_goes_through_it(self):
        html = {
            name
            for model in self.env.registry.models.values()
            for name, field in model._fields.items()
            if field.type == "html" and field.store
        }
        reports = Path(__file__).parents[1] / "souverainete_achat" / "report"
        naked = [
            f"{path.name}: {node.get('t-field')}"
            for path in reports.rglob("*.xml")
            for node in etree.parse(path).iterfind(".//*[@t-field]")
            if re.split(r"\W", node.get("t-field"))[-1] in html
            and "souverainete_printed" not in node.get("t-options", "")
        ]
        self.assertEqual(naked, [])


@tagged("post_install", "-at_install")
class TestPrintedReports(ReferralCase):
    def test_the_referral_prints_the_words_alone(self):
        opinion = self._draft()
        opinion.sudo().note = HOSTILE
        opinion.project_id.sudo().description = HOSTILE
        report = self.env["ir.actions.report"].sudo()
        page, _type = report._render_qweb_html(
            "souverainete_achat.referral", opinion.ids
        )
        page = page.decode()
        self.assertIn("in a body", page)
        self.assertNotIn("elsewhere", page)
        self.assertNotIn("file:///", page)
