"""What an ordinary purchase of chairs costs in queries, with and without the addon."""

import os
from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import config

# A database with what the addon depends on, and without the addon.
STOCK_DATABASE = "SOUVERAINETE_STOCK_DATABASE"
# The fewest of these count: what a first call has to load is no cost of the call.
_ROUNDS = 3


def measure_stock():
    """{operation: queries} on stock Odoo, in this very process; nothing is kept."""
    # The tests of stock modules are not ours to run while its registry loads.
    with patch.dict(config.options, {"test_enable": False}):
        registry = Registry(os.environ[STOCK_DATABASE])
    with registry.cursor() as cr:
        counts = measure(api.Environment(cr, SUPERUSER_ID, {}))
        cr.rollback()
    return counts


# A batch that sees two different seconds writes its dates in two statements.
@freeze_time("2026-11-23 12:00:00")
def measure(env, **category):
    """{operation: queries}, caches warm, as a purchase manager. `category`: what the
    products of are, beside furniture."""
    scenario = _Scenario(env, category)
    for _round in range(_ROUNDS):
        for lines in (1, 10):
            scenario.buy(lines)
        scenario.batch()
    return scenario.counts


class _Scenario:
    def __init__(self, env, category):
        manager, other = env["res.users"].create(
            [
                {
                    "name": "Out of scope",
                    "login": f"out_of_scope_{number}",
                    "group_ids": [
                        Command.link(env.ref("purchase.group_purchase_manager").id)
                    ],
                }
                for number in range(2)
            ]
        )
        category = env["product.category"].create({"name": "Furniture", **category})
        self.products = env["product.product"].create(
            [{"name": f"Chair {n}", "categ_id": category.id} for n in range(10)]
        )
        self.vendor = env["res.partner"].create({"name": "Chairs"})
        self.env = env(user=manager.id)
        self.other = other
        self.counts = {}

    @contextmanager
    def _count(self, operation):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        yield
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.counts[operation] = min(queries, self.counts.get(operation, queries))

    def _lines(self, number):
        return [
            Command.create({"product_id": p.id, "product_qty": 2, "price_unit": 10})
            for p in self.products[:number]
        ]

    def _agreement(self, number):
        return {"vendor_id": self.vendor.id, "line_ids": self._lines(number)}

    def _order(self, number):
        return {"partner_id": self.vendor.id, "order_line": self._lines(number)}

    def buy(self, number):
        """An agreement and an order of `number` lines, from creation to the end."""
        with self._count(f"agreement, create, {number} lines"):
            agreement = self.env["purchase.requisition"].create(self._agreement(number))
        with self._count(f"agreement, write, {number} lines"):
            agreement.write({"reference": "Chairs"})
        with self._count(f"agreement, vendor, {number} lines"):
            agreement.write({"vendor_id": self.vendor.id})
        with self._count(f"agreement, price of a line, {number} lines"):
            agreement.line_ids[:1].write({"price_unit": 30})
        with self._count(f"agreement, confirm, {number} lines"):
            agreement.action_confirm()
        with self._count(f"agreement, close, {number} lines"):
            agreement.action_done()
        with self._count(f"order, create, {number} lines"):
            order = self.env["purchase.order"].create(self._order(number))
        with self._count(f"order, write, {number} lines"):
            order.write({"partner_ref": "Chairs"})
        with self._count(f"order, quantity of a line, {number} lines"):
            order.order_line[:1].write({"product_qty": 3})
        with self._count(f"order, quantity by another person, {number} lines"):
            order.order_line[:1].with_user(self.other).write({"product_qty": 4})
        with self._count(f"order, confirm, {number} lines"):
            order.button_confirm()
        with self._count(f"order, quantity after confirmation, {number} lines"):
            order.order_line[:1].write({"product_qty": 5})
        with self._count(f"order, cancel, {number} lines"):
            order.button_cancel()

    def batch(self):
        """Twenty at a time, and the lists."""
        agreements = self.env["purchase.requisition"]
        orders = self.env["purchase.order"]
        with self._count("agreements, create 20"):
            agreements = agreements.create([self._agreement(1) for _n in range(20)])
        with self._count("agreements, write 20"):
            agreements.write({"reference": "Chairs"})
        with self._count("orders, create 20"):
            orders = orders.create([self._order(1) for _n in range(20)])
        with self._count("orders, confirm 20"):
            orders.button_confirm()
        with self._count("agreements, list"):
            agreements.web_search_read([], {"name": {}, "state": {}}, limit=40)
        with self._count("orders, list"):
            orders.web_search_read([], {"name": {}, "amount_total": {}}, limit=40)
