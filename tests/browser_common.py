"""What the tests in a real browser share: the pages they open are built once."""

from functools import cache

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import HttpCase
from odoo.tests.common import get_db_name

_SCRIPTS = (
    "bus.websocket_worker_assets",
    "web.assets_emoji",
    "web.assets_tests",
    "web.assets_web",
)
_STYLES = ("web.assets_web", "web.assets_web_print")


class BrowserCase(HttpCase):
    """The scripts and styles of the web client are in the database before the test.

    What a test has Odoo build is rolled back with it, so each would build them again.
    """

    @classmethod
    def setUpClass(cls):
        _build_assets(get_db_name())
        super().setUpClass()


@cache
def _build_assets(database):
    with Registry(database).cursor() as cr:
        pages = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
        for name in _SCRIPTS:
            pages._get_asset_bundle(name, css=False, js=True).js()
        for name in _STYLES:
            pages._get_asset_bundle(name, css=True, js=False).css()
