"""What got past the gate is found, answered, and comes back when it grows."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from .reconciliation_common import LIGHT, ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliationLife(ReconciliationCase):
    """Found, answered, held, reopened, gone: the same for every kind."""

    def setUp(self):
        super().setUp()
        self.order = self._small_order(1000.0)
        self.order.order_line.qty_received = 50
        self.fact = self._fact("excess", self.order)

    def test_found(self):
        self.assertEqual(self.fact.amount, 49000)
        self.assertEqual(self.fact.judged, 1000)
        self.assertEqual(self.fact.vendor_id, self.vendor)
        self.assertEqual(self.fact.family, "48515")
        self.assertIn(self.buyer, self.fact.author_ids)

    def test_the_answer_holds_until_the_fact_grows(self):
        self._answer(self.fact)
        self.assertEqual(self.fact.state, "answered")
        self.assertFalse(self._fact("excess", self.order))
        self.order.order_line.qty_received = 40
        self.assertFalse(self._fact("excess", self.order))
        self.assertEqual(self.fact.amount, 39000)
        self.order.order_line.qty_received = 51
        self.assertEqual(self._fact("excess", self.order), self.fact)
        self._answer(self.fact, self.officer2)
        self.assertEqual(len(self.fact.answers), 2)
        self.assertIn(self.officer.name, self.fact.history)
        self.assertIn(self.officer2.name, self.fact.history)

    def test_mended_it_is_gone_and_kept(self):
        self.order.order_line.qty_received = 1
        self.assertFalse(self._fact("excess", self.order))
        self.assertEqual(self.fact.state, "gone")
        self.order.order_line.qty_received = 50
        self.assertEqual(self._fact("excess", self.order), self.fact)

    def test_what_was_answered_and_comes_back_stays_answered(self):
        self._answer(self.fact)
        self.order.order_line.qty_received = 1
        self._look()
        self.assertEqual(self.fact.state, "gone")
        self.order.order_line.qty_received = 50
        self._look()
        self.assertEqual(self.fact.state, "answered")

    def test_who_bought_does_not_answer(self):
        self.buyer.group_ids += self.env.ref(f"{ADDON}.group_officer")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            self._answer(self.fact, self.buyer)
        self.assertEqual(self.fact.state, "to_answer")

    def test_an_officer_answers_with_a_reason(self):
        for user in (self.purchase_manager, self.dae, self.referent):
            with self.assertRaises(AccessError):
                self._answer(self.fact, user)
        for reason in (" ", False, True, 3, []):
            with self.assertRaisesRegex(UserError, "Give the reason"):
                self.fact.with_user(self.officer).action_answer(reason)

    def test_several_are_answered_at_once(self):
        other = self._small_order(2000.0)
        other.order_line.qty_received = 3
        facts = self._fact("excess")
        wizard = (
            self.env["souverainete.reconciliation.answer"]
            .with_user(self.officer)
            .with_context(active_ids=facts.ids)
            .create({"reason": "Framework of 2025, amendment being signed"})
        )
        wizard.action_answer()
        self.assertEqual(facts.mapped("state"), ["answered", "answered"])
        self.assertEqual(sorted(facts.mapped("answered_amount")), [4000, 49000])

    def test_the_answer_on_a_file_is_in_its_journal(self):
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.button_confirm()
        order.order_line.qty_received = 5
        self._answer(self._fact("excess", order))
        file._journal_flush()
        entry = file.sudo().journal_ids.sorted("seq")[-1]
        self.assertEqual(entry.event, "reconciliation")
        self.assertIn("Checked with the vendor", entry.payload)

    # === WHO READS AND WRITES === #

    def test_officers_and_the_dae_read_nobody_writes(self):
        for user in (self.officer, self.dae):
            self.assertTrue(self.fact.with_user(user).reference)
        for user in (self.buyer, self.purchase_manager, self.ambassador, self.dinum):
            with self.assertRaises(AccessError):
                self.fact.with_user(user).read(["reference"])
        officer = self.fact.with_user(self.officer)
        with self.assertRaises(AccessError):
            officer.write({"amount": 1})
        with self.assertRaises(AccessError):
            officer.sudo().write({"state": "gone"})
        with self.assertRaises(AccessError):
            self.facts.sudo().create([{"kind": "excess"}])
        with self.assertRaises(UserError):
            officer.sudo().unlink()

    def test_another_ministry_reads_nothing(self):
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            f"{ADDON}.group_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.facts.with_user(stranger).search([]))

    # === WHO IS TOLD === #

    def _to_dos(self):
        return self.env["mail.activity"].search([("res_model", "=", self.facts._name)])

    def test_one_to_do_an_officer_that_comes_back(self):
        to_dos = self._to_dos()
        officers = self.company._get_role_users("group_officer")
        self.assertEqual(to_dos.user_id, officers)
        self.assertEqual(len(to_dos), len(officers))
        self.assertIn("To answer: 1,", to_dos[0].summary)
        to_dos.unlink()
        self._look()
        self.assertEqual(self._to_dos().user_id, officers)
        self._answer(self.fact)
        self.assertFalse(self._to_dos())

    def test_digest_where_something_is_to_be_answered(self):
        mails = self.env["mail.mail"].search([])
        self.facts._cron_send_digest()
        [mail] = self.env["mail.mail"].search([]) - mails
        self.assertIn(self.officer.partner_id, mail.recipient_ids)
        self.assertNotIn(self.buyer.partner_id, mail.recipient_ids)
        self.assertIn(self.order.name, mail.body_html)
        self.assertIn("49,000.00", mail.body_html)
        self._answer(self.fact)
        self.facts._cron_send_digest()
        self.assertEqual(self.env["mail.mail"].search([]) - mails, mail)

    def test_look_now(self):
        self.order.order_line.qty_received = 60
        with self.assertRaises(AccessError):
            self.facts.with_user(self.buyer).action_look_now()
        self.facts.with_user(self.officer).action_look_now()
        self.assertEqual(self.fact.amount, 59000)
        self._answer(self.fact)
        self.assertEqual(self.fact.state, "answered", "who looked may answer")

    def test_nightly_job(self):
        self.order.order_line.qty_received = 60
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=60):
            self.facts._cron_reconcile()
        self.assertEqual(self.fact.amount, 59000)


@tagged("post_install", "-at_install")
class TestTaxed(ReconciliationCase):
    def _order_taxed(self, percent):
        tax = self.env["account.tax"].create(
            {
                "name": f"Included {percent}",
                "amount": percent,
                "type_tax_use": "purchase",
                "price_include_override": "tax_included",
            }
        )
        order = self._new_order(price=21000.0, **LIGHT)
        order.order_line.tax_ids = tax
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def test_a_tax_that_hides_the_price_is_listed(self):
        order = self._order_taxed(2000)
        self.assertEqual(order.amount_untaxed, 1000)
        fact = self._fact("taxed", order)
        self.assertEqual((fact.judged, fact.amount), (1000, 20000))

    def test_a_rate_in_use_is_none(self):
        self.assertFalse(self._fact("taxed", self._order_taxed(20)))


@tagged("post_install", "-at_install")
class TestReconciliationOfOrders(ReconciliationCase):
    def test_billed_beyond_what_was_judged(self):
        order = self._small_order(10000.0)
        self._bill([(self.software, 10000, order.order_line, "Licences")])
        self.assertFalse(self._fact("excess", order))
        self._bill([(self.software, 7000, order.order_line, "Licences")])
        self.assertEqual(self._fact("excess", order).amount, 7000)
        self._bill(
            [(self.software, 7000, order.order_line, "Credit")], kind="in_refund"
        )
        self.assertFalse(self._fact("excess", order))

    def test_an_advance_is_lawful_until_it_adds_to_the_price(self):
        order = self._small_order(10000.0)
        advance = order.order_line.create(
            {
                "order_id": order.id,
                "name": "Advance",
                "is_downpayment": True,
                "product_qty": 0,
                "price_unit": 3000,
            }
        )
        self._bill([(None, 3000, advance, "Advance")])
        self.assertFalse(self._fact("excess", order))
        line = order.order_line - advance
        self._bill([(self.software, 10000, line, "Licences")])
        self.assertEqual(self._fact("excess", order).amount, 3000)
        self._bill([(None, 3000, advance, "Deduction")], kind="in_refund")
        self.assertFalse(self._fact("excess", order))

    def test_a_line_added_on_a_receipt(self):
        order = self._small_order(10000.0)
        line = order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.software.id,
                "product_qty": 0,
                "price_unit": 2500,
            }
        )
        self.assertFalse(self._fact("excess", order))
        line.qty_received = 1
        self.assertEqual(self._fact("excess", order).amount, 2500)

    def _add_received(self, order, product, price=2500):
        """What a receipt brought beside what was ordered, as the host records it."""
        line = order.order_line.sudo().create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "product_qty": 0,
                "price_unit": price,
            }
        )
        line.qty_received = 1
        return line

    def test_software_received_with_chairs_is_listed_not_refused(self):
        order = self._new_order(self.chair, 20000.0)
        order.with_user(self.purchase_manager).button_confirm()
        line = self._add_received(order, self.software)
        self.assertEqual((order.state, order.scope_status), ("purchase", "out"))
        self.assertEqual(self._fact("excess", order).amount, 2500)
        self.assertTrue(self._fact("scope", order))
        # More than a receipt: to order some of it is an act.
        with self._refused("order_light"):
            line.product_qty = 1

    def test_a_receipt_beside_a_file_is_listed_not_refused(self):
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        hosting = self._new_hosting()
        line = self._add_received(order, hosting)
        # Less of what was ordered stays free.
        order.order_line[:1].price_unit = 900
        self.assertEqual(self._fact("excess", order).amount, 2500)
        with self._refused("order_envelope"):
            line.product_qty = 1

    def test_an_order_at_zero_priced_when_billed(self):
        order = self._small_order(0.0)
        self.assertFalse(self._fact("excess", order))
        self._bill([(self.software, 90000, order.order_line, "Licences")])
        self.assertEqual(self._fact("excess", order).amount, 90000)

    def test_received_then_cancelled(self):
        order = self._small_order(20000.0)
        order.order_line.qty_received = 1
        order.button_cancel()
        self.assertEqual(self._fact("excess", order).amount, 20000)

    def test_small_excesses_of_one_vendor_add_up(self):
        first, second = self._small_order(1000.0), self._small_order(1000.0)
        first.order_line.qty_received = 1.6
        self.assertFalse(self._fact("excess"))
        second.order_line.qty_received = 1.6
        self.assertEqual(self._fact("excess").mapped("amount"), [600, 600])

    def test_stated_not_digital_and_billed_ten_times(self):
        order = self._new_order(
            price=20000.0, scope_override="out", scope_reason="Furniture of a room"
        )
        order.with_user(self.purchase_manager).button_confirm()
        self._bill([(self.software, 200000, order.order_line, "Licences")])
        self.assertEqual(self._fact("excess", order).amount, 180000)

    def test_chairs_are_no_fact(self):
        order = self._new_order(self.chair, 1000.0)
        order.with_user(self.purchase_manager).button_confirm()
        order.order_line.qty_received = 50
        self._bill([(self.chair, 90000, order.order_line, "Chairs")])
        self._bill([(self.chair, 90000, None, "Chairs")])
        self.assertFalse(self._fact("excess"))
        self.assertFalse(self._fact("bill"))

    # === BILLS === #

    def test_billed_without_an_order(self):
        bill = self._bill([(self.software, 3e6, None, "Licences")])
        fact = self._fact("bill", bill)
        self.assertEqual((fact.amount, fact.judged), (3e6, 0))
        self.assertEqual(fact.reference, bill.name)
        self._answer(fact)
        self.assertFalse(self._fact("bill", bill))
        self._bill(
            [(self.software, 3e6, None, "Credit")],
            kind="in_refund",
            reversed_entry_id=bill.id,
        )
        self._look()
        self.assertEqual(fact.state, "gone")

    def test_billed_in_digital_words_without_a_product(self):
        bill = self._bill([(None, 9000, None, "Abonnement à un LOGICIEL, 2027")])
        self.assertEqual(self._fact("bill", bill).amount, 9000)
        chairs = self._bill([(None, 9000, None, "Chaises et tables")])
        self.assertFalse(self._fact("bill", chairs))

    def test_history_before_the_list_is_no_fact(self):
        """A year of it is looked at the first night, no more."""
        old = {"invoice_date": "2020-01-01", "date": "2020-01-01"}
        bill = self._bill([(self.software, 3e6, None, "Licences")], **old)
        self.assertFalse(self._fact("bill", bill))
        order = self._small_order(1000.0)
        order.order_line.qty_received = 50
        before = "2020-01-01"
        self._by_sql(order, date_approve=before, create_date=before)
        self._by_sql(order.order_line, write_date=before)
        self.assertFalse(self._fact("excess", order))
        self._bill([(self.software, 900, order.order_line, "Licences")])
        self.assertTrue(self._fact("excess", order), "what moves since is a fact")
        # Without a period in force, nothing is too old.
        periods = self.env["souverainete.time.limit"].search([("kind", "=", "split")])
        periods._end_before(fields.Date.to_date("2026-01-01"))
        self.assertTrue(self._fact("bill", bill))

    def test_software_billed_on_an_order_of_chairs(self):
        order = self._new_order(self.chair, 90000.0)
        order.with_user(self.purchase_manager).button_confirm()
        bill = self._bill([(self.chair, 40000, order.order_line, "Chairs")])
        self.assertFalse(self._fact("bill", bill))
        bill = self._bill([(self.software, 50000, order.order_line, "Chairs")])
        self.assertEqual(self._fact("bill", bill).amount, 50000)

    def test_amounts_in_another_currency(self):
        franc = self.env.ref("base.CHF")
        franc.active = True
        franc.rate_ids.unlink()
        rate = {"currency_id": franc.id, "company_id": self.company.id}
        self.env["res.currency.rate"].create(
            {**rate, "name": "2020-01-01", "rate": 2 * self.company.currency_id.rate}
        )
        order = self._small_order(10000.0, currency_id=franc.id)
        order.order_line.qty_received = 3
        self.assertEqual(self._fact("excess", order).amount, 10000)
        self.assertEqual(self._fact("excess", order).judged, 5000)

    def test_a_draft_bill_is_no_payment(self):
        bill = self._bill([(self.software, 3e6, None, "Licences")])
        bill.button_draft()
        self.assertFalse(self._fact("bill", bill))

    # === CONFIRMED WITHOUT A JUDGEMENT === #

    def test_confirmed_by_sql(self):
        order = self._new_order(price=700000.0)
        self._by_sql(order, state="purchase")
        fact = self._fact("unjudged", order)
        self.assertEqual(fact.amount, 700000)
        self._by_sql(order, state="draft")
        self._look()
        self.assertEqual(fact.state, "gone")

    def test_a_forged_mark_is_in_no_journal(self):
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.button_confirm()
        self.env.cr.precommit.run()
        self.assertFalse(self._fact("unjudged", order))
        forged = self._new_order(requisition_id=file.id, price=700000)
        self._by_sql(
            forged, state="purchase", gate_state="purchase", gate_envelope='{"x": 1}'
        )
        self.assertEqual(self._fact("unjudged", forged).amount, 700000)

    def test_agreement_confirmed_by_sql(self):
        signed = self._confirmed_file()
        self.env.cr.precommit.run()
        self.assertFalse(self._fact("unjudged", signed))
        file = self._new_file(price=300000.0)
        self._by_sql(file, state="confirmed")
        self.assertEqual(self._fact("unjudged", file).amount, 300000)

    def test_what_the_gate_let_pass_is_no_fact(self):
        self._small_order(1000.0)
        out = self._new_order(price=20000, scope_override="out", scope_reason="Chairs")
        chairs = self._new_order(self.chair, 1e6)
        (out | chairs).with_user(self.purchase_manager).button_confirm()
        file = self._new_file(self.chair)
        file.action_confirm()
        self.env.cr.precommit.run()
        self.assertFalse(self._fact("unjudged"))

    def test_settled_before_its_product_was_classified(self):
        plain = self.env["product.product"].create({"name": "Annual fee"})
        neutral = self.env["res.partner"].create({"name": "Maison Dupont"})
        order = self._new_order(plain, 30000.0, partner_id=neutral.id)
        order.with_user(self.purchase_manager).button_confirm()
        plain.cpv_code = "48000000"
        self.assertFalse(self._fact("unjudged", order))
        self.assertEqual(self._fact("scope", order).amount, 30000)

    # === SCOPE === #

    def test_stored_scope_laxer_than_the_derived_one(self):
        order = self._small_order(50000.0)
        self.assertFalse(self._fact("scope", order))
        self._by_sql(order, scope_status="out", is_digital=False)
        fact = self._fact("scope", order)
        self.assertEqual(fact.amount, 50000)
        self._by_sql(order, scope_status="in", is_digital=True)
        self._look()
        self.assertEqual(fact.state, "gone")

    def test_stated_out_holds_below_the_ceiling_alone(self):
        order = self._new_order(
            price=20000, scope_override="out", scope_reason="Chairs"
        )
        order.with_user(self.purchase_manager).button_confirm()
        self.assertFalse(self._fact("scope", order))
        self._by_sql(order, amount_untaxed=90000)
        self.assertTrue(self._fact("scope", order))

    def test_digital_words_out_of_scope(self):
        order = self._new_order(self.chair, 20000.0)
        order.with_user(self.purchase_manager).button_confirm()
        self._rename_lines(order, "Abonnement au logiciel de visioconférence")
        self.assertEqual(self._fact("words", order).amount, 20000)
        chairs = self._new_order(self.chair, 20000.0)
        chairs.with_user(self.purchase_manager).button_confirm()
        self.assertFalse(self._fact("words", chairs))

    def test_digital_goods_delivered_as_something_else(self):
        """A kit without a class delivers software: found where receipts are kept."""
        order = self._new_order(self.chair, 20000.0)
        order.with_user(self.purchase_manager).button_confirm()
        # `purchase_stock` is no dependency: its table, as it has it.
        self._execute(
            "CREATE TABLE stock_move (purchase_line_id int, product_id int, state text)"
        )
        self.assertFalse(self._fact("delivered", order))
        with patch.object(type(self.facts), "_is_receiving", lambda _self: True):
            self._deliver(order, self.chair)
            self.assertFalse(self._fact("delivered", order))
            self._deliver(order, self.software)
            fact = self._fact("delivered", order)
            self.assertEqual((fact.amount, fact.family), (20000, "48515"))
            self._execute("UPDATE stock_move SET state = 'cancel'")
            self.assertFalse(self._fact("delivered", order))
            self._deliver(order, self._new_uncoded("Licence du logiciel de paie"))
            self.assertEqual(self._fact("delivered", order), fact)

    def _deliver(self, order, product):
        self._execute(
            "INSERT INTO stock_move VALUES (%s, %s, 'done')",
            [order.order_line.id, product.id],
        )

    def _new_uncoded(self, name):
        return self.env["product.product"].create({"name": name})

    def _rename_lines(self, order, text):
        """By SQL: no road leads there, as these words would have asked."""
        self._execute(
            "UPDATE purchase_order_line SET name = %s WHERE order_id = %s",
            [text, order.id],
        )

    def _execute(self, query, params=()):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    # === STATED NOT DIGITAL === #

    def _state_out(self, price, vendor=None, product=None):
        order = self._new_order(
            product,
            price,
            partner_id=(vendor or self.vendor).id,
            scope_override="out",
            scope_reason="x",
        )
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def _new_hosting(self):
        return self.env["product.product"].create(
            {"name": "Hosting", "cpv_code": "72415000"}
        )

    def test_not_digital_again_and_again(self):
        """The gate adds them up by family; the list, by vendor and by buyer too."""
        self._state_out(20000)
        self.assertFalse(self._fact("stated"))
        self._state_out(20000, product=self._new_hosting())
        fact = self._fact("stated")
        self.assertEqual(fact.amount, 40000)
        self.assertIn(self.buyer, fact.author_ids)
        opened = self.env["purchase.order"].search(fact.action_open()["domain"])
        self.assertEqual(sum(opened.mapped("amount_untaxed")), 40000)
        self._answer(fact)
        self._look()
        self.assertEqual(fact.state, "answered")
        self._state_out(4000)
        self.assertEqual(self._fact("stated"), fact)
        self.assertEqual(fact.amount, 44000)

    def test_not_digital_from_one_family_to_another(self):
        self._state_out(20000)
        self._state_out(20000, product=self._new_hosting())
        fact = self._fact("stated")
        self.assertEqual((fact.res_model, fact.amount), ("res.partner", 40000))

    # === REQUESTS FOR QUOTATIONS === #

    def _ask(self, price, **vals):
        order = self._new_order(price=price, **vals)
        order.state = "sent"
        return order

    def test_offers_asked_for_before_the_launch(self):
        file = self._new_file(
            requisition_type="purchase_template",
            price=200000.0,
            amount_estimated=200000.0,
            amount_estimated_known=True,
        )
        order = self._ask(150000.0, need_id=file.id)
        self._ask(150000.0, need_id=file.id, partner_id=self.other_vendor.id)
        fact = self._fact("sent")
        self.assertEqual((fact.res_model, fact.res_id), (file._name, file.id))
        self.assertEqual(fact.amount, 200000)
        file.need_order_ids.is_sourcing = True
        self.assertFalse(self._fact("sent"))
        order.is_sourcing = False
        self.assertEqual(self._fact("sent"), fact)

    def test_offers_asked_for_without_a_file(self):
        order = self._ask(60000.0)
        self.assertEqual(self._fact("sent", order).amount, 60000)
        self.assertFalse(self._fact("sent", self._ask(59999.0)))
        self.assertFalse(self._fact("sent", self._ask(90000.0, product=self.chair)))

    def test_a_launched_need_asks_for_offers(self):
        file = self._launched_file()
        self._ask(400000.0, need_id=file.id)
        self.assertFalse(self._fact("sent"))

    # === IDENTITY === #

    def test_vendor_renamed_since(self):
        vendor = self.env["res.partner"].create({"name": "Holder", "is_company": True})
        self._small_order(30000.0, partner_id=vendor.id)
        self.assertFalse(self._fact("identity", vendor))
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.button_confirm()
        self.env.cr.precommit.run()
        self._by_sql(self.vendor, name="EVIL Ltd", complete_name="EVIL Ltd")
        self.assertEqual(self._fact("identity", self.vendor).amount, 1000)

    def _trail(self, **vals):
        self.vendor.write(vals)
        self.vendor.flush_recordset()
        self.env.cr.precommit.run()

    def test_vendor_whose_trail_says_it_changed(self):
        order = self._small_order(30000.0)
        order.date_approve = fields.Datetime.now() - timedelta(days=3)
        self.env.cr.precommit.run()
        self._trail(phone="+33 1 00 00 00 00", vat="FR40303265045")
        self.assertFalse(self._fact("identity", self.vendor), "filled in, not changed")
        name = self.vendor.name
        self._trail(name="EVIL Ltd")
        fact = self._fact("identity", self.vendor)
        self.assertEqual(fact.amount, 30000)
        self._trail(name=name)
        self._look()
        self.assertEqual(fact.state, "gone")

    def test_stranger_made_a_contact_of_the_vendor(self):
        order = self._small_order(30000.0)
        order.date_approve = fields.Datetime.now() - timedelta(days=3)
        self.env.cr.precommit.run()
        self._trail(parent_id=self.other_vendor.id)
        fact = self._fact("identity", self.other_vendor)
        self.assertEqual(fact.amount, 30000)

    # === TO-DOS === #

    def test_a_deleted_to_do_comes_back_as_a_fact(self):
        self._small_order(25000.0)
        self._small_order(25000.0)
        self._new_order(price=20000.0, **LIGHT)
        needs = self.env["souverainete.light.need"].search([("code", "=", "4851")])
        self.assertTrue(needs.activity_ids)
        self._small_order(9000.0)
        self.assertFalse(self._fact("to_do", needs))
        self._delete_to_dos(needs)
        self.assertEqual(self._fact("to_do", needs).amount, 59000)

    def _delete_to_dos(self, records):
        """By SQL: nobody deletes them in Odoo."""
        self._execute(
            "DELETE FROM mail_activity WHERE id = ANY(%s)", [records.activity_ids.ids]
        )

    # === THE LIFE OF EACH KIND === #

    def _check_life(self, fact, grow, mend):
        """Answered, it holds; it is asked again when it grows, and goes when mended."""
        self.assertEqual(fact.state, "to_answer", fact.kind)
        self._answer(fact)
        self._look()
        self.assertEqual(fact.state, "answered", fact.kind)
        amount = fact.amount
        grow()
        self._look()
        self.assertGreater(fact.amount, amount, fact.kind)
        self.assertEqual(fact.state, "to_answer", fact.kind)
        mend()
        self._look()
        self.assertEqual(fact.state, "gone", fact.kind)

    def test_life_of_what_was_confirmed_by_sql(self):
        order = self._new_order(price=700000.0)
        self._by_sql(order, state="purchase")
        self._check_life(
            self._fact("unjudged", order),
            lambda: self._by_sql(order.order_line, price_subtotal=800000),
            lambda: self._by_sql(order, state="draft"),
        )

    def test_life_of_a_bill(self):
        bill = self._bill([(self.software, 30000, None, "Licences")])
        self._check_life(
            self._fact("bill", bill),
            lambda: self._by_sql(bill.invoice_line_ids, balance=40000),
            lambda: bill.button_draft(),
        )

    def test_life_of_a_request_for_quotations(self):
        order = self._ask(60000.0)
        self._check_life(
            self._fact("sent", order),
            lambda: order.order_line.write({"price_unit": 90000}),
            lambda: order.button_cancel(),
        )

    def test_life_of_a_need_asked_for_before_its_launch(self):
        file = self._new_file(price=200000.0, requisition_type="purchase_template")
        self._ask(1000.0, need_id=file.id)
        self._check_life(
            self._fact("sent", file),
            lambda: file.line_ids.write({"price_unit": 300000}),
            lambda: self._by_sql(file, date_launch="2026-11-30"),
        )

    def test_life_of_statements(self):
        orders = self._state_out(20000)
        orders |= self._state_out(20000, product=self._new_hosting())
        self._check_life(
            self._fact("stated"),
            lambda: self._state_out(4000),
            lambda: orders.button_cancel(),
        )

    def test_life_of_digital_words(self):
        order = self._new_order(self.chair, 20000.0)
        order.with_user(self.purchase_manager).button_confirm()
        self._rename_lines(order, "Abonnement au logiciel")
        self._check_life(
            self._fact("words", order),
            lambda: self._by_sql(
                order.order_line, price_unit=30000, price_subtotal=30000
            ),
            lambda: self._rename_lines(order, "Chaises"),
        )

    def test_life_of_a_stale_scope(self):
        order = self._small_order(50000.0)
        self._by_sql(order, scope_status="out", is_digital=False)
        self._check_life(
            self._fact("scope", order),
            lambda: self._by_sql(order.order_line, price_unit=60000),
            lambda: self._by_sql(order, scope_status="in", is_digital=True),
        )

    def test_life_of_a_deleted_to_do(self):
        self._small_order(29000.0)
        self._small_order(29000.0)
        self._new_order(price=20000.0, **LIGHT)
        need = self.env["souverainete.light.need"].search([("code", "=", "4851")])
        self._delete_to_dos(need)
        self._check_life(
            self._fact("to_do", need),
            lambda: self._small_order(1000.0),
            lambda: need.activity_schedule("mail.mail_activity_data_warning"),
        )

    def test_a_file_whose_lapse_nobody_is_told(self):
        file = self._confirmed_file()
        file._record_compliance("lapsed")
        self.assertFalse(self._fact("to_do", file))
        file.activity_ids.unlink()
        self.assertTrue(self._fact("to_do", file))

    def test_life_of_an_agreement_with_a_stale_scope(self):
        file = self._confirmed_file()
        self._by_sql(file, scope_status="out", is_digital=False)
        self._check_life(
            self._fact("scope", file),
            lambda: self._by_sql(file.line_ids, price_unit=900000),
            lambda: self._by_sql(file, scope_status="in", is_digital=True),
        )

    # === QUERIES === #

    def test_queries_do_not_grow_with_the_orders(self):
        self._small_order(1000.0).order_line.qty_received = 50
        self._look()
        few = self._count()
        for _n in range(6):
            order = self._small_order(500.0)
            order.order_line.qty_received = 60
            self._bill([(self.software, 5000, None, "Licences")])
            self._by_sql(self._new_order(price=70000.0), state="purchase")
        self.assertEqual(self._count(), few)
        self.assertGreater(self.facts.search_count([]), 18)

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._look()
        return self.env.cr.sql_log_count - before
