from odoo.tests import tagged

from ..browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestBrowser(BrowserCase):
    def test_the_web_client_opens(self):
        self.browser_js(
            "/odoo", "console.log('test successful')", "odoo.isReady", login="admin"
        )
