from odoo.tests import HttpCase, new_test_user, tagged

_CLICK_THROUGH = """
const wait = async (get) => {
    for (let turn = 0; turn < 600; turn++) {
        const found = get();
        if (found) {
            return found;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Never came: ${get}`);
};
(async () => {
    const find = (selector) => () => document.querySelector(selector);
    // It opens a tab, so that the table stays open: here, it is followed in this one.
    const link = await wait(find(".o_souverainete_matrix th a"));
    link.target = "_self";
    link.click();
    (await wait(find("button[name='action_propose_version']"))).click();
    await wait(find("button[name='action_approve']"));
    await wait(find(".o_field_widget[name='applicability_preview'] table"));
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestApplicabilityBrowser(HttpCase):
    def test_from_the_table_to_a_proposal(self):
        """Two clicks: a rule of the table, and the button that proposes a version."""
        new_test_user(
            self.env,
            login="table_manager",
            groups="base.group_user,souverainete_achat.group_manager",
        )
        before = self.env["souverainete.rule"].search_count([])
        self.browser_js(
            "/odoo/digital-purchase-applicability",
            _CLICK_THROUGH,
            "odoo.isReady",
            login="table_manager",
            timeout=180,
        )
        self.assertEqual(self.env["souverainete.rule"].search_count([]), before + 1)
