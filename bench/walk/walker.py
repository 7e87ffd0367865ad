"""Whoever walks: clicks and keys on what is seen, each of them counted.

Nothing is found but by its visible French label, no address is typed but that of the
login, and each wait is for the screen to be still. The count starts on the first screen
of the app: neither the login nor opening the app is counted.
"""

import re
from contextlib import contextmanager
from time import monotonic

from playwright.sync_api import Error

PATIENCE = 20_000  # ms, on a machine that does other work
# What goes on beside the screen: nobody waits for it.
_BESIDE = re.compile(r"/(websocket|bus|mail|discuss|web/image|web/static)\b")
_KINDS = ("button", "link", "tab", "menuitem", "radio", "checkbox", "option", "switch")
# A frame after the next one: what the last answer changed has been drawn.
_DRAWN = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
_WRITABLE = """() => document.activeElement.matches(
    'input, textarea, [contenteditable=true], [contenteditable=true] *')"""
# What a click opened, and not the hint that comes where the pointer rests.
_OPENED = ".o-dropdown--menu, .o_popover:not(:has(.o-tooltip))"
# A list is filtered a moment after the last key (ms).
_FILTERED = 350
_SCREEN = """() => [location.pathname,
    ...document.querySelectorAll('.modal-title, .o_breadcrumb, .nav-tabs .active')]
    .map(each => each.textContent ?? each).join('|')"""


class Stopped(Exception):
    """The walk does not go on as its user would expect."""


