"""Digital purchases made to look like something else."""

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import EMPTY
from ..flow import FlowCase


class ScopeCase(FlowCase):
    def _line(self, product, price=100.0):
        return Command.create(
            {"product_id": product.id, "product_qty": 1, "price_unit": price}
        )

    def _as_manager(self, record):
        return record.with_user(self.purchase_manager)


@tagged("post_install", "-at_install")
class TestOrderTakenOut(ScopeCase):
    """Below the amount, the buyer takes an order out with a reason."""

    def _out(self, price=100):
        order = self._new_order(price=price)
        order.write({"scope_override": "out", "scope_reason": "A test bench"})
        return order

    def test_raised_before_confirmation(self):
        order = self._out()
        order.order_line.price_unit = 1e6
        self.assertEqual(order.scope_status, "in")
        with self._refused("order_file"):
            self._as_manager(order).button_confirm()

    def test_raised_after_confirmation(self):
        order = self._out()
        self._as_manager(order).button_confirm()
        self.assertEqual(order.state, "purchase")
        with self._refused("order_file"):
            self._as_manager(order.order_line).price_unit = 1e6
            self.env.flush_all()

    def test_lines_added_after_confirmation(self):
        order = self._out()
        self._as_manager(order).button_confirm()
        with self._refused("order_file"):
            self._as_manager(order).write(
                {"order_line": [self._line(self.software, 1e6)]}
            )
            self.env.flush_all()

    def test_negative_line_hides_the_amount(self):
        order = self._out()
        order.write(
            {
                "order_line": [
                    self._line(self.software, 1e6),
                    self._line(self.software, -1e6),
                ]
            }
        )
        with self._refused("order_file"):
            self._as_manager(order).button_confirm()

    def test_blank_reason(self):
        order = self._new_order(price=100)
        order.write({"scope_override": "out", "scope_reason": "  "})
        self.assertEqual(order.scope_status, "in")

    def test_lowering_and_cancelling_are_free(self):
        order = self._out(price=20000)
        self._as_manager(order).button_confirm()
        self._as_manager(order.order_line).product_qty = 0.5
        self._as_manager(order).button_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.order_line.product_qty, 0.5)

    def test_officer_agreed_to_less(self):
        """What the officer agreed to is an amount and codes, not a blank cheque."""
        order = self._out(price=50000)
        order.with_user(self.officer).action_agree_out_of_scope()
        self.assertEqual(order.scope_status, "out")
        order.order_line.price_unit = 40000
        self.assertEqual(order.scope_status, "out")
        order.order_line.price_unit = 5e6
        self.env.flush_all()
        self.assertEqual(order.scope_status, "in")
        with self._refused("order_file"):
            self._as_manager(order).button_confirm()

    def test_officer_agreed_to_something_else(self):
        order = self._out(price=50000)
        order.with_user(self.officer).action_agree_out_of_scope()
        cloud = self.env["product.product"].create(
            {"name": "Cloud", "cpv_code": "72317000"}
        )
        order.order_line.write({"product_id": cloud.id, "price_unit": 50000})
        self.assertEqual(order.scope_status, "in")

    def test_officer_agreed_then_raised_after_confirmation(self):
        order = self._out(price=50000)
        order.with_user(self.officer).action_agree_out_of_scope()
        self._as_manager(order).button_confirm()
        with self._refused("order_file"):
            self._as_manager(order.order_line).price_unit = 5e6
            self.env.flush_all()

    def test_merged_rfqs(self):
        """What the officer agreed to for one is never lent to the lines of another:
        neither merged, nor moved by hand."""
        order, other = self._out(price=50000), self._new_order(price=900000)
        order.with_user(self.officer).action_agree_out_of_scope()
        both = (order | other).with_user(self.purchase_manager)
        with self.assertRaisesRegex(UserError, "Make them the same on each"):
            both.action_merge()
        other.order_line.with_user(self.purchase_manager).order_id = order
        with self._refused("order_file"):
            self._as_manager(order).button_confirm()


