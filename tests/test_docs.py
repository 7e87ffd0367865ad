"""What the documents say is true: commands, menus, links, examples."""

import re
from pathlib import Path

from odoo.tests import tagged

from devtools import cache, cli

from .common import SouveraineteCase

_DOCS = cache.CHECKOUT / "docs"
_PAGES = (cache.CHECKOUT / "README.md", *sorted(_DOCS.rglob("*.md")))


@tagged("post_install", "-at_install")
class TestDocs(SouveraineteCase):
    def _each(self, pattern, pages=_PAGES):
        for page in pages:
            for found in re.findall(pattern, page.read_text(), re.M | re.S):
                with self.subTest(page=page.name, found=found):
                    yield page, found

    def test_commands(self):
        """Each is one that ./dev knows; the tests and benches it names are there."""
        for _page, command in self._each(r"^    \./dev (\S.*?)(?:\n|  +#)"):
            name, *arguments = command.split()
            self.assertIn(name, {*cli._COMMANDS, "help"})
            for argument in arguments:
                if argument.startswith("tests/"):
                    self.assertTrue((cache.CHECKOUT / argument).exists())
            if name == "bench" and arguments:
                path = cache.CHECKOUT / "bench" / f"bench_{arguments[0]}.py"
                self.assertTrue(path.exists())

    def test_links(self):
        for page, target in self._each(r"\]\(([^)#]+)(?:#[^)]*)?\)"):
            if "://" not in target:
                self.assertTrue((page.parent / target).exists())

    def test_menus(self):
        """A way through the menus is one that is there, in the words of the screen."""
        shown = self._get_shown()
        for _page, way in self._each(
            r"\*([^*\n]+ → [^*]+)\*", sorted(_DOCS.glob("fr/*"))
        ):
            for step in re.split(r"\s+→\s+", " ".join(way.split())):
                self.assertIn(step, shown)

    def _get_shown(self):
        """Names of menus, as a French user reads them; spaces that break or not."""
        french = self.env(context={"lang": "fr_FR"})
        menus = french["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True})
        return {" ".join(name.split()) for name in menus.search([]).mapped("name")}

    def test_examples(self):
        """Those of the API run as they are written."""
        orders = self._new_order(price=100) | self._new_order(self.chair)
        page = Path(_DOCS / "en" / "api.md")
        for example in re.findall(r"```python\n(.*?)```", page.read_text(), re.S):
            with self.env.cr.savepoint():
                exec(example, {"orders": orders, "env": orders.env})
        self.assertNotIn("purchase", orders[0].state)