class Walker:
    """One walk: who is at the keyboard, and what it has cost so far."""

    def __init__(self, browser, address, database, pictures, width=1440):
        self.browser, self.address, self.database = browser, address, database
        self.pictures = pictures
        self.size = {"width": width, "height": 900 if width > 600 else 844}
        self.clicks = self.keys = self.screens = self.ours = 0
        self.step_name, self._pages, self._pending = "start", {}, set()
        self._seen, self._number = None, 0
        self.page = None

    # Who, and where in the walk

    def be(self, login, app="Achats numériques"):
        """Another person at their own desk, on the first screen of their app."""
        if login not in self._pages:
            self._pages[login] = self.page = self._log_in(login)
            self._open_app(app)
        self.page = self._pages[login]
        self.page.bring_to_front()
        self.settle()

    def _log_in(self, login):
        context = self.browser.new_context(viewport=self.size, locale="fr-FR")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("request", self._asked)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)
        page.goto(f"{self.address}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.click("button[type=submit]")
        # The first one waits until the scripts and styles are built.
        page.wait_for_selector(".o_main_navbar", timeout=10 * PATIENCE)
        return page

    def _open_app(self, name):
        self.settle()
        bar = self.page.locator(".o_main_navbar")
        if bar.locator(".o_menu_brand", has_text=name).count():
            return  # where the role lands
        bar.locator(".o_navbar_apps_menu button").click()
        self.find(name, "menuitem").click()

    @contextmanager
    def step(self, name):
        """A stretch of the walk, with a picture of where it ends."""
        self.step_name = name
        self._number += 1
        try:
            yield
            self.settle()
        finally:
            if self.pictures and self.page:
                path = self.pictures / f"{self._number:02}_{name}.png"
                self.page.screenshot(path=path)

    @contextmanager
    def added(self):
        """What stock Odoo would not ask."""
        before = self.clicks
        yield
        self.ours += self.clicks - before

    def close(self):
        for page in self._pages.values():
            page.context.close()

    # Hands

    def click(self, label, kind=None, within=None):
        self._click(self.find(label, kind, within))

    def confirm(self, label):
        """The button of the dialog that asks."""
        buttons = self.page.locator(".modal-footer button")
        self._click(buttons.filter(has_text=label))

    def _click(self, target):
        target.click()
        self.clicks += 1
        self.settle()

    def type(self, text):
        try:
            self.page.wait_for_function(_WRITABLE)
        except Error:
            raise Stopped(f"nowhere to type « {text} »") from None
        self.page.keyboard.type(text)
        self.keys += len(text)
        self.settle()

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1
            self.settle()

    def fill(self, label, text, within=None):
        self._click(self.field(label, within))
        self.type(text)

    def pick(self, label, text, choice=None, within=None):
        """Type the beginning of a name and click it in the list that opens."""
        self.fill(label, text, within)
        self.page.wait_for_timeout(_FILTERED)
        self.choose(choice or text)

    def choose(self, choice):
        items = self.page.locator(".o-autocomplete--dropdown-item, .o_select_menu_item")
        self._click(items.filter(has_text=choice, visible=True).first)

    def enter(self, column, text, row=None):
        """Into a cell of the row that is edited, or that has this text."""
        self._click(self.cell(column, row))
        self.type(text)

    def pick_in(self, column, choice):
        """A choice in a cell of the row that is edited."""
        self._click(self.cell(column))
        self.choose(choice)

    def press_level(self, level):
        """One of the levels of a card by its digit, and the next card comes."""
        card = self.page.locator("[data-index]").get_attribute("data-index")
        self.press(str(level))
        self.page.locator(f"[data-index]:not([data-index='{card}'])").wait_for()

    def back(self, name):
        """By the path above the screen."""
        path = self.page.locator(".o_breadcrumb a").filter(has_text=name)
        self._click(path.last)

    def answer(self, question, choice, within=None):
        """One of the radios of a question."""
        self._click(self.group(question, within).get_by_label(choice, exact=True))

    def upload(self, label, path):
        """A file of this machine, by the chooser that a click opens."""
        with self.page.expect_file_chooser() as chooser:
            self.click(label)
        chooser.value.set_files(path)
        self.settle()

    def tick(self, *texts):
        """The boxes of the rows that have these texts; all of them where none is
        given."""
        rows = [self.row(text) for text in texts] or [self._place("thead")]
        for row in rows:
            self._click(row.locator(".o_list_record_selector input").first)

    def menu(self, *labels):
        for label in labels:
            self.click(label, within=".o_main_navbar, .o-dropdown--menu")

    # Eyes

    def find(self, label, kind=None, within=None):
        """The first visible thing to click of that label, on what is on top."""
        place = self._place(within)
        # A card of a board starts with its count.
        name = re.compile(rf"^[\W\d]*{re.escape(label)}\W*$", re.I)
        kinds = [kind] if kind else _KINDS
        every = place.get_by_role(kinds[0], name=name)
        for each in kinds[1:]:
            every = every.or_(place.get_by_role(each, name=name))
        if not kind:
            every = every.or_(place.get_by_text(name))
        return self._first(every, label)

    def field(self, label, within=None):
        # Behind the days of a date that was typed.
        place = self._place(within or ".o_action_manager, .o_dialog")
        name = re.compile(rf"^\W*{re.escape(label)}\W*$", re.I)
        return self._first(place.get_by_label(name), label)

    def group(self, question, within=None):
        """The field of this label, of several things to click."""
        place = self._place(within)
        label = place.locator("label[for]").filter(has_text=question)
        name = self._first(label, question).get_attribute("for").rsplit("_", 1)[0]
        return self._first(place.locator(f".o_field_widget[name='{name}']"), question)

    def card(self, text):
        """The card of a board that has this text."""
        cards = self._place(None).locator(".o_kanban_record").filter(has_text=text)
        return self._first(cards, text)

    def row(self, text):
        rows = self.page.locator(".o_data_row").filter(has_text=text)
        return self._first(rows, text)

    def cell(self, column, row=None):
        """The cell of the row that is edited, or that has this text."""
        place = self._place(None)
        head = place.locator("th[data-name]").filter(has_text=column, visible=True)
        name = self._first(head, column).get_attribute("data-name")
        rows = place.locator(".o_data_row")
        rows = rows.filter(has_text=row) if row else place.locator(".o_selected_row")
        return self._first(rows.locator(f"td[name='{name}']"), column)

    def see(self, text, within=None):
        """Stop unless this is on the screen, now or soon."""
        self._first(self._place(within).get_by_text(text), text)

    def sees(self, text):
        return self.page.get_by_text(text).filter(visible=True).count() > 0

    def query(self, statement, *parameters):
        """The first row, of the database: what the screen says is what is kept."""
        with self.database.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchone()

    def check(self, statement, *parameters):
        """Stop unless the database says so."""
        row = self.query(statement, *parameters)
        if not row or not row[0]:
            raise Stopped(f"the database does not say: {statement} {parameters}")

    def _place(self, within):
        if within is not None and not isinstance(within, str):
            return within
        if within:
            return self.page.locator(within)
        for above in (_OPENED, ".modal.d-block, .o_dialog"):
            top = self.page.locator(above).filter(visible=True)
            if top.count():
                return top.last
        return self.page.locator("body")

    def _first(self, locator, label):
        found = locator.filter(visible=True).first
        try:
            found.wait_for(state="visible")
        except Error:
            raise Stopped(f"nothing called « {label} »") from None
        return found

    # Patience

    def settle(self):
        """Until nothing is asked of the server and the screen is drawn."""
        end = monotonic() + PATIENCE / 1000
        while monotonic() < end:
            self.page.evaluate(_DRAWN)
            if not self._pending and not self.page.locator(".o_blockUI").count():
                break
        screen = self.page.evaluate(_SCREEN)
        if screen != self._seen:
            self._seen, self.screens = screen, self.screens + 1

    def _asked(self, request):
        is_awaited = request.resource_type in ("xhr", "fetch", "script")
        if is_awaited and not _BESIDE.search(request.url):
            self._pending.add(request)

    def _answered(self, request):
        self._pending.discard(request)
