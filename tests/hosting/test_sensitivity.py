"""The questionnaire: the data owner answers, an officer signs, and nobody else."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase
from ..flow import FlowCase
from .hosting_common import DAY, HostingCase

_ANSWERS = {
    "data_protected_secret": "yes",
    "data_essential_mission": "no",
    "data_breach_harm": "yes",
}
_REASONS = {f"{name}_reason": "Said by who owns the data" for name in _ANSWERS}


class GuidedCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._new_user("owner", "base.group_user")
        cls.clerk = cls._new_user("clerk", "base.group_user")
        cls.file = cls._new_file(has_cloud="yes", data_owner_id=cls.owner.id)

    def _ask(self):
        self.file.action_ask_data_owner()
        return self.file.sudo().data_questionnaire_ids

    def _answer(self, test, **vals):
        mine = test.with_user(self.owner)
        mine.write({**_ANSWERS, **_REASONS, **vals})
        mine.action_answer()

    def _signed(self):
        test = self._ask()
        self._answer(test)
        test.with_user(self.officer).action_sign()
        return test

    def _is_told(self):
        findings = self.file._findings("launch")
        return "data_signed" in {f.rule.code for f in findings}


@tagged("post_install", "-at_install")
class TestGuided(GuidedCase):
    def test_who_never_saw_a_purchase_answers_alone(self):
        test = self._ask()
        mine = self.env["souverainete.data.questionnaire"].with_user(self.owner)
        self.assertEqual(mine.search([]), test)
        self.assertEqual(test.activity_ids.user_id, self.owner)
        with self.assertRaises(AccessError):
            self.file.with_user(self.owner).read(["name"])
        mine.browse(test.id).web_read({"need_effect": {}, "data_method_text": {}})
        self._answer(test)
        self.assertEqual(self.file.data_sensitivity, "sensitive")
        self.assertEqual(test.data_breach_harm_by_id, self.owner)
        self.assertTrue(test.data_breach_harm_on)
        self.assertEqual(self.file.data_questionnaire_state, "answered")

    def test_then_an_officer_signs(self):
        self.assertTrue(self._is_told())
        test = self._ask()
        self._answer(test)
        self.assertTrue(self._is_told())
        test.with_user(self.officer).action_sign()
        self.assertFalse(self._is_told())
        self.assertEqual(test.signed_by_id, self.officer)
        self.file._journal_flush()
        events = self.file.sudo().journal_ids.mapped("event")
        self.assertEqual(events.count("data_questionnaire"), 2)

    def test_the_signature_is_a_warning_a_ministry_may_harden(self):
        self.assertNotIn("data_signed", self._codes(self.file, "launch"))
        self.env.ref(f"{ADDON}.rule_data_signed").severity = "blocking"
        self.assertIn("data_signed", self._codes(self.file, "launch"))

    def test_each_answer_has_its_reason(self):
        test = self._ask()
        for vals in (
            {"data_breach_harm_reason": "  "},
            {"data_breach_harm": "unknown"},
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "filled in"):
                self._answer(test, **vals)

    def questionnaire_texts_say_their_certainty(self):
        shown = self._ask().with_user(self.owner).data_protected_secret_text
        self.assertIn("not the promulgated article", shown)
        self.assertIn("Unverified", shown)
        method = self.file.data_method_text
        self.assertIn("HDS", method)
        self.assertIn("Not enough by itself", method)

    def test_the_answers_the_owner_gave_leave_with_the_consultation(self):
        file = self.file
        self._prepare_launch(file)
        file.data_owner_id = self.owner
        test = self._signed()
        file.action_launch()
        with self.assertRaisesRegex(UserError, "answers on its data left"):
            test.with_user(self.owner).data_breach_harm_reason = "Rewritten"
        with self.assertRaisesRegex(ValidationError, "data answers and weights"):
            file.data_owner_id = self.officer2

    def test_it_may_be_signed_after_the_launch(self):
        file = self.file
        self._prepare_launch(file)
        file.data_owner_id = self.owner
        test = self._ask()
        self._answer(test)
        file.action_launch()
        test.with_user(self.officer).action_sign()
        self.assertEqual(file.data_questionnaire_state, "signed")


@tagged("post_install", "-at_install")
class TestRoundTheOwner(GuidedCase):
    def test_nobody_answers_for_the_owner(self):
        test = self._ask()
        for user in (self.buyer, self.purchase_manager, self.officer, self.clerk):
            with self.subTest(user.login):
                for record in (test.with_user(user), test.with_user(user).sudo()):
                    with self.assertRaises(AccessError):
                        record.data_breach_harm = "no"
                    with self.assertRaises(AccessError):
                        record.action_answer()

    def test_what_the_server_writes_is_refused_to_all(self):
        test = self._ask()
        for vals in (
            {"state": "signed"},
            {"owner_id": self.owner.id},
            {"signed_by_id": self.officer.id},
            {"data_breach_harm_by_id": self.owner.id},
        ):
            for user in (self.owner, self.officer, self.buyer):
                with self.subTest(vals=vals, user=user.login):
                    with self.assertRaises(AccessError):
                        test.with_user(user).write(vals)
                    with self.assertRaises(AccessError):
                        test.with_user(user).sudo().write(vals)

    def test_nobody_creates_a_test(self):
        vals = {"requisition_id": self.file.id, "owner_id": self.buyer.id}
        for user in (self.buyer, self.officer, self.owner):
            tests = self.env["souverainete.data.questionnaire"].with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                tests.create({**vals, "state": "signed"})

    def test_a_clerk_sees_no_test(self):
        test = self._ask()
        seen = self.env["souverainete.data.questionnaire"].with_user(self.clerk)
        self.assertFalse(seen.search([]))
        with self.assertRaises(AccessError):
            test.with_user(self.clerk).read(["state"])

    def test_who_does_not_sign(self):
        test = self._ask()
        with self.assertRaisesRegex(UserError, "nothing to sign"):
            test.with_user(self.officer).action_sign()
        self._answer(test)
        for user in (self.buyer, self.purchase_manager, self.owner, self.clerk):
            with self.subTest(user.login), self.assertRaises(AccessError):
                test.with_user(user).action_sign()

    def test_an_officer_signs_neither_own_purchase_nor_own_data(self):
        self.file.data_owner_id = self.officer
        test = self._ask()
        mine = test.with_user(self.officer)
        mine.write({**_ANSWERS, **_REASONS})
        mine.action_answer()
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            mine.action_sign()
        self.file.user_id = self.officer2
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            test.with_user(self.officer2).action_sign()

    def test_a_signatory_who_takes_the_purchase_over_no_longer_counts(self):
        self._signed()
        self.assertFalse(self._is_told())
        self.file.user_id = self.officer
        self.assertTrue(self._is_told())

    def test_changing_an_answer_voids_the_signature(self):
        test = self._signed()
        test.with_user(self.owner).data_breach_harm_reason = "More"
        self.assertEqual(test.state, "draft")
        self.assertFalse(test.signed_by_id)
        self.assertTrue(self._is_told())

    def test_changing_the_file_voids_the_signature(self):
        for vals in ({"data_breach_harm": "no"}, {"data_owner_id": self.officer.id}):
            with self.subTest(vals):
                self.file.data_owner_id = self.owner
                test = self._signed()
                self.file.write(vals)
                self.assertEqual(test.state, "draft")
                self.assertTrue(self._is_told())

    def test_another_owner_takes_the_test_over(self):
        test = self._signed()
        self.file.data_owner_id = self.clerk
        self.assertEqual(test.owner_id, self.clerk)
        self.assertIn(self.clerk, test.activity_ids.user_id)
        with self.assertRaises(AccessError):
            test.with_user(self.owner).data_breach_harm = "no"

    def test_what_was_answered_is_kept(self):
        test = self._signed()
        with self.assertRaisesRegex(UserError, "is kept"):
            test.sudo().unlink()
        self.assertFalse(self.file.copy().sudo().data_questionnaire_ids)


@tagged("post_install", "-at_install")
class TestBoundBodies(SouveraineteCase):
    def setUp(self):
        super().setUp()
        self.bodies = self.env["souverainete.bound.body"].with_user(self.referent)

    def test_the_company_says_whether_it_is_bound(self):
        self.assertIn("Administrations of the State", self.company.sren_standing)
        self.company.public_entity_type = "supervised_body"
        self.assertIn("until it is known", self.company.sren_standing)

    def test_naming_a_body_takes_four_eyes(self):
        self.company.public_entity_type = "supervised_body"
        body = self.bodies.create(
            {"name": "We", "company_id": self.company.id, "bound": "no"}
        )
        self.assertTrue(self.company._is_sren_bound(), "a proposal counts for nothing")
        with self.assertRaises(AccessError):
            body.action_approve()
        body.with_user(self.referent2).action_approve()
        self.assertFalse(self.company._is_sren_bound())

    def test_a_siren_names_a_body(self):
        self.company.public_entity_type = "voluntary"
        self.company.company_registry = "110 002 011 00044"
        self.env["souverainete.bound.body"].create(
            {"name": "A GIP", "siren": "110002011", "bound": "yes"}
        )
        self.assertTrue(self.company._is_sren_bound())

    def test_a_body_named_by_its_siren_is_bound_whatever_its_parent_is(self):
        """What is said of a body counts before what is said of its parent."""
        parent, body = (
            self.company,
            self.env["res.company"].create(
                {
                    "name": "A GIP",
                    "parent_id": self.company.id,
                    "public_entity_type": "voluntary",
                    "company_registry": "110002011",
                }
            ),
        )
        parent.public_entity_type = "voluntary"
        lines = self.env["souverainete.bound.body"]
        lines.create({"name": "Parent", "company_id": parent.id, "bound": "no"})
        self.assertFalse(body._is_sren_bound())
        lines.create({"name": "A GIP", "siren": "110002011", "bound": "yes"})
        self.assertTrue(body._is_sren_bound())
        self.assertFalse(parent._is_sren_bound())
        lines.create({"name": "Itself", "company_id": body.id, "bound": "no"})
        self.assertFalse(body._is_sren_bound())

    def test_of_two_lines_on_one_body_the_one_that_binds_counts(self):
        self.company.public_entity_type = "voluntary"
        for name, bound in (("A", "no"), ("B", "unknown"), ("C", "yes")):
            line = self.env["souverainete.bound.body"].create(
                {"name": name, "company_id": self.company.id, "bound": bound}
            )
            self.assertEqual(self.company._get_sren_body(), line)

    def test_a_new_line_on_a_body_replaces_the_one_of_another_name(self):
        self.company.public_entity_type = "voluntary"
        old = self.env["souverainete.bound.body"].create(
            {"name": "We", "company_id": self.company.id, "bound": "yes"}
        )
        new = self.bodies.create(
            {"name": "Our body", "company_id": self.company.id, "bound": "no"}
        )
        new.with_user(self.referent2).action_approve()
        self.assertTrue(old.date_end)
        self.assertFalse(self.company._is_sren_bound())

    def test_what_was_not_read_in_the_law_is_not_shown_as_law(self):
        """The promulgated article was not read: no shipped line is a primary text."""
        shipped = self.env["souverainete.bound.body"].search([])
        self.assertNotIn("primary", shipped.mapped("certainty"))

    def test_a_wrong_siren_is_named(self):
        with self.assertRaisesRegex(ValidationError, "1100"):
            self.bodies.create({"name": "A GIP", "siren": "1100"})

    def test_the_state_is_bound(self):
        with self.assertRaisesRegex(ValidationError, "administrations of the State"):
            self.bodies.create(
                {"name": "We", "company_id": self.company.id, "bound": "no"}
            )

    def test_a_body_that_becomes_a_ministry_is_bound(self):
        self.company.public_entity_type = "voluntary"
        self.env["souverainete.bound.body"].create(
            {"name": "We", "company_id": self.company.id, "bound": "no"}
        )
        self.assertFalse(self.company._is_sren_bound())
        self.company.public_entity_type = "ministry"
        self.assertTrue(self.company._is_sren_bound())

    def test_buyers_and_officers_say_nothing_of_it(self):
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                self.bodies.with_user(user).create({"name": "We", "bound": "no"})


@tagged("post_install", "-at_install")
class TestDeferral(HostingCase):
    def _defer(self):
        self.file.qualification_deferred = True
        self.file.action_carry_data_clauses()

    def _await(self):
        self._new_qualified()
        self.qualification.state = "examination"

    @freeze_time(DAY)
    def test_without_its_clause_the_launch_is_refused(self):
        self.file.qualification_deferred = True
        self.assertIn("deferral_clause", self._codes(self.file, "launch"))
        self.file.action_carry_data_clauses()
        self.assertFalse(self._messages("deferral_clause"))
        self.assertFalse(self._messages("qualification_clause"))

    @freeze_time(DAY)
    def test_the_clause_on_the_qualification_is_a_warning(self):
        self.assertTrue(self._messages("qualification_clause"))
        self.assertNotIn("qualification_clause", self._codes(self.file, "launch"))

    @freeze_time(DAY)
    def test_a_lapse_is_not_accepted_afterwards(self):
        self._new_qualified()
        self._sign()
        self.qualification.with_user(self.officer).action_withdraw()
        with self.assertRaisesRegex(UserError, "left with the consultation"):
            self.file.sudo().qualification_deferred = True

    @freeze_time(DAY)
    def test_from_the_award_to_the_first_sensitive_data(self):
        self._await()
        self.assertIn("hosting_qualified", self._codes(self.file, "award"))
        self._defer()
        self._sign()
        self.assertEqual(self.file.compliance_state, "compliant")
        setup = self._order("Set-up and training")
        setup.button_confirm()
        self.assertFalse(self.option.data_live_on)
        with self.assertRaisesRegex(UserError, "is not rewritten"):
            setup.no_sensitive_data = False
        live = self._order()
        with self.assertRaisesRegex(UserError, "held to bring sensitive data"):
            live.button_confirm()
        self.qualification.state = "granted"
        live.button_confirm()
        self.assertEqual(str(self.option.data_live_on), DAY[:10])
        self.qualification.state = "examination"
        late = self._order("Training")
        with self._refused("hosting_qualified", "order_data"):
            late.button_confirm()

    @freeze_time(DAY)
    def test_a_derogation_lifts_it_for_orders_too(self):
        self._await()
        self._defer()
        self._sign()
        with self._refused("order_data"):
            self._order().button_confirm()
        self.env["souverainete.derogation"]._create_server(
            [
                {
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "requisition_id": self.file.id,
                    "motive": "Engaged",
                    "measures": "Encrypted",
                    "date_start": "2026-11-01",
                    "date_end": "2026-11-30",
                    "state": "granted",
                }
            ]
        )
        self._order().button_confirm()
        self.assertEqual(str(self.option.data_live_on), DAY[:10])

    def test_where_data_is_a_pending_renewal_is_tolerated(self):
        with freeze_time(DAY):
            self._new_qualified()
            self._defer()
            self._sign()
            self._order().button_confirm()
            self.qualification.with_user(self.officer).write(
                {
                    "renewal_pending_since": "2026-11-01",
                    "renewal_source": "ANSSI catalogue of November 2026",
                }
            )
        with freeze_time("2027-01-15 12:00:00"):
            self._order().button_confirm()
        with (
            freeze_time("2027-04-15 12:00:00"),
            self._refused("hosting_qualified", "order_data"),
        ):
            self._order().button_confirm()

    def _order(self, reason=None):
        return self._new_order(
            requisition_id=self.file.id,
            price=10,
            no_sensitive_data=bool(reason),
            no_sensitive_reason=reason,
        ).with_user(self.purchase_manager)

    @freeze_time(DAY)
    def test_the_statement_is_journalled(self):
        self._await()
        self._defer()
        self._sign()
        self._order("Set-up and training").button_confirm()
        self.file._journal_flush()
        entry = self.file.sudo().journal_ids.filtered(lambda e: e.event == "order")
        self.assertIn("Set-up and training", entry.payload)

    @freeze_time(DAY)
    def test_nobody_writes_that_data_is_not_live(self):
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                self.option.with_user(user).data_live_on = False

    @freeze_time(DAY)
    def test_an_order_written_as_confirmed_is_judged(self):
        self._await()
        self._defer()
        self._sign()
        with self._refused("order_data"):
            self._order().write({"state": "purchase"})

    @freeze_time(DAY)
    def test_an_umbrella_framework_is_not_asked_for_it(self):
        umbrella = self._new_file(is_umbrella=True)
        umbrella.action_add_clauses()
        clause = self.env.ref(f"{ADDON}.clause_qualification_before_data")
        self.assertNotIn(clause, umbrella.clause_ids)

    @freeze_time(DAY)
    def test_a_body_not_bound_signs_and_is_compliant(self):
        self.company.public_entity_type = "voluntary"
        self._new_component()
        self.assertFalse(self._messages("hosting_qualified"), "it did not adopt it")
        self._sign()
        self.assertEqual(self.file.compliance_state, "compliant")

    @freeze_time(DAY)
    def test_old_launch_content_is_unchanged(self):
        content = self.file.sudo()._get_launch_content()
        self.assertNotIn("qualification_deferred", content)
        self.assertNotIn("data_questionnaire", content)
        self.assertNotIn("clauses", content)
