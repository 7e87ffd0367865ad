"""Two people at once, on two real connections.

What they create is committed: it is removed at the end, and the database of the tests
is a throwaway one anyway.
"""

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from odoo.addons.souverainete_achat.models.base.finding import Refused

from ..common import PDF, PDF_64, SIGNED


@tagged("post_install", "-at_install")
class TestTwoAtOnce(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._transaction() as env:
            self.file_id, self.order_ids = self._create_signed_file(env)
        self.addCleanup(self._remove)

    def _transaction(self):
        return _Transaction(self.registry)

    def _create_signed_file(self, env):
        """A contract of 100 000 €, and two draft orders of 60 000 € under it."""
        product = env["product.product"].create(
            {"name": "Two at once", "cpv_code": "48000000"}
        )
        vendor = env["res.partner"].create({"name": "Two at once"})
        file = env["purchase.requisition"].create(
            {
                "vendor_id": vendor.id,
                "line_ids": [(0, 0, self._line(product, 100000))],
            }
        )
        officer = env["res.users"].create(
            {
                "name": "Two at once",
                "login": "two_at_once",
                "group_ids": [(4, env.ref("souverainete_achat.group_officer").id)],
            }
        )
        document = env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file.with_user(officer)._take_over(document, "signed", SIGNED)
        orders = env["purchase.order"].create(
            [
                {
                    "partner_id": vendor.id,
                    "requisition_id": file.id,
                    "order_line": [(0, 0, self._line(product, 60000))],
                }
                for _number in range(2)
            ]
        )
        return file.id, orders.ids

    def _line(self, product, price):
        return {"product_id": product.id, "product_qty": 1, "price_unit": price}

    def _remove(self):
        with self._transaction() as env:
            cr = env.cr
            cr.execute(
                "DELETE FROM purchase_order WHERE id = ANY(%s)", [self.order_ids]
            )
            cr.execute(
                "UPDATE purchase_requisition SET active = false, name = 'Removed' "
                "WHERE id = %s",
                [self.file_id],
            )
            officer = env["res.users"].search([("login", "=", "two_at_once")])
            officer.write({"active": False, "login": f"two_at_once_{officer.id}"})

    def test_two_orders_never_share_the_same_amount(self):
        """Each fits alone; together they exceed: the second to commit is refused."""
        first, second = self._transaction(), self._transaction()
        with first as env1:
            env1["purchase.order"].browse(self.order_ids[0]).button_confirm()
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
        with self._transaction() as env, self.assertRaises(Refused) as caught:
            env["purchase.order"].browse(self.order_ids[1]).button_confirm()
        self.assertEqual(caught.exception.codes, {"order_envelope"})

    def test_an_amendment_is_signed_once(self):
        with self._transaction() as env:
            amendment_id = self._create_amendment(env).id
        first, second = self._transaction(), self._transaction()
        with first as env1:
            env1["souverainete.amendment"].browse(amendment_id).action_sign()
            with second as env2, mute_logger("odoo.sql_db"):
                amendment = env2["souverainete.amendment"].browse(amendment_id)
                amendment.read(["state"])
                env1.cr.commit()
                with self.assertRaises(psycopg2.errors.SerializationFailure):
                    amendment.action_sign()
                    env2.flush_all()
                env2.cr.rollback()
        with self._transaction() as env:
            amendment = env["souverainete.amendment"].browse(amendment_id)
            self.assertEqual(amendment.requisition_id.amount_max, 90000)
            with self.assertRaisesRegex(UserError, "is already signed"):
                amendment.action_sign()

    def test_two_entries_never_follow_the_same_one(self):
        """The second to write in a journal is tried again by Odoo, and never refused
        for good."""
        with self._transaction() as env1, self._transaction() as env2:
            files = [
                e["purchase.requisition"].browse(self.file_id) for e in (env1, env2)
            ]
            for file in files:
                file.read(["journal_seq"])
                file._journal("scope", {})
            env1.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                files[1]._journal_flush()
            env2.cr.rollback()
        with self._transaction() as env:
            self.assertTrue(
                env["purchase.requisition"].browse(self.file_id)._verify().ok
            )

    def _create_amendment(self, env):
        return env["souverainete.amendment"].create(
            {
                "requisition_id": self.file_id,
                "name": "Less",
                "ground": "provided",
                "ground_reason": "Fewer users than the clause said",
                "document": PDF_64,
                "amount": -10000,
                "amount_known": True,
            }
        )


class _Transaction:
    """A real transaction, committed when it ends well."""

    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = self.registry.cursor()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.cr.commit()
        finally:
            self.cr.close()
