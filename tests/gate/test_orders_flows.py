"""The host's own flows on orders: nothing of the need is lost, mixed or got round."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase

ANSWERS = {"light_mutualised": "yes", "light_cloud": "no", "light_sensitive": "no"}


class OrderFlowCase(FlowCase):
    def _new_need(self, **vals):
        """A need launched, whose offer of `vendor` is retained."""
        vals = {"requisition_type": "purchase_template", "vendor_id": False, **vals}
        need = self._launched_file(**vals)
        self.offer = self._receive_offers(need)
        return need

    def _new_alternative(self, order, vendor=None, user=None, **vals):
        wizard = self.env["purchase.requisition.create.alternative"]
        action = (
            wizard.with_user(user or self.buyer)
            .create(
                {
                    "origin_po_id": order.id,
                    "partner_ids": [Command.set((vendor or self.other_vendor).ids)],
                    **vals,
                }
            )
            .action_create_alternative()
        )
        return order.with_user(user or self.buyer).browse(action["res_id"])

    def _answer_warning(self, order, button):
        """Confirm, and answer the question about the alternatives as a client does."""
        action = order.button_confirm()
        self.assertEqual(
            action["res_model"], "purchase.requisition.alternative.warning"
        )
        wizard = self.env[action["res_model"]].with_env(order.env)
        return getattr(wizard.with_context(**action["context"]).create({}), button)()


@tagged("post_install", "-at_install")
class TestAlternative(OrderFlowCase):
    def test_need_is_kept_and_the_option_is_the_vendors(self):
        need = self._new_need()
        order = self._new_order(need_id=need.id, partner_id=self.other_vendor.id)
        self.assertFalse(order.option_id)
        alternative = self._new_alternative(order, self.vendor)
        self.assertEqual(alternative.need_id, need)
        self.assertEqual(alternative.option_id, self.offer)
        self.assertEqual(alternative.purchase_group_id, order.purchase_group_id)

    def test_no_option_for_a_vendor_not_retained(self):
        order = self._new_order(need_id=self._new_need().id)
        self.assertTrue(order.option_id)
        alternative = self._new_alternative(order)
        self.assertEqual(alternative.need_id, order.need_id)
        self.assertFalse(alternative.option_id)

    def test_agreement_is_kept_for_its_holders_alone(self):
        file = self._new_file(holder_ids=[Command.set(self.other_vendor.ids)])
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._new_order(requisition_id=file.id)
        for vendor, agreement in (
            (self.other_vendor, file),
            (stranger, file.browse()),
        ):
            alternative = self._new_alternative(order, vendor)
            self.assertEqual(alternative.requisition_id, agreement)
            self.assertEqual(alternative.need_id, file)

    def test_own_need_is_kept_under_an_umbrella(self):
        umbrella = self._new_file(is_umbrella=True)
        need = self._new_need()
        order = self._new_order(requisition_id=umbrella.id, need_id=need.id)
        alternative = self._new_alternative(order)
        self.assertEqual(alternative.need_id, need)
        self.assertFalse(alternative.requisition_id)

    def test_what_was_stated_of_the_need_is_kept(self):
        order = self._new_order(**ANSWERS, scope_override="in")
        alternative = self._new_alternative(order)
        self.assertEqual(alternative.scope_override, "in")
        self.assertEqual(alternative.light_mutualised, "yes")
        self.assertEqual(alternative.light_sensitive, "no")
        self.assertFalse(alternative.light_cloud, "it depends on what is sold")

    def test_without_its_lines(self):
        need = self._new_need()
        order = self._new_order(need_id=need.id)
        alternative = self._new_alternative(order, copy_products=False)
        self.assertFalse(alternative.order_line)
        self.assertEqual(alternative.need_id, need)
        self.assertEqual(alternative.scope_status, "in")

    def test_chairs_are_as_in_stock_odoo(self):
        file = self._new_file(self.chair, holder_ids=[Command.set(self.vendor.ids)])
        order = self._new_order(self.chair, requisition_id=file.id)
        alternative = self._new_alternative(order)
        self.assertFalse(alternative.requisition_id)
        self.assertFalse(alternative.need_id)
        self.assertEqual(alternative.scope_status, "out")

    def test_created_by_rpc_with_a_need_that_is_not_its_own(self):
        """Compliant, but for something else: a foreign need passes nothing."""
        file = self._confirmed_file()
        order = self._new_order(price=90000)
        for codes, vals in (
            (
                {"order_envelope", "order_option"},
                {"need_id": file.id, "partner_id": self.other_vendor.id},
            ),
            (
                {"order_need"},
                {"need_id": self._new_file().id, "requisition_id": file.id},
            ),
            (
                {"components_declared", "order_option"},
                {"need_id": file.id, "option_id": file.option_ids[:1].id},
            ),
        ):
            forged = self._new_order(price=90000, **vals)
            forged.with_context(origin_po_id=order.id).copy()
            for user in (self.buyer, self.purchase_manager):
                with self._refused(*codes):
                    forged.with_user(user).with_context(
                        skip_alternative_check=True
                    ).button_confirm()

    def test_agreed_scope_is_not_inherited(self):
        """What the officer agreed to holds for one order, not for its alternatives."""
        order = self._new_order(price=50000)
        order.write({"scope_override": "out", "scope_reason": "A test bench"})
        order.with_user(self.officer).action_agree_out_of_scope()
        self.assertEqual(order.scope_status, "out")
        alternative = self._new_alternative(order)
        alternative.order_line.price_unit = 50000
        self.assertFalse(alternative.scope_officer_id)
        with self._refused("order_light"):
            alternative.with_context(skip_alternative_check=True).button_confirm()


@tagged("post_install", "-at_install")
class TestWarningOnAlternatives(OrderFlowCase):
    def _grouped(self):
        """An order that may pass, and its alternative, that may not."""
        order = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        return order, self._new_alternative(order)

    def _speak_french(self, record):
        self.buyer.lang = "fr_FR"
        return record.with_context(lang="fr_FR")

    def test_confirming_one_and_cancelling_the_others(self):
        order, alternative = self._grouped()
        self._answer_warning(order, "action_cancel_alternatives")
        self.assertEqual(order.state, "purchase")
        self.assertEqual(alternative.state, "cancel")

    def test_confirming_one_and_keeping_the_others(self):
        order, alternative = self._grouped()
        self._answer_warning(order, "action_keep_alternatives")
        self.assertEqual(order.state, "purchase")
        self.assertEqual(alternative.state, "draft")
        with self._refused("order_envelope", "order_option"):
            alternative.button_confirm()

    def test_it_is_refused_in_the_users_language_and_nothing_is_cancelled(self):
        order, alternative = self._grouped()
        alternative = self._speak_french(alternative)
        for button in ("action_keep_alternatives", "action_cancel_alternatives"):
            with self._refused("order_envelope", "order_option") as refused:
                self._answer_warning(alternative, button)
            self.assertIn("n'est pas encore possible", str(refused.exception))
        self.assertEqual(order.state, "draft")
        self.assertEqual(alternative.state, "draft")

    def test_the_journal_is_in_the_users_language(self):
        order, _alternative = self._grouped()
        order = self._speak_french(order)
        self._answer_warning(order, "action_keep_alternatives")
        file = order.requisition_id
        file._journal_flush()
        entries = self.env["souverainete.journal"].search(
            [("requisition_id", "=", file.id), ("summary", "like", order.name)]
        )
        self.assertIn("confirmé", entries.summary)


@tagged("post_install", "-at_install")
class TestMerge(OrderFlowCase):
    def _merge(self, *orders):
        merged = self.env["purchase.order"].union(*orders).with_user(self.buyer)
        merged.action_merge()
        return merged.filtered(lambda order: order.state != "cancel")

    def test_one_need_is_kept(self):
        need = self._new_need()
        orders = [self._new_order(need_id=need.id, price=p) for p in (100, 100)]
        kept = self._merge(*orders)
        self.assertEqual(len(kept), 1)
        self.assertEqual(kept.need_id, need)
        self.assertEqual(kept.option_id, self.offer)
        self.assertEqual(sum(kept.order_line.mapped("product_qty")), 2)

    def test_two_needs_are_not_mixed(self):
        orders = [self._new_order(need_id=self._new_file().id) for _n in range(2)]
        with self.assertRaisesRegex(UserError, "their needs"):
            self._merge(*orders)
        self.assertEqual({order.state for order in orders}, {"draft"})

    def test_a_light_order_does_not_enter_one_that_has_its_file(self):
        gated = self._new_order(need_id=self._new_need().id, price=1000)
        light = self._new_order(price=300, **ANSWERS)
        with self.assertRaisesRegex(UserError, "their needs"):
            self._merge(light, gated)
        third = self._new_order(need_id=gated.need_id.id, price=1000)
        self.assertEqual(len(self._merge(light, gated, third)), 2)
        self.assertEqual(light.state, "draft")
        self.assertEqual(len(light.order_line), 1)

    def test_answers_are_neither_lost_nor_mixed(self):
        one, same = (self._new_order(price=300, **ANSWERS) for _n in range(2))
        sensitive = self._new_order(price=300, **ANSWERS | {"light_sensitive": "yes"})
        kept = self._merge(one, same, sensitive)
        self.assertEqual(len(kept), 2)
        self.assertIn(sensitive, kept)
        for name, answer in ANSWERS.items():
            self.assertEqual((kept - sensitive)[name], answer)

    def test_statements_of_scope_are_not_mixed(self):
        taken_out = self._new_order(price=100)
        taken_out.write({"scope_override": "out", "scope_reason": "A test bench"})
        with self.assertRaisesRegex(UserError, "their needs"):
            self._merge(taken_out, self._new_order(price=100))

    def test_a_merge_splits_no_light_ceiling(self):
        """Two light orders make one that is not."""
        kept = self._merge(
            *(self._new_order(price=45000, **ANSWERS) for _n in range(2))
        )
        with self._refused("order_file"):
            kept.button_confirm()

    def test_digital_lines_merged_into_chairs_count(self):
        kept = self._merge(self._new_order(self.chair), self._new_order())
        self.assertEqual(kept.scope_status, "in")
        with self._refused("order_file"):
            kept.button_confirm()

    def test_chairs_are_as_in_stock_odoo(self):
        kept = self._merge(self._new_order(self.chair), self._new_order(self.chair))
        kept.button_confirm()
        self.assertEqual(kept.state, "purchase")
        other = self._new_order(self.chair, partner_id=self.other_vendor.id)
        with self.assertRaisesRegex(UserError, "must be same"):
            self._merge(self._new_order(self.chair), other)


@tagged("post_install", "-at_install")
class TestRoadsToLines(OrderFlowCase):
    def test_catalogue_on_a_request(self):
        order = self._new_order(self.chair)
        self.assertTrue(order.action_add_from_catalog())
        order._update_order_line_info(self.software.id, 3)
        self.assertEqual(order.scope_status, "in")
        with self._refused("order_file"):
            order.button_confirm()
        order._update_order_line_info(self.software.id, 0)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_catalogue_on_a_confirmed_order(self):
        order = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        order.button_confirm()
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000", "standard_price": 10}
        )
        for product, quantity in ((self.software, 999999), (other, 1)):
            with self._refused("order_envelope"), self.env.cr.savepoint():
                order._update_order_line_info(product.id, quantity)
                self.env.flush_all()
        order._update_order_line_info(self.software.id, 0)
        self.env.flush_all()
        self.assertEqual(order.order_line.product_qty, 0)
        self.assertEqual(order.state, "purchase")

    def test_catalogue_on_confirmed_chairs(self):
        order = self._new_order(self.chair)
        order.button_confirm()
        order._update_order_line_info(self.chair.id, 7)
        with self._refused("order_file"), self.env.cr.savepoint():
            order._update_order_line_info(self.software.id, 1)
            self.env.flush_all()

    def test_created_by_rpc_under_an_agreement(self):
        """As replenishment does: the agreement and the lines, in one creation."""
        need = self._new_file(requisition_type="purchase_template", vendor_id=False)
        agreement = self._new_file(need_id=need.id)
        order = self._new_order(
            requisition_id=agreement.id, partner_ref=agreement.name, origin="OP/1"
        )
        self.assertEqual(order.need_id, need)
        self.assertEqual(order.scope_status, "in")

    def test_imported_under_an_agreement(self):
        need = self._new_file(requisition_type="purchase_template", vendor_id=False)
        agreement = self._new_file(need_id=need.id)
        result = (
            self.env["purchase.order"]
            .with_user(self.buyer)
            .load(
                [
                    "partner_id",
                    "requisition_id",
                    "order_line/product_id",
                    "order_line/product_qty",
                    "order_line/price_unit",
                ],
                [[self.vendor.name, agreement.name, self.software.name, "2", "10"]],
            )
        )
        order = self.env["purchase.order"].browse(result["ids"])
        self.assertEqual(order.need_id, need, result["messages"])
        self.assertEqual(order.order_line.product_qty, 2)

    def test_imported_lines_of_a_request_are_judged(self):
        order = self._new_order(self.chair)
        columns = ["order_id/.id", "product_id", "product_qty", "price_unit", "name"]
        lines = self.env["purchase.order.line"].with_user(self.buyer)
        result = lines.load(
            columns, [[str(order.id), self.software.name, "1", "9", "x"]]
        )
        self.assertTrue(result["ids"], result["messages"])
        self.assertEqual(order.scope_status, "in")

    def test_lines_of_a_bill_added_to_confirmed_chairs(self):
        order = self._new_order(self.chair)
        order.button_confirm()
        vals = {
            "order_id": order.id,
            "product_id": self.software.id,
            "product_qty": 1,
            "price_unit": 90000,
        }
        with self._refused("order_file"):
            order.order_line.create(vals)
            self.env.flush_all()

    def test_copy_starts_afresh(self):
        order = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        order.button_confirm()
        copy = order.copy()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.scope_status, "in")
        for name in ("requisition_id", "need_id", "option_id", "gate_envelope"):
            self.assertTrue(order[name], name)
            self.assertFalse(copy[name], name)
        copy.order_line.price_unit = 90000
        with self._refused("order_file"):
            copy.button_confirm()

    def test_sections_and_notes(self):
        layout = [
            Command.create({"display_type": kind, "name": "Text", "product_qty": 0})
            for kind in ("line_section", "line_subsection", "line_note")
        ]
        digital = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        for order in (digital, self._new_order(self.chair)):
            order.write({"order_line": layout})
            order.button_confirm()
            self.assertEqual(order.state, "purchase")
            order.write({"order_line": layout})

    def test_down_payments(self):
        digital = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        for order in (digital, self._new_order(self.chair)):
            order.button_confirm()
            vals = {
                "name": "Down payment",
                "is_downpayment": True,
                "product_qty": 0.0,
                "price_unit": 300,
                "order_id": order.id,
            }
            lines = order._create_downpayments([vals])
            self.env.flush_all()
            self.assertIn(lines, order.order_line)
            self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestNeverGated(OrderFlowCase):
    """A signed contract must be performed, whatever became of its file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind}
                for name, code, kind in (
                    ("Software", "SA6511", "expense"),
                    ("Vendors", "SA4010", "liability_payable"),
                )
            ]
        )
        cls.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "SABIL",
                "type": "purchase",
                "default_account_id": accounts[0].id,
            }
        )
        cls.software.property_account_expense_id = accounts[0]
        cls.vendor.property_account_payable_id = accounts[1]

    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()
        self.order = self._new_order(requisition_id=self.file.id, price=1000)
        self.order.button_confirm()
        self.qualification.date_end = "2025-06-30"
        self.env.flush_all()
        self.assertIn("hosting_qualified", self._codes(self.file))

    def test_receipts(self):
        self.order.order_line.qty_received = 1
        self.env.flush_all()
        self.assertEqual(self.order.order_line.qty_received, 1)

    def test_bills(self):
        self.order.order_line.qty_received = 1
        self.order.sudo().action_create_invoice()
        bill = self.order.sudo().invoice_ids
        self.assertEqual(bill.amount_untaxed, 1000)
        bill.invoice_date = self.company._souverainete_today()
        bill.action_post()
        self.env.flush_all()
        self.assertEqual(self.order.order_line.qty_invoiced, 1)
        self.assertEqual(self.order.invoice_status, "invoiced")

    def test_locking(self):
        self.order.button_lock()
        self.assertTrue(self.order.locked)
        self.order.button_unlock()
        self.assertFalse(self.order.locked)

    def test_dates_notes_and_acknowledgement(self):
        self.order.order_line.date_planned = "2027-01-01 12:00:00"
        self.order.write({"note": "<p>Deliver at the back</p>"})
        self.order.action_acknowledge()
        self.order.message_post(body="A word")
        self.env.flush_all()
        self.assertTrue(self.order.acknowledged)
        self.assertEqual(self.order.state, "purchase")

    def test_cancelling_is_free_and_confirming_again_is_judged(self):
        self.order.button_cancel()
        self.assertEqual(self.order.state, "cancel")
        self.order.button_draft()
        self.assertEqual(self.order.state, "draft")
        for attempt in (
            lambda order: order.button_confirm(),
            lambda order: order.write({"state": "purchase"}),
        ):
            with self._refused("hosting_qualified"), self.env.cr.savepoint():
                attempt(self.order)
                self.env.flush_all()

    def test_straight_back_to_draft(self):
        """Without passing by a cancellation: it is judged again all the same."""
        self.order.button_draft()
        self.env.flush_all()
        with self._refused("hosting_qualified"):
            self.order.button_confirm()


