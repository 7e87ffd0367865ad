"""Amendments: one that crosses the DINUM's threshold, and the ways round the gate."""

import base64
import hashlib
import json
from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import EMPTY, PDF, PDF_64
from ..project.test_opinion import OpinionCase
from .renewal_common import RenewalCase

_CUT_PDF = b"%PDF-1.4" + b" " * 400


@tagged("post_install", "-at_install")
class TestScenarioAmendment(RenewalCase, OpinionCase):
    """The project costs 8.9 M€ with tax: an amendment takes it to its threshold."""

    def setUp(self):
        super().setUp()
        self.file = self._launched_file(
            amount_max=500_000, amount_max_known=True, date_end=date(2028, 8, 31)
        )
        self.file.project_id.cost_line_ids.sudo().amount = 8_900_000
        self._retain_offer(self.file)
        self.file.action_confirm()

    def test_the_threshold_is_crossed_then_the_opinion_comes(self):
        amendment = self._amend(self.file, amount=100_000)
        self._assert_refused(
            "request the DINUM's opinion.*a compliance officer adds it there",
            lambda: amendment.action_sign(),
        )
        self.assertEqual(amendment.state, "draft")
        self.assertEqual(self.file.amount_max, 500_000)
        # The officer records what the project will cost, and the opinion comes.
        project = self.file.project_id
        line = {"name": "More users", "amount": 100_000}
        project.with_user(self.officer).write({"cost_line_ids": [Command.create(line)]})
        opinion = self._new_opinion(project)
        with self._refused("dinum_opinion"):
            amendment.action_sign()
        self._register(opinion)
        amendment.with_user(self.buyer).cost_included = True
        amendment.action_sign()
        self.assertEqual(amendment.state, "signed")
        self.assertEqual(self.file.amount_max, 600_000)
        self.assertAlmostEqual(amendment.share, 0.2)
        self.assertEqual(self.file.compliance_state, "compliant")

    def test_what_is_said_to_be_counted_fits_in_the_costs(self):
        amendment = self._amend(self.file, amount=8_500_000, cost_included=True)
        self._assert_refused("worth less", lambda: amendment.action_sign())
        self.assertEqual(amendment.state, "draft")

    def test_below_the_threshold_the_project_costs_more(self):
        self._amend(self.file, amount=10_000).action_sign()
        self.assertAlmostEqual(self.file.project_id.dinum_cost, 8_912_000)

    def test_shortening_and_lowering_are_never_refused(self):
        self.qualification.write({"date_end": "2026-11-30"})
        self._freeze(date(2026, 12, 1))
        self.file.sudo()._refresh_compliance()
        self.assertEqual(self.file.compliance_state, "lapsed")
        with self._refused("hosting_qualified"):
            self._amend(self.file, amount=1).action_sign()
        with self._refused("hosting_qualified"):
            self._amend(self.file, duration_months=1).action_sign()
        less = self._amend(self.file, amount=-100_000, duration_months=-12)
        less.action_sign()
        self.assertEqual(self.file.amount_max, 400_000)
        self.assertEqual(self.file.date_end, date(2027, 8, 31))
        with self._refused("envelope"):
            self.file.amount_max = 500_000


