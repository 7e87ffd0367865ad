"""Files amended, moved, archived or reopened to get past what was judged."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import EMPTY, PDF, SIGNED
from ..flow import FlowCase


class AuditCase(FlowCase):
    def _prove_hosting(self, need):
        """What an unpublished purchase retains is its study: say where it is hosted."""
        retained = need.option_ids.filtered(lambda o: o.verdict == "retained")
        retained.component_ids = [
            Command.create(
                {
                    "name": "Réunions souveraines",
                    "partner_id": self.vendor.id,
                    "role": "host",
                    "hosting": "commercial_cloud",
                    "qualification_id": self.qualification.id,
                }
            )
        ]

    def _as_manager(self, record):
        return record.with_user(self.purchase_manager)

    def _assert_refused(self, expected, record, vals):
        with self.subTest(vals=vals), self._refused_as(expected):
            self._as_manager(record).write(vals)
            self.env.flush_all()
        self.env.invalidate_all()

    def _refuse_order(self, *codes, **vals):
        order = self._new_order(**vals)
        with self._refused(*codes, msg=str(vals)):
            self._as_manager(order).button_confirm()
        return order


@tagged("post_install", "-at_install")
class TestPrior(AuditCase):
    """A contract signed before the rules runs to its end, and no further."""

    def setUp(self):
        super().setUp()
        self.file = self._new_file(date_start="2020-01-01", date_end="2030-01-01")
        self._take_over(self.file)

    def _take_over(self, file):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file.with_user(self.officer)._take_over(document, "signed in 2020", SIGNED)

    def test_amended(self):
        other = self.env["product.product"].create(
            {"name": "Another software", "cpv_code": "48000000"}
        )
        line = self.file.line_ids
        for vals in (
            {"date_end": "2099-12-31"},
            {"date_end": False},
            {"vendor_id": self.other_vendor.id},
            {"holder_ids": [Command.link(self.other_vendor.id)]},
            {"amount_max": 9e6, "amount_max_known": True},
            {"line_ids": [Command.update(line.id, {"price_unit": 9e6})]},
            {"line_ids": [Command.update(line.id, {"product_id": other.id})]},
        ):
            self._assert_refused({"envelope"}, self.file, vals)

    def test_shortened(self):
        self._as_manager(self.file).date_end = "2029-01-01"
        self._assert_refused({"envelope"}, self.file, {"date_end": "2031-01-01"})

    def test_cancelled_raised_and_confirmed_again(self):
        file = self._as_manager(self.file)
        file.action_cancel()
        file.line_ids.price_unit = 9e6
        with self._refused(*EMPTY, "project"):
            file.write({"state": "confirmed"})
        file.action_draft()
        with self._refused(*EMPTY, "project"):
            file.action_confirm()

    def test_closed_raised_and_confirmed_again(self):
        file = self._as_manager(self.file)
        file.action_done()
        self._assert_refused({"envelope"}, file.line_ids, {"price_unit": 9e6})
        self._assert_refused({"envelope"}, file, {"date_end": "2099-12-31"})

    def test_reopened_contract_is_taken_over_again(self):
        """The way out of a mistake: an officer takes it over once more."""
        file = self._as_manager(self.file)
        file.action_cancel()
        file.action_draft()
        self.assertFalse(file.is_prior)
        self._take_over(self.file)
        order = self._new_order(requisition_id=self.file.id, price=100)
        self._as_manager(order).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_order_to_a_vendor_added_since(self):
        self._refuse_order(
            "order_envelope",
            requisition_id=self.file.id,
            partner_id=self.other_vendor.id,
            price=10,
        )

    def test_unknown_holder_is_learnt_once(self):
        file = self._new_file(vendor_id=False)
        self._take_over(file)
        self._as_manager(file).vendor_id = self.vendor
        self._assert_refused({"envelope"}, file, {"vendor_id": self.other_vendor.id})
        self._assert_refused(
            {"envelope"}, file, {"holder_ids": [Command.link(self.other_vendor.id)]}
        )

    def test_umbrella(self):
        self._assert_refused({"envelope"}, self.file, {"is_umbrella": True})


@tagged("post_install", "-at_install")
class TestSignedFile(AuditCase):
    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file(date_start="2020-01-01", date_end="2030-01-01")

    def test_end_date(self):
        self._assert_refused({"envelope"}, self.file, {"date_end": "2099-12-31"})
        self._assert_refused({"envelope"}, self.file, {"date_end": False})
        self._as_manager(self.file).date_end = "2029-12-31"
        self.env.flush_all()
        self.assertEqual(self.file.date_end, date(2029, 12, 31))

    def test_umbrella_after_signature(self):
        self._assert_refused(
            {"envelope", "umbrella_clauses"}, self.file, {"is_umbrella": True}
        )

    def test_holder_added(self):
        self._assert_refused(
            {"award_option", "envelope"},
            self.file,
            {"holder_ids": [Command.link(self.other_vendor.id)]},
        )

    def test_need_replaced(self):
        other = self._launched_file()
        self._retain_offer(other)
        self._assert_refused({"envelope"}, self.file, {"need_id": other.id})
        self._as_manager(self.file).need_id = False
        self.assertEqual(self.file.need_id, self.file)

    def test_reopened_after_cancelling(self):
        file = self._as_manager(self.file)
        file.action_cancel()
        file.line_ids.price_unit = 9e6
        with self._refused("project_cost"):
            file.write({"state": "confirmed"})
        self.assertEqual(file.state, "cancel")

    def test_confirmed_order_of_a_closed_file_is_lowered(self):
        """Closing the file does not freeze what was ordered before."""
        order = self._new_order(requisition_id=self.file.id, price=1000)
        self._as_manager(order).button_confirm()
        self._as_manager(self.file).action_done()
        line = self._as_manager(order.order_line)
        line.price_unit = 500
        self.env.flush_all()
        with self._refused("order_open"):
            line.price_unit = 600
            self.env.flush_all()

    def test_order_moved_to_a_forged_need(self):
        """The need of an order under an agreement is the agreement's."""
        need = self._new_file(requisition_type="purchase_template")
        order = self._new_order(requisition_id=self.file.id, price=1000)
        order.need_id = need
        with self._refused("order_need"):
            self._as_manager(order).button_confirm()


