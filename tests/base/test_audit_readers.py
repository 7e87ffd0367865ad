"""Readers and strangers call public methods: nothing moves."""

import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON, PDF_64
from ..flow import FlowCase
from ..project.referral_common import complete_referral


@tagged("post_install", "-at_install")
class TestPublicMethods(FlowCase):
    def setUp(self):
        super().setUp()
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        self.stranger = self._new_user(
            "stranger",
            f"purchase.group_purchase_manager,{ADDON}.group_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.readers = self.ambassador | self.dae | self.dinum | self.referent
        self.file = self._new_file()
        self._prepare_launch(self.file)
        self.env.flush_all()

    def _assert_no_access(self, record, names, users=None):
        for user in users or self.readers | self.stranger:
            for name in names:
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(record.with_user(user), name)()
                    self.env.flush_all()
                self.env.invalidate_all()

    def test_file(self):
        self._assert_no_access(
            self.file,
            (
                "action_launch",
                "action_confirm",
                "action_cancel",
                "action_done",
                "action_scope_in",
                "action_agree_out_of_scope",
                "action_search_catalogue",
                "action_declare_transversal",
                "action_prepare_agreement",
            ),
        )
        self.assertFalse(self.file.date_launch)

    def test_order(self):
        """Of an order that its buyer may confirm: nothing but the role refuses."""
        order = self._new_order(
            price=300, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        self._assert_no_access(
            order,
            (
                "button_confirm",
                "button_approve",
                "button_cancel",
                "action_create_file",
                "action_scope_in",
            ),
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_opinion_and_derogation(self):
        project = self.file.project_id
        opinion = self.env["souverainete.opinion"].create({"project_id": project.id})
        derogation = self.env["souverainete.derogation"].create(
            {
                "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                "requisition_id": self.file.id,
                "motive": "x",
                "measures": "x",
                "authority": "The minister",
                "document": base64.b64encode(b"decision"),
                "date_start": "2026-01-01",
                "date_end": "2099-12-31",
            }
        )
        self.env.flush_all()
        self._assert_no_access(opinion, ("action_submit",))
        self._assert_no_access(derogation, ("action_request",))
        derogation.with_user(self.buyer).action_request()
        self._assert_no_access(derogation, ("action_grant",))
        complete_referral(opinion.with_user(self.buyer)).action_submit()
        self._assert_no_access(opinion, ("action_withdraw",))
        others = (self.readers | self.stranger) - self.dinum
        self._assert_no_access(opinion, ("action_confirm_registration",), others)

    def test_contract_of_another_ministry_taken_over(self):
        wizard = self.env["souverainete.take.over"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "requisition_ids": [Command.set(self.file.ids)],
                    "document": PDF_64,
                    "reason": "x",
                }
            ).action_take_over()
        self.assertEqual(self.file.state, "draft")

    def test_records_made_in_another_ministry(self):
        option = self.file.option_ids[:1]
        for model, vals in (
            (
                "souverainete.option",
                {"requisition_id": self.file.id, "name": "x", "path": "custom"},
            ),
            ("souverainete.component", {"option_id": option.id, "role": "host"}),
            (
                "souverainete.derogation",
                {
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "requisition_id": self.file.id,
                    "motive": "x",
                    "measures": "x",
                },
            ),
            (
                "souverainete.cost.line",
                {"project_id": self.file.project_id.id, "name": "x", "amount": 1},
            ),
            ("souverainete.opinion", {"project_id": self.file.project_id.id}),
            (
                "souverainete.journal.elimination",
                {"requisition_id": self.file.id, "reason": "x"},
            ),
        ):
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.stranger).create(vals)
                self.env.flush_all()
            self.env.invalidate_all()