@tagged("post_install", "-at_install")
class TestAmendment(RenewalCase):
    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file(
            date_start=date(2026, 3, 1), date_end=date(2027, 2, 28)
        )

    def test_exactly_as_far_as_it_says(self):
        self._assert_refused(
            "Prepare an amendment",
            lambda: self.file.write({"date_end": date(2028, 2, 29)}),
        )
        amendment = self._amend(self.file, amount=20_000, duration_months=12)
        self.assertEqual(amendment.date_end_new, date(2028, 2, 29))
        self.assertEqual(amendment.number, 1)
        amendment.action_sign()
        self.assertEqual(self.file.date_end, date(2028, 2, 29))
        self.assertEqual(self.file.amount_max, 120_000)
        self.assertEqual(self.file.gate_envelope["amount"], 120_000)
        order = self._new_order(requisition_id=self.file.id, price=120_000)
        order.button_confirm()
        for vals in ({"amount_max": 120_001}, {"date_end": date(2028, 3, 1)}):
            with self._refused("envelope"):
                self.file.write(vals)

    def test_the_share_adds_up_over_the_initial_amount(self):
        first = self._amend(self.file, amount=20_000)
        first.action_sign()
        second = self._amend(self.file, amount=-10_000)
        second.action_sign()
        self.assertEqual(second.number, 2)
        self.assertAlmostEqual(first.share, 0.2)
        self.assertAlmostEqual(second.share, 0.1)

    def test_a_share_of_what_is_not_known_is_not_known(self):
        file = self._prior(line_ids=[], cpv_code="48000000")
        amendment = self._amend(file)
        amendment.action_sign()
        self.assertFalse(amendment.share_known)

    def test_products_added_can_be_ordered(self):
        product = self.env["product.product"].create(
            {"name": "Recording", "cpv_code": "48515000"}
        )
        line = {"product_id": product.id, "product_qty": 1, "price_unit": 5_000}
        order = self._new_order(product, 5_000, requisition_id=self.file.id)
        with self._refused("order_envelope"):
            order.button_confirm()
        amendment = self._amend(
            self.file, amount=5_000, line_ids=[Command.create(line)]
        )
        amendment.action_sign()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a_new_holder_is_judged_on_what_it_brings(self):
        amendment = self._amend(
            self.file, ground="holder", vendor_id=self.other_vendor.id
        )
        with self._refused("hosting_qualified"):
            # Qualified for another company: it proves nothing of this one.
            self.file.option_ids.component_ids.sudo().partner_id = self.other_vendor
            amendment.action_sign()
        amendment.action_sign()
        self.assertEqual(self.file.vendor_id, self.other_vendor)
        order = self._new_order(
            requisition_id=self.file.id, price=1_000, partner_id=self.other_vendor.id
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_periods_stay_where_they_were(self):
        self.file.write(
            {
                "reconduction_kind": "tacit",
                "reconduction_count": 1,
                "reconduction_months": 3,
            }
        )
        self.assertEqual(self.file.date_firm_end, date(2026, 11, 30))
        self._amend(self.file, duration_months=6).action_sign()
        self.assertEqual(self.file.date_firm_end, date(2026, 11, 30))
        self.assertEqual(self.file._get_last_end(), date(2027, 8, 31))

    def test_a_contract_of_before_is_asked_everything(self):
        file = self._prior(date_end=date(2027, 2, 28))
        codes = {*EMPTY, "characterisation"} - {"launched"}
        with self._refused(*codes) as refused:
            self._amend(file, amount=1_000).action_sign()
        self.assertIn("Search the catalogue", str(refused.exception))
        self.assertNotIn("was not launched", str(refused.exception))
        self._amend(file, duration_months=-1).action_sign()
        self.assertEqual(file.date_end, date(2027, 1, 31))
        self.assertTrue(file.is_prior)

    def test_a_contract_of_before_once_everything_is_answered(self):
        file = self._prior(date_end=date(2027, 2, 28))
        self._state_need(file)
        option = self._study(file)
        self._answer_data_questions(file)
        self._declare_project(file)
        component = {
            "name": "Réunions souveraines",
            "partner_id": self.vendor.id,
            "hosting": "commercial_cloud",
            "qualification_id": self.qualification.id,
        }
        option.component_ids = [Command.create(component)]
        self._amend(file, amount=1_000, duration_months=6).action_sign()
        self.assertEqual(file.date_end, date(2027, 8, 31))
        self.assertEqual(file.amount_max, 101_000)
        self.assertTrue(file.is_prior)

    def test_what_ended_is_renewed_not_extended(self):
        self._freeze(date(2027, 3, 1))
        self._assert_refused(
            "Renew", lambda: self._amend(self.file, duration_months=1).action_sign()
        )

    def test_what_ended_takes_no_product_and_no_holder(self):
        self._freeze(date(2029, 3, 1))
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 1}
        for vals in (
            {"vendor_id": self.other_vendor.id, "ground": "holder"},
            {"line_ids": [Command.create(line)]},
        ):
            amendment = self._amend(self.file, **vals)
            self._assert_refused("Renew", amendment.action_sign)

    def test_nothing_is_left_of_a_ceiling_of_zero(self):
        whole = self.file._get_ceiling().value
        amendment = self._amend(self.file, amount=-whole)
        self._assert_refused("close it instead", lambda: amendment.action_sign())

    def test_extensions_are_counted_from_what_was_signed(self):
        """A draft puts nothing off."""
        end = self.file.date_end
        self._amend(self.file, duration_months=6)
        self.assertEqual(self.file._get_base_end(self.file.date_end), end)

    def test_an_unknown_amount_is_not_zero(self):
        amendment = self._amend(self.file, amount_known=False)
        self._assert_refused("Amount", lambda: amendment.action_sign())

    def test_the_need_of_several_agreements_follows(self):
        need = self._new_file(requisition_type="purchase_template", vendor_id=False)
        self._prepare_launch(need)
        need.action_launch()
        self._receive_offers(need)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        agreement.action_confirm()
        self._amend(agreement, amount=100_000).action_sign()
        self.assertEqual(need.amount_estimated, 500_000)
        self._amend(agreement, amount=350_000).action_sign()
        self.assertEqual(need.amount_estimated, 550_000)

    # === WAYS ROUND === #

    def test_signed_it_is_neither_rewritten_nor_deleted(self):
        amendment = self._amend(self.file, amount=1_000)
        amendment.action_sign()
        line = {"product_id": self.software.id, "price_unit": 1}
        signed = "is signed: it is not rewritten"
        late = {"date_end_new": "2030-01-01"}
        lines = {"line_ids": [Command.create(line)]}
        own = {**line, "amendment_id": amendment.id}
        for words, attempt in (
            ("is already signed", lambda: amendment.action_sign()),
            (signed, lambda: amendment.write({"amount": 9_000})),
            (signed, lambda: amendment.sudo().write(late)),
            (signed, lambda: amendment.write(lines)),
            (signed, lambda: amendment.line_ids.create([own])),
            ("is never deleted", lambda: amendment.unlink()),
            ("is never deleted", lambda: amendment.sudo().unlink()),
        ):
            with self._refused_as(words):
                attempt()
        self.assertEqual(self.file.amount_max, 101_000)

    @mute_logger("pypdf._reader")
    def test_it_says_why_and_shows_what_was_signed(self):
        """With neither a reason nor a document nobody knows later what was signed."""
        for words, vals in (
            ("Give before signing: Reasons", {"ground_reason": " "}),
            ("Give before signing: Document", {"document": False}),
            ("no document that can be read", {"document": "YQ=="}),
            ("without a page", {"document": base64.b64encode(_CUT_PDF)}),
        ):
            with self.subTest(words):
                amendment = self._amend(self.file, **vals)
                with self.assertRaisesRegex(UserError, words):
                    amendment.action_sign()
        amendment = self._amend(self.file)
        amendment.action_sign()
        self.env.cr.precommit.run()
        entry = json.loads(self.file.sudo().journal_ids.sorted("id")[-1].payload)
        self.assertEqual(entry["document_sha256"], hashlib.sha256(PDF).hexdigest())
        with self.assertRaisesRegex(UserError, "Prepare another one"):
            amendment.write({"document": PDF_64})

    def test_no_client_signs_by_writing(self):
        amendment = self._amend(self.file)
        for vals in (
            {"state": "signed"},
            {"number": 7},
            {"share": 0.0},
            {"amount_before": 1},
            {"signed_by_id": self.officer.id},
        ):
            for door in (amendment, amendment.sudo()):
                with self.assertRaises(AccessError, msg=str(vals)):
                    door.write(vals)
        with self.assertRaises(AccessError):
            self._amend(self.file, state="signed")
        forged = amendment.with_context(default_state="signed")
        vals = {"requisition_id": self.file.id, "name": "Forged"}
        self.assertEqual(forged.create(vals).state, "draft")

    def test_it_keeps_its_agreement_and_only_runs_on_what_runs(self):
        amendment = self._amend(self.file)
        with self.assertRaisesRegex(UserError, "amendment keeps its agreement"):
            amendment.requisition_id = self._confirmed_file()
        with self.assertRaisesRegex(ValidationError, "what was signed is amended"):
            self._amend(self._new_file())
        self.file.action_done()
        with self.assertRaisesRegex(UserError, "does not run any more"):
            amendment.action_sign()

    def test_deadlines_are_written_by_the_server(self):
        for vals in (
            {"date_next_decision": "2030-01-01"},
            {"deadline_state": "prepared"},
            {"deadline_day": "2030-01-01"},
            {"host_ids": [Command.clear()]},
        ):
            for door in (self.file, self.file.sudo()):
                with self.assertRaises(AccessError, msg=str(vals)):
                    door.write(vals)

    def test_readers_sign_nothing(self):
        amendment = self._amend(self.file)
        with self.assertRaises(AccessError):
            amendment.with_user(self.dae).action_sign()