@tagged("post_install", "-at_install")
class TestSharedNeed(AuditCase):
    """One need, several agreements."""

    def setUp(self):
        super().setUp()
        self.need = self._launched_file(
            requisition_type="purchase_template", price=100000
        )
        self._retain_offer(self.need)
        self.need.write({"amount_estimated": 100000})

    def _agreement(self, price=100000, **vals):
        return self._new_file(need_id=self.need.id, price=price, **vals)

    def test_archived_agreement_still_counts(self):
        first = self._agreement()
        first.action_confirm()
        first.active = False
        with self._refused("need_covers"):
            self._agreement().action_confirm()

    def test_orders_whose_need_was_emptied_still_count(self):
        first = self._agreement()
        first.action_confirm()
        order = self._new_order(requisition_id=first.id, price=100000)
        self._as_manager(order).button_confirm()
        with self._refused("order_need"):
            self._as_manager(order).write({"need_id": False})
            self.env.flush_all()
        self.env.invalidate_all()
        self._refuse_order("order_envelope", need_id=self.need.id, price=90000)

    def test_agreement_and_direct_orders_share_the_need(self):
        direct = self._new_order(need_id=self.need.id, price=100000)
        self._as_manager(direct).button_confirm()
        self.assertEqual(direct.state, "purchase")
        agreement = self._agreement()
        agreement.action_confirm()
        self._refuse_order("order_envelope", requisition_id=agreement.id, price=100000)

    def test_need_moved_under_another(self):
        agreement = self._agreement()
        agreement.action_confirm()
        other = self._launched_file(requisition_type="purchase_template")
        self._assert_refused(
            "carries the need of other", self.need, {"need_id": other.id}
        )

    def test_vendor_retained_in_the_study_only(self):
        """Once there are offers, the study no longer names a vendor to sign with."""
        file = self._new_file()
        self._prepare_launch(file)
        file.option_ids.filtered(lambda o: o.verdict == "retained").write(
            {"partner_id": self.other_vendor.id}
        )
        file.action_launch()
        self._receive_offers(file)
        file.vendor_id = self.other_vendor
        with self._refused("award_option"):
            file.action_confirm()

    def test_second_holder_without_an_offer(self):
        agreement = self._agreement()
        agreement.holder_ids = self.vendor | self.other_vendor
        with self._refused("award_option"):
            agreement.action_confirm()

    def test_unpublished_need_is_launched_by_its_agreement(self):
        """What an agreement was signed on is frozen, whoever carries the need."""
        need = self._new_file(
            requisition_type="purchase_template", purchase_route="no_competition"
        )
        self._prepare_launch(need)
        need.purchase_route = "no_competition"
        self._prove_hosting(need)
        agreement = self._new_file(
            need_id=need.id, purchase_route="no_competition", price=1000
        )
        agreement.action_confirm()
        self.assertTrue(need.date_launch)
        self._assert_refused(
            "data answers and weights", need, {"sovereignty_statement": "Rewritten"}
        )


