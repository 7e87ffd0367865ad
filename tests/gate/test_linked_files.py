"""What an order tells of records that its buyer does not read, and who wrote it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import SouveraineteCase

LIGHT = {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}


@tagged("post_install", "-at_install")
class TestLinkedFiles(SouveraineteCase):
    def _new_company_buyer(self, login, **vals):
        company = self.env["res.company"].create(
            {"name": login, "public_entity_type": "ministry", **vals}
        )
        users = self._new_users(
            {login: "purchase.group_purchase_user"},
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        return company, users

    def test_the_file_of_another_ministry(self):
        """Its banner would tell what that file lacks."""
        company, stranger = self._new_company_buyer("stranger")
        file = self._new_file(user=stranger, company_id=company.id)
        order = self._new_order()
        for name in ("need_id", "requisition_id"):
            for attempt in (
                lambda n=name: order.write({n: file.id}),
                lambda n=name: self._new_order(**{n: file.id}),
            ):
                with self.assertRaisesRegex(AccessError, "not one you may read"):
                    attempt()
                    self.env.flush_all()
                self.env.invalidate_all()
        own = self._new_file()
        order.write({"need_id": own.id})
        self.assertEqual(order.need_id, own)

    def test_a_branch_is_told_of_its_own_orders(self):
        """Small orders add up over a ministry, and are named to who reads them."""
        branch, buyer = self._new_company_buyer("branch", parent_id=self.company.id)
        first = self._new_order(price=59_000, **LIGHT)
        first.with_user(self.purchase_manager).button_confirm()
        own = self._new_order(user=buyer, price=500, company_id=branch.id, **LIGHT)
        own.button_confirm()
        second = self._new_order(
            user=buyer, price=59_000, company_id=branch.id, **LIGHT
        )
        with self._refused("order_file") as refused:
            second.button_confirm()
        self.assertNotIn(first.name, str(refused.exception))
        self.assertIn(own.name, str(refused.exception))
        self.assertIn("and 1 more", str(refused.exception))

    def test_what_was_merged_keeps_its_authors(self):
        """The officer who wrote one of them agrees to none of it."""
        stated = {"scope_override": "out", "scope_reason": "No software"}
        kept = self._new_order(price=900_000, **stated)
        other = self._new_order(user=self.officer, price=1, **stated)
        (kept | other).with_user(self.purchase_manager).action_merge()
        self.assertEqual((kept.state, other.state), ("draft", "cancel"))
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            kept.with_user(self.officer).action_agree_out_of_scope()
        kept.with_user(self.officer2).action_agree_out_of_scope()
        self.assertEqual(kept.scope_officer_id, self.officer2)
