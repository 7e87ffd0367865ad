"""Two small orders of one need confirmed at once, on two real connections."""

from typing import ClassVar

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..at_once import AtOnceCase


@tagged("post_install", "-at_install")
class TestSmallOrdersAtOnce(AtOnceCase):
    price = 40000
    answers: ClassVar = {
        "light_mutualised": "yes",
        "light_cloud": "no",
        "light_sensitive": "no",
    }

    def _create(self, env):
        """Two orders of one CPV code, from two vendors."""
        product = env["product.product"].create(
            {"name": "Small at once", "cpv_code": "48999000"}
        )
        line = {"product_id": product.id, "product_qty": 1, "price_unit": self.price}
        vendors = env["res.partner"].create(
            [{"name": f"Small at once {number}"} for number in range(2)]
        )
        orders = [
            {
                "partner_id": vendor.id,
                "order_line": [(0, 0, dict(line))],
                **self.answers,
            }
            for vendor in vendors
        ]
        self.order_ids = env["purchase.order"].create(orders).ids

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
        first, second = self.order_ids
        self._assert_conflict(
            lambda env: env["purchase.order"].browse(first).button_confirm(),
            lambda env: env["purchase.order"].browse(second).button_confirm(),
            seen=("purchase.order", second, ["state"]),
        )
        with self._transaction() as env, self.assertRaisesRegex(UserError, "add up"):
            env["purchase.order"].browse(second).button_confirm()


@tagged("post_install", "-at_install")
class TestStatementsAtOnce(TestSmallOrdersAtOnce):
    """“Not digital” said twice at once is counted as if said one after the other."""

    price = 20000
    answers: ClassVar = {"scope_override": "out", "scope_reason": "A test bench"}
