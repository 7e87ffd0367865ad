"""Who hosts what, what proves it, and what changes after the signature."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from .hosting_common import DAY, HostingCase


@tagged("post_install", "-at_install")
class TestHosting(HostingCase):
    # === THE CHAIN IS DECLARED === #

    def test_sensitive_cloud_without_component_blocks(self):
        self.assertIn("components_declared", self._codes(self.file, "award"))

    def test_component_without_hosting_blocks(self):
        self._new_component(hosting=False)
        self.assertIn("components_declared", self._codes(self.file, "award"))

    def test_chain_that_hosts_nothing_blocks(self):
        self._new_component(hosting="none", role="publisher")
        self.assertIn("components_declared", self._codes(self.file, "award"))

    def test_ordinary_cloud_without_component_warns(self):
        self.file.data_breach_harm = "no"
        self.assertTrue(self._messages("components_known"))
        self.assertFalse(self._messages("components_declared"))
        self.assertNotIn("components_known", self._codes(self.file))

    def test_no_cloud_contradicted_by_a_component(self):
        self._new_qualified()
        self.assertFalse(self._messages("cloud_contradiction"))
        self.file.has_cloud = "no"
        self.assertIn("cloud_contradiction", self._codes(self.file, "launch"))

    # === EACH COMMERCIAL CLOUD IS QUALIFIED === #

    @freeze_time(DAY)
    def test_qualified_service_passes(self):
        self._new_qualified()
        self.assertNotIn("hosting_qualified", self._codes(self.file))

    @freeze_time(DAY)
    def test_unqualified_service_blocks(self):
        self._new_component()
        self.assertIn("hosting_qualified", self._codes(self.file, "award"))

    @freeze_time(DAY)
    def test_a_company_name_never_qualifies(self):
        """The provider holds a qualification, but the component names none of it."""
        self._new_component(name="Another service of the same company")
        self.assertIn("hosting_qualified", self._codes(self.file))

    @freeze_time(DAY)
    def test_another_company_s_qualification_proves_nothing(self):
        self._new_qualified(partner_id=self.other_vendor.id)
        (message,) = self._messages("hosting_qualified")
        self.assertIn("never qualifies a service", message)

    @freeze_time(DAY)
    def test_qualified_iaas_does_not_qualify_the_saas_on_top(self):
        self._new_qualified()
        saas = self._new_component(role="publisher", service_type_id=self.saas.id)
        self.assertIn("hosting_qualified", self._codes(self.file))
        saas.qualification_id = self.qualification
        (message,) = self._messages("hosting_qualified")
        self.assertIn("IaaS", message)

    def test_the_day_decides(self):
        self._new_qualified()
        for day, blocked in (
            ("2025-12-31 12:00:00", True),
            ("2026-01-01 12:00:00", False),
            ("2026-12-31 12:00:00", False),
            ("2026-12-31 23:30:00", True),  # already the 1st of January in Paris
        ):
            with self.subTest(day), freeze_time(day):
                self.assertEqual("hosting_qualified" in self._codes(self.file), blocked)

    @freeze_time(DAY)
    def test_cloud_of_the_state_needs_no_qualification(self):
        dgfip = self.env.ref(f"{ADDON}.partner_dgfip")
        self._new_component(hosting="state_cloud", partner_id=dgfip.id)
        self.assertNotIn("hosting_qualified", self._codes(self.file))

    @freeze_time(DAY)
    def test_a_private_provider_runs_no_cloud_of_the_state(self):
        self._new_component(hosting="state_cloud")
        self.assertIn("hosting_qualified", self._codes(self.file))

    def test_a_buyer_does_not_make_a_provider_of_the_state(self):
        with self.assertRaises(AccessError):
            self.vendor.with_user(self.purchase_manager).is_state_operator = True

    @freeze_time(DAY)
    def test_on_premise_passes_and_managed_private_warns(self):
        self.file.has_cloud = "no"
        component = self._new_component(hosting="on_premise")
        self.assertFalse(self._messages("hosting_review"))
        component.hosting = "managed_private"
        self.assertNotIn("hosting_qualified", self._codes(self.file))
        self.assertTrue(self._messages("hosting_review"))

    @freeze_time(DAY)
    def test_ordinary_data_needs_no_qualification(self):
        self._new_component()
        self.file.data_breach_harm = "no"
        self.assertNotIn("hosting_qualified", self._codes(self.file))

    @freeze_time(DAY)
    def test_doubtful_service_is_to_be_verified(self):
        component = self._new_qualified()
        self.assertFalse(self._messages("hosting_review"))
        component.name = "Messagerie"
        self.assertTrue(self._messages("hosting_review"))

    @freeze_time(DAY)
    def test_qualification_that_ends_before_the_agreement_is_advice(self):
        self._new_qualified()
        self.file.date_end = "2026-12-31"
        self.assertFalse(self._messages("hosting_expiring"))
        self.file.date_end = "2027-01-01"
        self.assertTrue(self._messages("hosting_expiring"))
        self.assertNotIn("hosting_expiring", self._codes(self.file))

    @freeze_time(DAY)
    def test_signing_is_refused_then_accepted(self):
        component = self._new_component()
        self.file.action_launch()
        with self.assertRaisesRegex(ValidationError, "commercial cloud"):
            self.file.action_confirm()
        component.write(
            {
                "qualification_id": self.qualification.id,
                "service_type_id": self.iaas.id,
            }
        )
        self.file.action_confirm()
        self.assertEqual(self.file.compliance_state, "compliant")

    # === AFTER THE SIGNATURE === #

    @freeze_time(DAY)
    def test_withdrawal_is_always_recorded_and_the_file_lapses(self):
        self._new_qualified()
        self._sign()
        revision = self.file.evidence_rev
        cls = type(self.file)
        with patch.object(cls, "_journal", autospec=True) as journal:
            self.qualification.with_user(self.officer).action_withdraw()
        self.assertEqual(self.qualification.standing, "withdrawn")
        self.assertEqual(self.file.compliance_state, "lapsed")
        self.assertGreater(self.file.evidence_rev, revision)
        self.assertIn(
            "qualification", [call.args[1] for call in journal.call_args_list]
        )

    @freeze_time(DAY)
    def test_worse_hosting_is_refused_on_a_signed_file(self):
        component = self._new_qualified()
        self._sign()
        with self._refused("hosting_qualified"):
            component.qualification_id = False
        with self._refused("hosting_qualified"):
            self._new_component(role="operator")

    @freeze_time(DAY)
    def test_a_correction_of_a_signed_chain_is_journalled(self):
        component = self._new_qualified()
        self._sign()
        with patch.object(type(self.file), "_journal", autospec=True) as journal:
            component.with_user(self.officer).write({"hosting": "on_premise"})
        (entry,) = [
            c.args[2] for c in journal.call_args_list if c.args[1] == "correction"
        ]
        self.assertEqual(entry["before"]["hosting"], "commercial_cloud")
        self.assertEqual(entry["after"]["hosting"], "on_premise")

    @freeze_time(DAY)
    def test_a_judged_component_is_not_deleted(self):
        component = self._new_qualified()
        self._sign()
        with self.assertRaisesRegex(UserError, "These components were judged"):
            component.unlink()

    @freeze_time(DAY)
    def test_data_answers_are_frozen_at_launch(self):
        self.file.action_launch()
        with self.assertRaisesRegex(ValidationError, "left with the consultation"):
            self.file.data_breach_harm = "no"

    @freeze_time(DAY)
    def test_no_answer_is_taken_back_to_repair_a_lapsed_file(self):
        self._new_qualified()
        self._sign()
        self.qualification.with_user(self.officer).action_withdraw()
        self.assertEqual(self.file.compliance_state, "lapsed")
        for user in (self.buyer, self.officer):
            file = self.file.with_user(user)
            for door in (file, file.sudo()):
                for expected, vals in (
                    ("left with the consultation", {"data_breach_harm": "no"}),
                    (
                        "left with the consultation",
                        {"data_protected_secret": "unknown"},
                    ),
                    ("left with the consultation", {"has_cloud": "no"}),
                    (
                        "left with the consultation",
                        {"has_cloud": "no", "need_effect": "Another"},
                    ),
                ):
                    with self._refused_as(expected):
                        door.write(vals)
        self.assertEqual(self.file.compliance_state, "lapsed")

    @freeze_time(DAY)
    def test_the_buyer_does_not_rename_a_signed_cloud(self):
        component = self._new_qualified()
        self._sign()
        self.qualification.with_user(self.officer).action_withdraw()
        signed = "These components were signed as cloud services"
        for hosting, expected in (
            ("on_premise", signed),
            ("managed_private", signed),
            ("none", {"components_declared"}),
            (False, {"components_declared"}),
        ):
            for door in (component, component.sudo()):
                with self._refused_as(expected):
                    door.write({"hosting": hosting, "service_type_id": False})
        with self.assertRaisesRegex(UserError, "These components were signed"):
            self.file.write(
                {
                    "has_cloud": "no",
                    "option_ids": [
                        Command.update(
                            self.option.id,
                            {
                                "component_ids": [
                                    Command.update(
                                        component.id, {"hosting": "on_premise"}
                                    )
                                ]
                            },
                        )
                    ],
                }
            )
        self.assertEqual(component.hosting, "commercial_cloud")

    @freeze_time(DAY)
    def test_a_cloud_that_no_component_is_warns(self):
        self._new_component(hosting="on_premise")
        self.assertIn("no component", self._messages("hosting_review")[0])
        self.file.has_cloud = "no"
        self.assertFalse(self._messages("hosting_review"))

    @freeze_time(DAY)
    def test_where_the_register_knows_no_kind_the_very_service_is_named(self):
        self.qualification.service_type_ids = False
        component = self._new_component(
            qualification_id=self.qualification.id, name="Another SaaS"
        )
        self.assertIn("hosting_qualified", self._codes(self.file))
        component.name = "Nuage  souverain"
        self.assertNotIn("hosting_qualified", self._codes(self.file))
        self.assertTrue(self._messages("hosting_review"))

    @freeze_time(DAY)
    def test_one_member_that_is_bound_binds_the_grouping(self):
        self.company.public_entity_type = "voluntary"
        self._new_component()
        self.assertNotIn("hosting_qualified", self._codes(self.file))
        member = self.file.grouping_member_ids.create(
            {
                "requisition_id": self.file.id,
                "name": "A ministry",
                "entity_type": "ministry",
            }
        )
        self.assertIn("hosting_qualified", self._codes(self.file))
        member.entity_type = "voluntary"
        self.assertNotIn("hosting_qualified", self._codes(self.file))
        member.entity_type = False
        self.assertIn("hosting_qualified", self._codes(self.file))

    @freeze_time(DAY)
    def test_the_journal_of_the_file_keeps_every_step(self):
        component = self._new_qualified()
        self._sign()
        component.with_user(self.officer).hosting = "on_premise"
        component.hosting = "commercial_cloud"
        self.qualification.with_user(self.officer).action_withdraw()
        self.file._journal_flush()
        events = self.file.sudo().journal_ids.mapped("event")
        self.assertEqual(events.count("sensitivity"), 1)
        self.assertEqual(events.count("correction"), 2)
        self.assertEqual(events.count("qualification"), 1)

    # === CONFIDENTIALITY === #

    def _make_offer(self):
        self.file.analyst_ids = self.buyer
        self.option = self._new_option(name="Bidder & Co", kind="offer")
        return self._new_component(
            partner_id=self.other_vendor.id, name="Nuage du soumissionnaire"
        )

    @freeze_time(DAY)
    def test_chain_of_an_offer_is_read_by_analysts_only(self):
        component = self._make_offer()
        self.assertTrue(component.with_user(self.buyer).has_access("read"))
        for user in (self.purchase_manager, self.officer, self.dae, self.ambassador):
            with self.subTest(user.login):
                self.assertFalse(component.with_user(user).has_access("read"))
        self.file.sudo().analyst_ids |= self.dae
        self.assertFalse(component.with_user(self.dae).has_access("read"))

    @freeze_time(DAY)
    def test_findings_do_not_name_an_offer_to_others(self):
        self._make_offer()
        named = "".join(self._messages("hosting_qualified"))
        self.assertIn("Bidder & Co", named)
        for user in (self.dae, self.officer):
            messages = self._messages("hosting_qualified", user)
            self.assertTrue(messages)
            self.assertNotIn("Bidder", "".join(messages))
            self.assertNotIn(self.other_vendor.name, "".join(messages))

    @freeze_time(DAY)
    def test_journal_does_not_name_an_offer(self):
        self._make_offer().qualification_id = self.qualification
        with patch.object(type(self.file), "_journal", autospec=True) as journal:
            self.qualification.with_user(self.officer).action_withdraw()
        (payload,) = [c.args[2] for c in journal.call_args_list]
        self.assertEqual(payload, {"qualifications": [], "of_offers": 1})

    def test_other_ministries_read_no_component(self):
        component = self._new_qualified()
        company = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            f"{ADDON}.group_officer",
            company_id=company.id,
            company_ids=company.ids,
        )
        self.assertFalse(component.with_user(stranger).has_access("read"))

    # === COST === #

    def test_findings_of_many_files_cost_what_one_does(self):
        def count(number):
            files = self.env["purchase.requisition"]
            for _index in range(number):
                file = self.file.copy(
                    {
                        "has_cloud": "yes",
                        "data_protected_secret": "yes",
                        "data_breach_harm": "yes",
                    }
                )
                option = self._new_option(requisition_id=file.id)
                self._new_qualified(option_id=option.id)
                files |= file
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            files._findings_by_file()
            return self.env.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(1), count(8))
