"""Thousands of contracts are taken over, cut short, gone on with, and performed."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.wizard.life import take_over

from ..common_data import read_sample
from ..exchange.common_import import ImportCase
from .prior_common import PriorCase, page


@tagged("post_install", "-at_install")
class TestTakeOverOfMany(PriorCase):
    def _count(self, files):
        """Queries of taking over `files`, each with its own document."""
        attachment = self._attach("contracts.zip", self._zip_of(files))
        wizard = self._wizard(files, [attachment])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        wizard.action_take_over()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.assertEqual(set(files.mapped("is_prior")), {True})
        return self.env.cr.sql_log_count - before

    def test_queries_of_a_batch_do_not_grow_with_it(self):
        self._count(self._drafts(5))
        few, many = (self._count(self._drafts(count)) for count in (20, 100))
        self.assertLessEqual(many, few + 20)

    def test_queries_grow_by_the_batch(self):
        self._count(self._drafts(5))
        one, two = (self._count(self._drafts(count)) for count in (200, 400))
        self.assertLessEqual(two - one, one)

    def test_cut_short_then_gone_on_with(self):
        files = self._drafts(7)
        content = self._zip_of(files)
        with patch.object(take_over, "BATCH", 3):
            wizard = self._wizard(files, [self._attach("c.zip", content)])
            action = wizard.action_take_over_with_progress()
            self.assertEqual(action["params"]["total"], 7)
            self.assertEqual(wizard.action_take_over_batch()["remaining"], 4)
            documents = files.sudo().prior_document_id
            # The screen was closed: the officer chooses the same contracts again.
            again = self._wizard(files, [self._attach("c.zip", content)])
            again.action_take_over()
        self.assertEqual(set(files.mapped("is_prior")), {True})
        self.assertEqual(self._statuses(again).count("skipped"), 3)
        self.assertLessEqual(documents, files.sudo().prior_document_id)
        self.env.cr.precommit.run()
        for file in files.sudo():
            events = file.journal_ids.mapped("event")
            self.assertEqual(events.count("take_over"), 1)

    def test_taken_over_to_the_last_it_says_so(self):
        files = self._drafts(2)
        wizard = self._wizard(files, common=page("common"))
        action = wizard.action_take_over_with_progress()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("2", action["params"]["message"])
        closing = action["params"]["next"]
        self.assertEqual(closing["type"], "ir.actions.act_window_close")

    def test_the_same_wizard_goes_on(self):
        files = self._drafts(5)
        with patch.object(take_over, "BATCH", 2):
            wizard = self._wizard(files, common=page("common"))
            wizard.action_take_over_with_progress()
            wizard.action_take_over_batch()
            self.assertEqual((wizard.state, wizard.remaining), ("running", 3))
            wizard.action_take_over()
        self.assertEqual(self._statuses(wizard), ["taken"] * 5)
        self.assertEqual(len(files.sudo().prior_document_id), 1)

    def test_orders_until_the_end(self):
        """The last day in Paris, not in the time zone of the server; then no more."""
        file = self._drafts(1, date_start="2020-01-01", date_end="2026-12-31")
        self._wizard(file, common=page("common")).action_take_over()
        manager = self.purchase_manager
        with freeze_time("2026-12-31 22:59:00"):
            order = self._new_order(requisition_id=file.id, price=100)
            order.with_user(manager).button_confirm()
            self.assertEqual(order.state, "purchase")
        with freeze_time("2026-12-31 23:00:00"):
            late = self._new_order(requisition_id=file.id, price=100)
            with self.assertRaisesRegex(UserError, "takes no order"):
                late.with_user(manager).button_confirm()
            # What was ordered in time goes on: never a retroactive block.
            order.with_user(manager).order_line.price_unit = 90
            order.with_user(manager).button_lock()
            self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestRealContracts(ImportCase):
    def test_every_digital_agreement_stands_with_its_estimated_end(self):
        data = read_sample(self, "decp/decp_dae.json")
        self.company.company_registry = "11000001400015"
        wizard = self._wizard(data, filename="decp_dae.json")
        plans = wizard._get_plans()
        self.company.company_registry = plans[0].record.values["buyer"]
        wizard.action_import()
        files = self._files(wizard)
        self.assertEqual(set(files.mapped("state")), {"confirmed"})
        self.assertEqual(set(files.mapped("is_prior")), {True})
        self.assertEqual(set(files.mapped("date_end_estimated")), {True})
        self.assertEqual(files.prior_officer_id, self.officer)
        for file in files:
            months = file.date_start.month - 1 + file.duration_months
            end = date(file.date_start.year + months // 12, months % 12 + 1, 1)
            self.assertEqual(file.date_end.replace(day=1), end, file.reference)
        # One euro is no amount: the officer sees it in a list, and completes it once.
        missing = files.search([("prior_amount_missing", "=", True)])
        self.assertEqual(missing.reference, "Fourniture de serveurs rack et lame")
        several = files.filtered(lambda f: "," in (f.ref_contract or ""))
        self.assertTrue(several, "lots and holders of one agreement are one file")