@tagged("post_install", "-at_install")
class TestCompare(OrderFlowCase):
    def setUp(self):
        super().setUp()
        self.need = self._new_need()
        self.colleague = self._new_user("colleague", "purchase.group_purchase_user")
        self.order = self._new_order(need_id=self.need.id)
        self.other = self._new_alternative(self.order)
        self.env.flush_all()
        self.env.invalidate_all()

    def _read(self, user, orders=None):
        """{vendor: what the list shows}, as the web client reads it."""
        lines = self.env["purchase.order.line"].with_user(user)
        names = ("partner_id", "compared_verdict", "compared_sovereignty")
        specification = {name: {} for name in names}
        specification["compared_option_id"] = {"fields": {"display_name": {}}}
        orders = orders or self.order | self.other
        found = lines.web_search_read([("order_id", "in", orders.ids)], specification)
        return {row["partner_id"]: row for row in found["records"]}

    def test_option_and_standing_stand_beside_the_price(self):
        rows = self._read(self.buyer)
        mine, other = rows[self.vendor.id], rows[self.other_vendor.id]
        self.assertEqual(mine["compared_option_id"]["id"], self.offer.id)
        self.assertEqual(mine["compared_verdict"], "Retained")
        self.assertEqual(mine["compared_sovereignty"], "Not assessed")
        self.assertEqual(other["compared_verdict"], "Set aside")

    def test_level_and_score_once_assessed(self):
        criterion = self.offer.grid_id.objective_ids.criterion_ids[:1]
        answer = self.offer.answer_ids.filtered(lambda a: a.criterion_id == criterion)
        level = criterion.level_ids.filtered("level")[:1]
        answer.with_user(self.buyer).level_id = level
        said = self._read(self.buyer)[self.vendor.id]["compared_sovereignty"]
        labels = dict(self.offer._fields["level_reached"].selection)
        self.assertEqual(said, f"No weights set · {labels[self.offer.level_reached]}")

    def test_bids_are_not_told_to_who_does_not_analyse_them(self):
        rejected = self.offer.requisition_id.offer_ids - self.offer
        for row in self._read(self.colleague).values():
            said = str(row)
            self.assertNotIn(rejected.name, said)
            self.assertNotIn("Set aside", said)
        self.assertFalse(
            self._read(self.colleague)[self.other_vendor.id]["compared_verdict"]
        )

    def test_what_one_reads_is_not_shown_to_the_next(self):
        """The same transaction serves the analyst, then a colleague."""
        self._read(self.buyer)
        row = self._read(self.colleague)[self.other_vendor.id]
        self.assertFalse(row["compared_option_id"])

    def _count(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._read(self.buyer, orders)
        return self.env.cr.sql_log_count - before

    def test_ten_lines_cost_what_one_does(self):
        many = self.order
        for _number in range(5):
            many |= self._new_order(need_id=self.need.id)
        self._count(many)
        self.assertEqual(self._count(self.order), self._count(many))

    def test_columns_are_shown_where_something_is_digital(self):
        action = self.order.action_compare_alternative_lines()
        self.assertTrue(action["context"]["compares_digital"])
        chairs = self._new_order(self.chair)
        self._new_alternative(chairs)
        action = chairs.action_compare_alternative_lines()
        self.assertFalse(action["context"]["compares_digital"])

    def test_best_lines_are_as_in_stock_odoo(self):
        prices, dates, units = self.order.get_tender_best_lines()
        self.assertTrue(prices and dates and units)
