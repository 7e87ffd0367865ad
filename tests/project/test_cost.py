"""Out of scope costs nothing, and a thousand files cost what one does."""

import os
from unittest import skipUnless

from odoo.tests import tagged

from .. import out_of_scope
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestOutOfScope(FlowCase):
    @skipUnless(
        os.environ.get(out_of_scope.STOCK_DATABASE),
        "needs a database of stock Odoo: run the tests with ./dev test",
    )
    def test_chairs_cost_what_they_cost_without_the_addon(self):
        self._check_costs()

    @skipUnless(
        os.environ.get(out_of_scope.STOCK_DATABASE),
        "needs a database of stock Odoo: run the tests with ./dev test",
    )
    def test_who_is_not_concerned_buys_software_as_without_the_addon(self):
        self.company.public_entity_type = "none"
        self._check_costs(cpv_code="48000000")

    def _check_costs(self, **category):
        stock = out_of_scope.measure_stock()
        self.env.invalidate_all()
        counts = out_of_scope.measure(self.env, **category)
        for operation, queries in stock.items():
            allowed = 3 if "create" in operation else 0
            with self.subTest(operation=operation):
                self.assertLessEqual(counts[operation] - queries, allowed, operation)


@tagged("post_install", "-at_install")
class TestInScope(FlowCase):
    def _complete_files(self, number):
        files = self.env["purchase.requisition"]
        for _number in range(number):
            file = self._launched_file()
            self._retain_offer(file)
            files |= file
        return files

    def _count_findings(self, files):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        files._findings_by_file()
        return self.env.cr.sql_log_count - before

    def test_findings_of_many_files_cost_what_one_does(self):
        files = self._complete_files(6).sudo()
        self._count_findings(files)
        self.assertEqual(self._count_findings(files[0]), self._count_findings(files))

    def test_findings_of_a_thousand_drafts(self):
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 90000}
        files = self.env["purchase.requisition"].create(
            [
                {"vendor_id": self.vendor.id, "line_ids": [(0, 0, dict(line))]}
                for _number in range(1000)
            ]
        )
        self._count_findings(files)
        self.assertEqual(self._count_findings(files[0]), self._count_findings(files))

    def test_confirming_in_scope_stays_small(self):
        file = self._launched_file()
        self._retain_offer(file)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        file.action_confirm()
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 150)