@tagged("post_install", "-at_install")
class TestUmbrella(AuditCase):
    """Each order under an umbrella is checked on its own need."""

    def setUp(self):
        super().setUp()
        self.file = self._new_file(
            is_umbrella=True, purchase_route="central_body", price=1000000
        )
        self._state_need(self.file)
        self.file.purchase_route = "central_body"
        self._answer_data_questions(self.file)
        self._declare_project(self.file, amount=2000000)
        self.file.data_breach_harm = "no"
        self.file.action_add_clauses()
        self.file.action_confirm()

    def _need(self):
        need = self._new_file(
            price=100000, requisition_type="purchase_template", vendor_id=False
        )
        self._prepare_launch(need)
        need.purchase_route = "central_body"
        return need

    def test_order_with_an_empty_need(self):
        need = self._new_file(requisition_type="purchase_template")
        missing = {*EMPTY, "order_open", "order_option"} - {"award_option"}
        self._refuse_order(
            *missing, requisition_id=self.file.id, need_id=need.id, price=50000
        )

    def test_order_with_a_complete_need_of_another_amount(self):
        need = self._need()
        self._prove_hosting(need)
        self._refuse_order(
            "order_envelope", requisition_id=self.file.id, need_id=need.id, price=900000
        )

    def test_order_with_its_own_need(self):
        need = self._need()
        self._prove_hosting(need)
        order = self._new_order(
            requisition_id=self.file.id, need_id=need.id, price=50000
        )
        self._as_manager(order).button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertTrue(need.date_launch)

    def test_need_created_from_the_order(self):
        """The way out: the order under an umbrella makes its own need."""
        order = self._new_order(requisition_id=self.file.id, price=50000)
        self.assertTrue(order.gate_needs_file)
        order.action_create_file()
        need = order.need_id
        self.assertNotEqual(need, self.file.need_id)
        self.assertFalse(order.gate_needs_file)
        self._prepare_launch(need)
        need.write({"purchase_route": "call_off", "amount_estimated": 50000})
        self._prove_hosting(need)
        self._as_manager(order).option_id = need.option_ids.filtered(
            lambda o: o.verdict == "retained"
        )
        self._as_manager(order).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_order_with_the_need_of_another_ministry(self):
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        need = self._need()
        self._prove_hosting(need)
        need.sudo().project_id = False
        # No road leads there any more: a file with a journal keeps its ministry.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_requisition SET company_id = %s WHERE id = %s",
            [other.id, need.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(AccessError, "not one you may read"):
            self._new_order(requisition_id=self.file.id, need_id=need.id)
        # Who works for both may link it, and orders nothing under it.
        for user in (self.buyer, self.purchase_manager):
            user.sudo().company_ids += other
        self._refuse_order(
            "order_envelope",
            requisition_id=self.file.id,
            need_id=need.id,
            price=50000,
        )

    def test_umbrella_order_to_another_vendor(self):
        need = self._need()
        self._prove_hosting(need)
        self._refuse_order(
            "order_envelope",
            "order_option",
            requisition_id=self.file.id,
            need_id=need.id,
            partner_id=self.other_vendor.id,
            price=50000,
        )


@tagged("post_install", "-at_install")
class TestNatureAndRoute(AuditCase):
    def test_cloud_without_a_cloud_service(self):
        file = self._new_file(purchase_nature="cloud", has_cloud="no")
        self.assertIn("cloud_contradiction", self._codes(file, "launch"))

    def test_light_file_looks_for_a_mutualised_solution(self):
        """Three questions are asked of a light order; a file does not skip them."""
        need = self._new_file(
            price=20000, has_cloud="no", purchase_route="no_competition"
        )
        self.assertEqual(need.circuit, "light")
        with self._refused("mutualisation_search"):
            need.action_confirm()
        need._run_search("visioconférence")
        need.action_confirm()
        self.assertEqual(need.state, "confirmed")
        self.assertTrue(need.gate_passed_on)

    def test_project_declared_cheaper_than_its_files(self):
        file = self._new_file(price=9e6)
        self._prepare_launch(file, amount=1000)
        file.amount_estimated = 9e6
        self.assertIn("project_cost", self._codes(file, "launch"))

    def test_project_made_cheaper_after_an_unfavourable_opinion(self):
        file = self._new_file(price=10e6)
        self._prepare_launch(file, amount=12e6)
        file.amount_estimated = 10e6
        self.assertIn("dinum_opinion", self._codes(file, "launch"))
        file.project_id.cost_line_ids.amount = 1000
        with self._refused("project_cost"):
            file.action_launch()