@tagged("post_install", "-at_install")
class TestFileTakenOut(ScopeCase):
    def _out(self, price=100):
        file = self._new_file(price=price)
        file.write({"scope_override": "out", "scope_reason": "A test bench"})
        return file

    def test_raised_after_confirmation(self):
        file = self._out()
        file.action_confirm()
        with self._refused(*EMPTY, "envelope", "project"):
            self._as_manager(file.line_ids).price_unit = 1e6
        with self._refused(*EMPTY, "envelope", "project"):
            self._as_manager(file).write({"amount_max": 1e6, "amount_max_known": True})

    def test_officer_agreed_to_less(self):
        file = self._out(price=50000)
        file.with_user(self.officer).action_agree_out_of_scope()
        file.line_ids.price_unit = 5e6
        with self._refused(*EMPTY, "project"):
            file.action_confirm()

    def test_digital_order_under_a_file_that_is_not(self):
        """An agreement nobody judged carries no digital order."""
        file = self._new_file(
            line_ids=[], amount_estimated=1e6, amount_estimated_known=True
        )
        self.assertEqual(file.scope_status, "out")
        file.write({"state": "confirmed"})
        option = self.env["souverainete.option"].create(
            {
                "requisition_id": file.id,
                "name": "Anything",
                "path": "off_the_shelf",
                "verdict": "retained",
                "partner_id": self.vendor.id,
            }
        )
        order = self._new_order(
            price=900000, requisition_id=file.id, option_id=option.id
        )
        with self._refused("order_file"):
            self._as_manager(order).button_confirm()

    def test_order_under_a_file_not_stated_yet(self):
        file = self._new_file(self.chair, cpv_code="30213100")
        self.assertEqual(file.scope_status, "ask")
        order = self._new_order(self.chair, need_id=file.id)
        with self._refused("order_open", "order_option", "order_scope"):
            self._as_manager(order).button_confirm()


@tagged("post_install", "-at_install")
class TestReclassified(ScopeCase):
    """A product's class is a referential: nobody empties it to open the gate."""

    def setUp(self):
        super().setUp()
        self.keeper = self._new_user(
            "keeper", "purchase.group_purchase_manager,product.group_product_manager"
        )
        self.category = self.env["product.category"].create({"name": "Anything"})

    def _as_keeper(self, record):
        return record.with_user(self.keeper)

    def test_manager_takes_a_product_out(self):
        product = self._as_keeper(self.software)
        for vals in (
            {"cpv_code": "39112000"},
            {"cpv_code": False},
        ):
            with self.assertRaises(AccessError):
                product.write(vals)
            with self.assertRaises(AccessError):
                product.product_tmpl_id.write(vals)

    def test_manager_takes_a_category_out(self):
        self.category.cpv_code = "72000000"
        self.software.write({"cpv_code": False, "categ_id": self.category.id})
        with self.assertRaises(AccessError):
            self._as_keeper(self.category).cpv_code = False
        other = self.env["product.category"].create({"name": "Other"})
        with self.assertRaises(AccessError):
            self._as_keeper(self.software).categ_id = other

    def test_manager_brings_a_product_in(self):
        self._as_keeper(self.chair).cpv_code = "72000000"
        self._as_keeper(self.chair).cpv_code = "48000000"
        self.assertEqual(self.chair.cpv_code, "48000000")

    def test_officer_corrects_a_product(self):
        self.software.with_user(self.officer).sudo().cpv_code = "39112000"
        self.assertEqual(self.software.cpv_code, "39112000")


@tagged("post_install", "-at_install")
class TestPrefixes(ScopeCase):
    """A class that changes reaches the drafts, not what was confirmed."""

    def setUp(self):
        super().setUp()
        self.draft = self._new_file(self.chair)
        self.described = self._new_file(line_ids=[], cpv_code="39112000")
        self.order = self._new_order(self.chair)
        self.signed = self._new_file(self.chair)
        self.signed.action_confirm()

    def _propose(self, **vals):
        prefix = self.env["souverainete.cpv.prefix"].with_user(self.referent)
        return prefix.create(
            {"prefix": "39112", "name": "Smart chairs", "scope": "in", **vals}
        )

    def _assert_reached(self):
        self.assertTrue(self.draft.is_digital)
        self.assertTrue(self.described.is_digital)
        self.assertTrue(self.order.is_digital)
        self.assertFalse(self.signed.is_digital)
        self.assertTrue(self.signed.scope_drift)
        with self._refused(*EMPTY):
            self.draft.action_confirm()

    def test_prefix_approved(self):
        self._propose().with_user(self.referent2).action_approve()
        self._assert_reached()

    def test_prefix_that_starts_later(self):
        today = self.company._souverainete_today()
        start = today + relativedelta(days=10)
        self._propose(date_start=start).with_user(self.referent2).action_approve()
        self.assertFalse(self.draft.is_digital)
        with freeze_time(f"{start} 12:00:00"):
            self.env["souverainete.cpv.prefix"]._reclassify_moved()
            self._assert_reached()
