"""Two people at once on one agreement, on two real connections."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.finding import Refused

from ..at_once import AtOnceCase
from ..common import PDF, PDF_64, SIGNED


@tagged("post_install", "-at_install")
class TestTwoAtOnce(AtOnceCase):
    def _create(self, env):
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
        self.file_id, self.order_ids = file.id, orders.ids

    def _line(self, product, price):
        return {"product_id": product.id, "product_qty": 1, "price_unit": price}

    def _remove(self):
        with self._transaction() as env:
            cr = env.cr
            cr.execute(
                "DELETE FROM purchase_order WHERE id = ANY(%s)", [self.order_ids]
            )
            cr.execute(
                "UPDATE purchase_requisition SET active = false, state = 'cancel', "
                "name = 'Removed' WHERE id = %s",
                [self.file_id],
            )
            officer = env["res.users"].search([("login", "=", "two_at_once")])
            officer.write({"active": False, "login": f"two_at_once_{officer.id}"})

    def test_two_orders_never_share_the_same_amount(self):
        """Each fits alone; together they exceed: the second to commit is refused."""
        first, second = self.order_ids
        self._assert_conflict(
            lambda env: env["purchase.order"].browse(first).button_confirm(),
            lambda env: env["purchase.order"].browse(second).button_confirm(),
            seen=("purchase.order", second, ["state"]),
        )
        with self._transaction() as env, self.assertRaises(Refused) as caught:
            env["purchase.order"].browse(second).button_confirm()
        self.assertEqual(caught.exception.codes, {"order_envelope"})

    def test_an_amendment_is_signed_once(self):
        with self._transaction() as env:
            amendment_id = self._create_amendment(env).id

        def sign(env):
            env["souverainete.amendment"].browse(amendment_id).action_sign()

        seen = ("souverainete.amendment", amendment_id, ["state"])
        self._assert_conflict(sign, sign, seen)
        with self._transaction() as env:
            amendment = env["souverainete.amendment"].browse(amendment_id)
            self.assertEqual(amendment.requisition_id.amount_max, 90000)
            with self.assertRaisesRegex(UserError, "is already signed"):
                amendment.action_sign()

    def test_two_entries_never_follow_the_same_one(self):
        """The second to write in a journal is tried again by Odoo, and never refused
        for good."""

        def journal(env):
            file = env["purchase.requisition"].browse(self.file_id)
            file._journal("scope", {})
            file._journal_flush()

        seen = ("purchase.requisition", self.file_id, ["journal_seq"])
        self._assert_conflict(journal, journal, seen)
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
