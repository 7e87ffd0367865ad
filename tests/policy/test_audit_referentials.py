"""Rules, registers and companies edited by one person to open the gate alone."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestRules(FlowCase):
    def setUp(self):
        super().setUp()
        self.rule = self.env.ref(f"{ADDON}.rule_mutualisation_search")
        self.line = self.rule.applicability_ids[:1]
        self.assertTrue(self.line)

    def _propose(self, user=None, **vals):
        rule = self.rule.with_user(user or self.officer)
        return rule.copy({"company_id": self.company.id, **vals})

    def test_line_of_a_rule_in_force(self):
        draft = self._propose()
        in_force = "A version in force is not edited"
        for user, error, words in (
            (self.officer, AccessError, "doesn't have 'write' access"),
            (self.referent, UserError, in_force),
        ):
            line = self.line.with_user(user)
            for vals in (
                {"rule_id": draft.id},
                {"applies": False},
                {"circuit": "standard"},
            ):
                with self.assertRaisesRegex(error, words):
                    line.write(vals)
            with self.assertRaisesRegex(error, words):
                line.unlink()
            with self.assertRaisesRegex(error, words):
                line.with_context(_force_unlink=True).unlink()
            with self.assertRaisesRegex(error, words):
                line.create(
                    {"rule_id": self.rule.id, "applies": False, "nature": "cloud"}
                )
            with self.assertRaisesRegex(error, words):
                line.with_context(default_rule_id=self.rule.id).create(
                    {"applies": False, "nature": "cloud"}
                )

    def test_line_moved_into_a_rule_in_force(self):
        draft = self._propose()
        line = draft.applicability_ids[:1].with_user(self.officer)
        line.circuit = "standard"
        with self.assertRaises(AccessError):
            line.rule_id = self.rule

    def test_approver_wrote_a_line(self):
        """Who changed the table of a proposal wrote the proposal."""
        draft = self._propose(self.referent)
        draft.with_user(self.referent2).applicability_ids[:1].circuit = "standard"
        with self.assertRaises(AccessError):
            draft.with_user(self.referent2).action_approve()
        other = self._propose(self.referent)
        other.with_user(self.referent2).applicability_ids.unlink()
        with self.assertRaises(AccessError):
            other.with_user(self.referent2).action_approve()

    def test_ministry_softens_by_the_table(self):
        draft = self._propose(
            applicability_ids=[
                Command.create({}),
                Command.create({"applies": False, "nature": "cloud"}),
            ]
        )
        with self.assertRaisesRegex(ValidationError, "can be hardened for a ministry"):
            draft.with_user(self.officer2).action_approve()

    def test_ministry_softens_by_forgetting_a_line(self):
        self.rule = self.env.ref(f"{ADDON}.rule_shared_support")
        draft = self._propose()
        draft.applicability_ids.filtered(lambda r: r.nature == "telecom").unlink()
        with self.assertRaisesRegex(ValidationError, "can be hardened for a ministry"):
            draft.with_user(self.officer2).action_approve()

    def test_ministry_softens_by_derogation(self):
        with self.assertRaisesRegex(ValidationError, "can be hardened for a ministry"):
            self._propose(derogable=True)

    def test_ministry_softens_by_its_end(self):
        """A version that ends gives way to the common one, which still stands."""
        draft = self._propose(date_end="2026-01-01", date_start="2025-01-01")
        draft.with_user(self.officer2).action_approve()
        file = self._new_file()
        self.assertIn(self.rule.code, self._codes(file, "launch"))

    def test_ministry_hardens(self):
        draft = self._propose()
        draft.applicability_ids = [Command.create({"circuit": "reinforced"})]
        draft.with_user(self.officer2).action_approve()
        self.assertEqual(draft.policy_state, "active")

    def test_officer_writes_common_rules(self):
        common = self.rule.with_user(self.referent).copy()
        for attempt in (
            lambda r: r.write({"severity": "advice"}),
            lambda r: r.applicability_ids.write({"applies": False}),
            lambda r: r.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt(common.with_user(self.officer))

    def test_forged_version(self):
        rules = self.env["souverainete.rule"].with_user(self.referent)
        vals = {
            "code": "scope",
            "name": "Soft",
            "stage": "launch",
            "basis": "ministry",
            "severity": "warning",
        }
        forged = rules.with_context(default_policy_state="active").create(vals)
        self.assertEqual(forged.policy_state, "draft")
        with self.assertRaises(AccessError):
            rules.create({**vals, "policy_state": "active"})
        with self.assertRaises(AccessError):
            forged.policy_state = "active"
        with self.assertRaises(AccessError):
            forged.authors = self.referent2.ids
        result = rules.load(
            ["code", "name", "stage", "basis", "severity", "policy_state"],
            [["scope", "Soft", "launch", "ministry", "warning", "active"]],
        )
        self.assertFalse(result["ids"])


@tagged("post_install", "-at_install")
class TestBranches(FlowCase):
    """What a ministry decided holds in its directorates."""

    def setUp(self):
        super().setUp()
        self.branch = self.env["res.company"].create(
            {"name": "Directorate", "parent_id": self.company.id}
        )

    def test_hardened_rule(self):
        rule = self.env.ref(f"{ADDON}.rule_need")
        rule.copy({"company_id": self.company.id, "severity": "blocking"})
        for draft in rule.search([("code", "=", "need"), ("company_id", "!=", False)]):
            draft._write_server({"policy_state": "active"})
        self.env.registry.clear_cache()
        file = self._new_file(user=self.env.user, company_id=self.branch.id)
        self.assertIn("need", self._codes(file, "launch"))

    def test_lower_threshold(self):
        common = self.env.ref(f"{ADDON}.threshold_light_2026")
        own = common.copy({"company_id": self.company.id, "amount": 1000})
        own._write_server({"policy_state": "active"})
        self.env.registry.clear_cache()
        today = self.company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get("light", self.branch, today)
        self.assertEqual(threshold, own)

    def test_prefix(self):
        prefix = self.env["souverainete.cpv.prefix"].create(
            {
                "prefix": "39112",
                "name": "Chairs",
                "scope": "in",
                "company_id": self.company.id,
            }
        )
        prefix._write_server({"policy_state": "active"})
        self.env.registry.clear_cache()
        file = self._new_file(self.chair, user=self.env.user, company_id=self.branch.id)
        self.assertTrue(file.is_digital)


@tagged("post_install", "-at_install")
class TestRegister(FlowCase):
    """Who buys never proves the hosting of their own purchase alone."""

    def setUp(self):
        super().setUp()
        self.file = self._new_file(user=self.officer)
        self._prepare_launch(self.file)
        self.file.action_launch()
        self.offer = self._retain_offer(self.file)

    def _own(self, **vals):
        return (
            self.env["souverainete.qualification"]
            .with_user(self.officer)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "service": "Réunions souveraines",
                    "date_start": "2025-06-01",
                    "date_end": "2099-12-31",
                    **vals,
                }
            )
        )

    def test_qualification_recorded_by_the_buyer(self):
        self.offer.component_ids.qualification_id = self._own()
        with self.assertRaisesRegex(UserError, "another officer"):
            self.file.action_confirm()

    def test_qualification_prolonged_by_the_buyer(self):
        self.qualification.date_end = "2025-12-31"
        self.qualification.with_user(self.officer).date_end = "2099-12-31"
        with self.assertRaisesRegex(UserError, "another officer"):
            self.file.action_confirm()

    def test_qualification_confirmed_by_a_second_officer(self):
        own = self._own()
        self.offer.component_ids.qualification_id = own
        own.with_user(self.officer2).action_verify()
        self.file.action_confirm()
        self.assertEqual(self.file.state, "confirmed")

    def test_buyer_verifies_own_record(self):
        own = self._own()
        with self.assertRaisesRegex(AccessError, "so another officer verifies"):
            own.action_verify()
        with self.assertRaises(AccessError):
            own.write({"recorded_by_id": self.officer2.id})

    def test_state_operator_recorded_by_the_buyer(self):
        self.vendor.with_user(self.officer).sudo().write({"is_state_operator": True})
        component = self.offer.component_ids
        component.write({"hosting": "state_cloud", "qualification_id": False})
        with self.assertRaisesRegex(UserError, "another officer"):
            self.file.action_confirm()


@tagged("post_install", "-at_install")
class TestFourEyes(FlowCase):
    def test_derogation_recorded_by_the_buyer_of_the_file(self):
        """A colleague asks; who buys does not record the decision all the same."""
        file = self._new_file(user=self.officer)
        derogation = (
            self.env["souverainete.derogation"]
            .with_user(self.officer2)
            .create(
                {
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "requisition_id": file.id,
                    "motive": "None fits yet",
                    "measures": "Encryption",
                    "authority": "Minister",
                    "document": b"ZGVjaXNpb24=",
                    "date_start": "2026-01-01",
                    "date_end": "2027-12-31",
                }
            )
        )
        derogation.action_request()
        with self.assertRaises(AccessError):
            derogation.with_user(self.officer).action_grant()

    def test_contract_taken_over_and_ordered_by_one_person(self):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": b"c"})
        file = self.env["purchase.requisition"].with_user(self.officer)
        file = file._create_prior(
            [
                {
                    "requisition_type": "blanket_order",
                    "vendor_id": self.vendor.id,
                    "cpv_code": "48000000",
                    "amount_max": 9e6,
                    "amount_max_known": True,
                }
            ],
            document,
        )
        own = self._new_order(requisition_id=file.id, user=self.officer)
        with self.assertRaisesRegex(UserError, "Four eyes"):
            own.button_confirm()
        other = self._new_order(requisition_id=file.id, user=self.purchase_manager)
        other.button_confirm()
        self.assertEqual(other.state, "purchase")

    def test_cost_rewritten_after_launch_leaves_a_trace(self):
        file = self._launched_file()
        file._journal_flush()
        before = file.journal_seq
        file.project_id.cost_line_ids.with_user(self.buyer).amount = 1000
        file._journal_flush()
        self.assertGreater(file.journal_seq, before)