@tagged("post_install", "-at_install")
class TestCaseOfModification(RenewalCase):
    """How far each case goes, over 100 000 € at first, and who signs."""

    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()

    def _beyond(self, ground, amount):
        return self._amend(self.file, ground=ground, amount=amount).bounds_gap or ""

    def _told(self, amendment):
        activities = self.env["mail.activity"].sudo()
        domain = [("res_model", "=", amendment._name), ("res_id", "=", amendment.id)]
        return activities.search([*domain, ("told_fact", "!=", False)])

    def test_percentages(self):
        for ground, amount, beyond in (
            ("provided", 500_000, False),
            ("insubstantial", 500_000, False),
            ("additional", 50_000, False),
            ("additional", 50_001, True),
            ("unforeseen", 50_000, False),
            ("unforeseen", 50_001, True),
            ("small", 10_000, False),
            ("small", 10_001, True),
            ("small", -90_000, False),
        ):
            with self.subTest(ground=ground, amount=amount):
                self.assertEqual(bool(self._beyond(ground, amount)), beyond)

    def test_each_or_cumulated(self):
        """50 % for each modification; 10 % for all the small ones together."""
        self._amend(self.file, ground="additional", amount=40_000).action_sign()
        self.assertFalse(self._beyond("additional", 40_000))
        self._amend(self.file, ground="small", amount=6_000).action_sign()
        self.assertIn("12.0 %", self._beyond("small", 6_000))
        last = self._amend(self.file, ground="additional", amount=4_000)
        self.assertTrue(last.share_label.startswith("50.0 % of"))

    def test_a_small_amount_stays_below_the_european_threshold(self):
        file = self._confirmed_file(amount_max=2_000_000, amount_max_known=True)
        file.project_id.cost_line_ids.sudo().amount = 3_000_000
        amendment = self._amend(file, ground="small", amount=140_000)
        self.assertIn("this case stays below", amendment.bounds_gap)
        amendment = self._amend(file, ground="small", amount=139_999)
        self.assertFalse(amendment.bounds_gap)

    def test_what_was_not_read_warns_and_tells(self):
        amendment = self._amend(self.file, ground="small", amount=20_000)
        amendment.action_sign()
        self.assertEqual(amendment.state, "signed")
        self.assertEqual(self._told(amendment).user_id, self.officer | self.officer2)
        self.env.cr.precommit.run()
        entry = json.loads(self.file.sudo().journal_ids.sorted("id")[-1].payload)
        self.assertIn("20.0 %", entry["beyond"][0])

    def test_what_was_read_refuses(self):
        ratio = self.env.ref("souverainete_achat.ratio_amendment_small")
        ratio.sudo().certainty = "primary"
        amendment = self._amend(self.file, ground="small", amount=20_000)
        self._assert_refused("where this case goes to 10 %", amendment.action_sign)

    def test_a_ministry_lowers_a_percentage(self):
        ratio = self.env.ref("souverainete_achat.ratio_amendment_small")
        versions = self.env["souverainete.ratio"].with_user(self.referent)
        vals = {"name": "Ours", "kind": ratio.kind, "company_id": self.company.id}
        self.assertTrue(versions.create({**vals, "percent": 5}))
        for percent in (0, 11):
            with self.assertRaisesRegex(ValidationError, "may lower the percentage"):
                versions.create({**vals, "percent": percent})

    def test_two_people_sign_above_an_amount(self):
        amendment = self._amend(self.file, amount=25_000)
        self._assert_refused("Four eyes", amendment.with_user(self.buyer).action_sign)
        self.assertTrue(amendment.takes_two)
        amendment.action_sign()
        self.assertEqual(amendment.signed_by_id, self.purchase_manager)

    def test_small_amendments_add_up_to_two_people(self):
        self._amend(self.file, amount=15_000).with_user(self.buyer).action_sign()
        second = self._amend(self.file, amount=10_000)
        self._assert_refused("Four eyes", second.with_user(self.buyer).action_sign)

    def test_a_line_makes_its_writer_an_author(self):
        amendment = self._amend(self.file, amount=30_000)
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 1}
        amendment.line_ids = [Command.create(line)]
        self._assert_refused("Four eyes", amendment.action_sign)

    def test_a_new_holder_takes_two_people(self):
        amendment = self._amend(
            self.file, ground="holder", vendor_id=self.other_vendor.id
        )
        self._assert_refused("Four eyes", amendment.with_user(self.buyer).action_sign)

    def test_the_to_do_is_the_officers(self):
        amendment = self._amend(self.file, ground="small", amount=20_000)
        amendment.action_sign()
        told = self._told(amendment)
        for door in (told.with_user(self.buyer), told.with_user(self.buyer).sudo()):
            for attempt in (
                door.unlink,
                door.action_feedback,
                lambda d=door: d.write({"user_id": self.buyer.id}),
                lambda d=door: d.write({"active": False}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        own = told.filtered(lambda activity: activity.user_id == self.officer)
        own.with_user(self.officer).action_feedback()
        self.assertEqual(told.exists(), own)
        self.assertFalse(own.active)
