"""Many contracts are taken over on screen, and what was refused is shown."""

from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.souverainete_achat.wizard.life import take_over

from ..browser_common import BrowserCase
from ..common import PDF_64
from .prior_common import PriorCase

_RUN = """
(async () => {
    const find = (selector) => document.querySelector(selector);
    const wait = async (what) => {
        for (let n = 0; !what(); n++) {
            if (n > 900) throw new Error(`Nothing came: ${what}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    };
    const click = async (selector) => {
        await wait(() => find(selector));
        find(selector).click();
    };
    await wait(() => odoo.isReady && odoo.__WOWL_DEBUG__?.root);
    const {action} = odoo.__WOWL_DEBUG__.root.env.services;
    await action.doAction(%s, {additionalContext: {active_ids: %s}});
    await wait(() => find(".modal div[name=reason] textarea"));
    const reason = find(".modal div[name=reason] textarea");
    reason.value = "Signed on PLACE";
    reason.dispatchEvent(new Event("input", {bubbles: true}));
    reason.dispatchEvent(new Event("change", {bubbles: true}));
    await click(".modal button[name=action_preview]");
    await wait(() => find(".modal div[name=line_ids] tr.o_data_row"));
    await click(".modal button[name=action_back]");
    await wait(() => find(".modal div[name=document] input[type=file]"));
    const files = new DataTransfer();
    const bytes = Uint8Array.from(atob("%s"), (char) => char.charCodeAt(0));
    files.items.add(new File([bytes], "contract.pdf"));
    const input = find(".modal div[name=document] input[type=file]");
    input.files = files.files;
    input.dispatchEvent(new Event("change", {bubbles: true}));
    await wait(() => find(".modal div[name=document] input[type=text]")?.value);
    await click(".modal button[name=action_take_over_with_progress]");
    await wait(() => find(".modal .text-bg-danger"));
    const rows = document.querySelectorAll(".modal div[name=line_ids] tr.o_data_row");
    if (rows.length !== 6) throw new Error(`${rows.length} lines`);
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestTakeOverBrowser(BrowserCase, PriorCase):
    def test_progress_then_what_was_refused(self):
        own = self._new_file(user=self.officer)
        files = self._drafts(5)
        action = '"souverainete_achat.action_take_over"'
        with patch.object(take_over, "BATCH", 2):
            self.browser_js(
                "/odoo/digital-purchase-files",
                _RUN % (action, (files | own.with_user(self.buyer)).ids, PDF_64),
                login=self.officer.login,
                timeout=180,
            )
        self.env.invalidate_all()
        self.assertEqual(set(files.mapped("is_prior")), {True})
        self.assertEqual(own.state, "draft")
