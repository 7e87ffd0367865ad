"""Two small orders of one need confirmed at once, on two real connections."""

from typing import ClassVar

import psycopg2

from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ..gate.test_two_at_once import _Transaction


@tagged("post_install", "-at_install")
class TestSmallOrdersAtOnce(BaseCase):
    price = 40000
    answers: ClassVar = {
        "light_mutualised": "yes",
        "light_cloud": "no",
        "light_sensitive": "no",
    }

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._transaction() as env:
            self.order_ids = self._create_orders(env)
        self.addCleanup(self._remove)

    def _transaction(self):
        return _Transaction(self.registry)

    def _create_orders(self, env):
        """Two orders of one CPV code, from two vendors."""
        product = env["product.product"].create(
            {"name": "Small at once", "cpv_code": "48999000"}
        )
        line = {"product_id": product.id, "product_qty": 1, "price_unit": self.price}
        vendors = env["res.partner"].create(
            [{"name": f"Small at once {number}"} for number in range(2)]
        )
        return (
            env["purchase.order"]
            .create(
                [
                    {
                        "partner_id": vendor.id,
                        "order_line": [(0, 0, dict(line))],
                        **self.answers,
                    }
                    for vendor in vendors
                ]
            )
            .ids
        )

    def _remove(self):
        with self._transaction() as env:
            ids = [self.order_ids]
            for query in (
                "DELETE FROM souverainete_catalogue_search WHERE order_id = ANY(%s)",
                "DELETE FROM souverainete_light_need_line WHERE order_id = ANY(%s)",
                "DELETE FROM purchase_order WHERE id = ANY(%s)",
            ):
                env.cr.execute(query, ids)
            env.cr.execute(
                "DELETE FROM souverainete_light_need WHERE code LIKE '4899%'"
            )

    def test_the_first_small_order_of_a_need_is_first(self):
        """Nobody bought this before: both make the row of the need."""
        self._confirm_at_once()

    def test_a_need_that_exists_is_shared(self):
        with self._transaction() as env:
            order = env["purchase.order"].browse(self.order_ids[0])
            order.button_confirm()
            order.button_cancel()
            order.button_draft()
        self._confirm_at_once()

    def _confirm_at_once(self):
        first, second = self._transaction(), self._transaction()
        with first as env1:
            env1["purchase.order"].browse(self.order_ids[0]).button_confirm()
            env1.flush_all()
            try:
                with second as env2, mute_logger("odoo.sql_db"):
                    order = env2["purchase.order"].browse(self.order_ids[1])
                    order.read(["state"])
                    env1.cr.commit()
                    with self.assertRaises(psycopg2.errors.SerializationFailure):
                        order.button_confirm()
                        env2.flush_all()
                    env2.cr.rollback()
            finally:
                env1.cr.rollback()
        with self._transaction() as env, self.assertRaisesRegex(UserError, "add up"):
            env["purchase.order"].browse(self.order_ids[1]).button_confirm()


@tagged("post_install", "-at_install")
class TestStatementsAtOnce(TestSmallOrdersAtOnce):
    """“Not digital” said twice at once is counted as if said one after the other."""

    price = 20000
    answers: ClassVar = {"scope_override": "out", "scope_reason": "A test bench"}
