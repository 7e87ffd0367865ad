from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    def test_the_web_client_opens(self):
        self.browser_js(
            "/odoo", "console.log('test successful')", "odoo.isReady", login="admin"
        )
