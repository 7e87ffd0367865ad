from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestInstall(TransactionCase):
    def test_addon_is_installed(self):
        module = self.env["ir.module.module"]._get("souverainete_achat")
        self.assertEqual(module.state, "installed")
