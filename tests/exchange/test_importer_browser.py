from odoo.tests import new_test_user, tagged

from ..browser_common import BrowserCase


@tagged("post_install", "-at_install")
class TestImportBrowser(BrowserCase):
    def test_a_long_file_is_shown_then_imported(self):
        new_test_user(
            self.env,
            login="import_officer",
            groups="base.group_user,souverainete_achat.group_officer",
        )
        self.start_tour(
            "/odoo/digital-import", "souverainete_import", login="import_officer"
        )
        files = self.env["purchase.requisition"].search(
            [("ref_contract", "=like", "T%")]
        )
        self.assertEqual(len(files), 109)
        self.assertEqual(set(files.mapped("is_prior")), {True})
