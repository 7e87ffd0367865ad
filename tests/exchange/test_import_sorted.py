"""Planned purchases, from the file to the last one sorted."""

from ast import literal_eval

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_import import ImportCase, planned

CATERERS = {
    "url": "https://example.gouv.fr/project/102/main",
    "label": "Prestations de traiteurs",
    "description": "Nettoyage et restauration",
    "marketEstimatedAmount": None,
}
OVER = {"url": "https://example.gouv.fr/project/103/main", "status": "close"}


@tagged("post_install", "-at_install")
class TestImportSorted(ImportCase):
    def _preview_three(self):
        content = self._approch(planned(), planned(**CATERERS), planned(**OVER))
        return self._preview(content, self.buyer)

    def _import_caterers(self):
        wizard = self._preview_three()
        wizard.line_ids.chosen = True
        wizard.action_import()
        return self._files(wizard).with_user(self.buyer)[1]

    def _get_told(self, file):
        activities = (
            self.env["mail.activity"].sudo()._get_told(file.sudo(), "scope_out")
        )
        return activities.filtered("active").user_id

    def test_what_is_over_or_not_digital_is_unticked(self):
        wizard = self._preview_three()
        self.assertEqual(wizard.line_ids.mapped("chosen"), [True, False, False])

    def test_only_what_is_ticked_is_imported(self):
        wizard = self._preview_three()
        wizard.action_import()
        self.assertEqual(self._statuses(wizard), ["created", "skipped", "skipped"])
        self.assertIn("not ticked", wizard.line_ids[1].message)
        self.assertEqual(len(self._files(wizard)), 1)

    def test_a_second_preview_keeps_the_ticks(self):
        wizard = self._preview_three()
        wizard.line_ids[0].chosen = False
        wizard.line_ids[2].chosen = True
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.mapped("chosen"), [False, False, True])
        wizard.line_ids.chosen = True
        wizard.action_preview()
        self.assertEqual(wizard.line_ids.mapped("chosen"), [True, True, True])

    def test_what_is_imported_opens_to_be_sorted(self):
        wizard = self._preview_three()
        wizard.action_import()
        view = self.env.ref("souverainete_achat.purchase_requisition_view_list_scope")
        self.assertEqual(wizard.action_open_files()["views"][0], (view.id, "list"))

    def test_digital_in_bulk(self):
        wizard = self._preview_three()
        wizard.line_ids.chosen = True
        wizard.action_import()
        files = self._files(wizard).with_user(self.buyer)
        files[0].amount_estimated = files[2].amount_estimated = 20000
        files[0].action_scope_in()
        (files - files[0]).action_scope_out()
        self.assertEqual(files.mapped("scope_status"), ["in", "ask", "out"])

    def test_digital_files_hold_nothing_else(self):
        file = self._import_caterers()
        action = self.env.ref("souverainete_achat.action_digital_files")
        domain = literal_eval(action.domain)
        self.assertNotIn(file, file.search(domain))
        file.action_scope_in()
        self.assertIn(file, file.search(domain))

    def test_the_officer_who_is_awaited_is_named_and_told(self):
        """The amount is unknown: it says so, by whom it is agreed, and asks them."""
        file = self._import_caterers()
        self.assertFalse(file.scope_waiting)
        file.action_scope_out()
        self.assertEqual(file.scope_status, "ask")
        self.assertIn("unknown", file.scope_waiting)
        self.assertIn(self.officer.name, file.scope_waiting)
        self.assertEqual(self._get_told(file), self.officer | self.officer2)

    def test_stating_at_creation_tells_too(self):
        file = self._new_file(scope_override="out", scope_reason="No software in it")
        self.assertIn("compliance officer agrees", file.scope_waiting)
        self.assertEqual(self._get_told(file), self.officer | self.officer2)

    def test_an_amount_below_the_ceiling_settles_it(self):
        file = self._import_caterers()
        file.action_scope_out()
        file.write({"amount_estimated": 20000, "amount_estimated_known": True})
        self.assertEqual(file.scope_status, "out")
        self.assertFalse(file.scope_waiting)

    def test_officers_agree_in_bulk_and_the_buyer_is_answered(self):
        files = self._import_caterers()
        files |= self._new_file(scope_override="auto", amount_estimated=30000)
        files.action_scope_out()
        files.with_user(self.officer).action_agree_out_of_scope()
        self.assertEqual(set(files.mapped("scope_status")), {"out"})
        self.assertFalse(self._get_told(files))
        notified = files.message_ids.notified_partner_ids
        self.assertIn(self.buyer.partner_id, notified)

    def test_the_officer_may_say_it_is_digital(self):
        file = self._import_caterers()
        file.action_scope_out()
        file.with_user(self.officer).action_scope_in()
        self.assertTrue(file.is_digital)
        self.assertFalse(self._get_told(file))
        self.assertIn("Not agreed", file.message_ids[0].body)

    def test_the_officer_agrees_to_what_was_stated_only(self):
        file = self._import_caterers()
        with self.assertRaisesRegex(UserError, "states first"):
            file.with_user(self.officer).action_agree_out_of_scope()
