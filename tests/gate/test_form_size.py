"""What a browser is sent and reads to show a purchase file: these figures only fall."""

import json
import re
from pathlib import Path

from lxml import etree

from odoo.tests import tagged
from odoo.tools import file_path

from bench import web_form

from ..common import ADDON
from ..flow import FlowCase

_FILE = "purchase.requisition"
_SCREENS = ("list", "kanban", "form", "pivot", "graph", "activity", "search")
# What is sent of the screens of the file, in bytes: stock Odoo sends 27,000.
SENT = 80_000
# Fields of the file that its form reads: 15 in stock Odoo.
READ = 55
# Tabs of the form, Odoo's own included.
TABS = 3
_PAGE = re.compile("page “([^”]+)”")
_TAB = re.compile("tab “([^”]+)”")


@tagged("post_install", "-at_install")
class TestFormSize(FlowCase):
    def test_the_screens_of_a_file_are_light(self):
        for lang in ("en_US", "fr_FR"):
            files = self.env[_FILE].with_user(self.buyer).with_context(lang=lang)
            views = [(False, screen) for screen in _SCREENS]
            sent = json.dumps(files.get_views(views), ensure_ascii=False)
            self.assertLessEqual(len(sent.encode()), SENT, lang)

    def test_the_form_reads_few_fields(self):
        env = self.env(user=self.buyer.id)
        self.assertLessEqual(len(web_form.get_spec(env, _FILE)), READ)

    def test_the_form_has_few_tabs(self):
        self.assertLessEqual(len(self._get_form().findall(".//page")), TABS)

    def _get_form(self):
        files = self.env[_FILE].with_user(self.officer)
        return etree.fromstring(files.get_view(view_type="form")["arch"])

    def test_each_page_opens_the_file_it_was_asked_of(self):
        file = self._confirmed_file().with_user(self.officer)
        self.assertGreater(len(self._get_buttons()), 8)
        for button in self._get_buttons():
            with self.subTest(page=button.get("string")):
                action = getattr(file, button.get("name"))()
                self.assertEqual(action["name"], button.get("string"))
                self._read(action, file)

    def _get_buttons(self):
        return self._get_form().findall(".//div[@name='file_pages']/button")

    def _read(self, action, file):
        """As the web client does: the view, then the record or the list."""
        model = self.env[action["res_model"]].with_user(self.officer)
        views = model.get_views(action["views"])
        fields = views["models"][model._name]["fields"]
        if action["res_model"] == _FILE:
            self.assertEqual(action["res_id"], file.id)
            file.web_read({name: {} for name in fields})
        else:
            model.web_search_read(action["domain"], {name: {} for name in fields})

    def test_each_place_that_a_message_names_is_there(self):
        """A page of the file, or a tab of some form of the addon."""
        template = file_path(f"{ADDON}/i18n/{ADDON}.pot")
        messages = Path(template).read_text().replace('"\n"', "")
        pages = {button.get("string") for button in self._get_buttons()}
        self.assertLessEqual(set(_PAGE.findall(messages)), pages)
        views = self.env["ir.ui.view"].search([("type", "=", "form")])
        tabs = views.mapped(lambda view: _get_tabs(view.arch))
        self.assertLessEqual(set(_TAB.findall(messages)), set().union(*tabs))


def _get_tabs(arch):
    return {page.get("string") for page in etree.fromstring(arch).iter("page")}
