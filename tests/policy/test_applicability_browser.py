from odoo.tests import new_test_user, tagged

from ..browser_common import BrowserCase

_READ_THE_TABLE = """
(async () => {
    for (let turn = 0; turn < 1200; turn++) {
        const link = document.querySelector(".o_souverainete_matrix th a");
        if (link && link.pathname.startsWith("/odoo/digital-purchase-rules/")) {
            console.log("test successful");
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    console.error("The table of rules never came.");
})();
"""


@tagged("post_install", "-at_install")
class TestApplicabilityBrowser(BrowserCase):
    def test_the_table_opens_at_its_address(self):
        """Each rule of the table opens in a tab of its own: the table stays open."""
        new_test_user(
            self.env,
            login="table_manager",
            groups="base.group_user,souverainete_achat.group_manager",
        )
        self.browser_js(
            "/odoo/digital-purchase-applicability",
            _READ_THE_TABLE,
            "odoo.isReady",
            login="table_manager",
            timeout=180,
        )
