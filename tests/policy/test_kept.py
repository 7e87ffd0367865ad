"""Reference records are read once for many acts, and never as they no longer are."""

from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestKept(TransactionCase):
    def setUp(self):
        super().setUp()
        self.rule = self.env.ref("souverainete_achat.rule_mutualised_verdicts")
        self.env.registry.clear_all_caches()

    def _read(self):
        """(severity, queries) of the rule for another request."""
        with self.env.registry.cursor() as cr:
            rule = self.rule.with_env(self.env(cr=cr)).sudo()
            return rule.severity, cr.sql_log_count

    def test_it_is_read_once(self):
        self.assertGreater(self._read()[1], 0)
        self.assertEqual(self._read(), (self.rule.severity, 0))

    def test_who_changes_it_reads_the_change(self):
        self.rule.sudo().severity  # noqa: B018
        self.rule.with_user(self.env.ref("base.user_root")).severity = "warning"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.rule.sudo().severity, "warning")

    def test_what_is_new_is_read(self):
        words = self.env["souverainete.scope.word"]
        words._suggest("zorgue")
        words.create({"name": "zorgue", "suggestion": "in"})
        self.assertEqual(words._suggest("zorgue")[0], "in")

    def test_a_change_undone_is_never_kept(self):
        before = self.rule.severity
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.rule.with_user(self.env.ref("base.user_root")).severity = "warning"
            self.env.flush_all()
            self.assertEqual(self._read()[0], before)
            self.env.invalidate_all()
            self.assertEqual(self.rule.sudo().severity, "warning")
            raise ZeroDivisionError
        self.assertEqual(self.rule.sudo().severity, before)
        self.assertEqual(self._read()[0], before)

    def test_users_read_with_their_own_rights(self):
        self.rule.sudo().severity  # noqa: B018
        self.env.invalidate_all()
        portal = self.env["res.users"].create(
            {
                "name": "Outsider",
                "login": "kept_outsider",
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        with self.assertRaises(AccessError):
            self.rule.with_user(portal).severity  # noqa: B018
