"""Who wrote what is decided never decides on it alone, by whatever road."""

import re

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase
from ..waiver.extreme_urgency_common import ExtremeUrgencyCase

OUT = {"scope_override": "out", "scope_reason": "An exhibition, nothing digital"}


class AuthorsCase(FlowCase):
    def _refused(self, record, method):
        with self.assertRaisesRegex(AccessError, "Four eyes"), self.env.cr.savepoint():
            getattr(record, method)()

    def _cannot_agree(self, record, user=None):
        record = record.with_user(user or self.officer)
        self._refused(record, "action_agree_out_of_scope")

    def _agree(self, record, user=None):
        record.with_user(user or self.officer2).action_agree_out_of_scope()
        self.assertEqual(record.scope_status, "out")

    def _make_officer(self, user):
        officers = self.env.ref(f"{ADDON}.group_officer")
        user.sudo().group_ids = [Command.link(officers.id)]


@tagged("post_install", "-at_install")
class TestAgreement(AuthorsCase):
    """“Not digital”, which an officer agrees to."""

    def test_the_ordinary_road(self):
        for record in (self._new_order(**OUT), self._new_file(**OUT)):
            self._agree(record)
            self.assertFalse(record.author_ids)

    def test_an_officer_rewrites_the_draft_of_a_buyer(self):
        order = self._new_order(self.chair)
        line = Command.create({"product_id": self.software.id, "price_unit": 900000})
        order.with_user(self.officer).write(
            {"order_line": [Command.clear(), line], **OUT}
        )
        self._cannot_agree(order)
        self._agree(order)

    def test_an_officer_writes_one_line(self):
        order, file = self._new_order(**OUT), self._new_file(**OUT)
        for lines in (order.order_line, file.line_ids):
            lines.with_user(self.officer).sudo().price_unit = 900000
        option = {"name": "Way", "requisition_id": file.id, "path": "off_the_shelf"}
        self.env["souverainete.option"].with_user(self.officer2).create(option)
        self._cannot_agree(order)
        self._cannot_agree(file)
        self._cannot_agree(file, self.officer2)

    def test_an_officer_deletes_a_line(self):
        file = self._new_file(**OUT)
        file.line_ids.copy()
        file.line_ids[0].with_user(self.officer).unlink()
        self._cannot_agree(file)

    def test_an_officer_states_and_agrees(self):
        for record in (self._new_order(), self._new_file()):
            record.with_user(self.officer).write(OUT)
            self._cannot_agree(record)
            # An innocent who writes last launders nothing.
            record.with_user(self.buyer).scope_reason = "An exhibition of paintings"
            self._cannot_agree(record)
            self._agree(record)

    def test_two_roles_in_one_person(self):
        order = self._new_order(**OUT)
        self._make_officer(self.buyer)
        self._cannot_agree(order, self.buyer)

    def test_handed_over(self):
        """Who asked still did, whoever is named since."""
        orders = self.env["purchase.order"].with_user(SUPERUSER_ID)
        order = orders.create({"partner_id": self.vendor.id, "user_id": self.buyer.id})
        order.user_id = self.purchase_manager
        order.with_user(self.purchase_manager).write(OUT)
        self._make_officer(self.buyer)
        self._cannot_agree(order, self.buyer)

    def test_copied(self):
        """Duplicating what an officer wrote makes nobody else its author."""
        order = self._new_order(user=self.officer)
        copied = order.with_user(self.buyer).copy(OUT)
        self.assertEqual(copied.create_uid, self.buyer)
        self._cannot_agree(copied)

    def test_merged(self):
        """Lines take along who wrote them."""
        order, other = self._new_order(), self._new_order(user=self.officer, price=9e5)
        other.user_id = self.buyer
        (order | other).with_user(self.buyer).action_merge()
        merged = (order | other).filtered(lambda o: o.state != "cancel")
        merged.with_user(self.buyer).write(OUT)
        self._cannot_agree(merged)

    def test_moved_line(self):
        order, other = self._new_order(**OUT), self._new_order(user=self.officer)
        other.order_line.with_user(self.purchase_manager).order_id = order
        self._cannot_agree(order)

    def test_nobody_stated_it(self):
        orders = self.env["purchase.order"].with_user(SUPERUSER_ID)
        line = Command.create({"product_id": self.software.id, "price_unit": 900000})
        order = orders.create(
            {
                "partner_id": self.vendor.id,
                "user_id": False,
                "order_line": [line],
                **OUT,
            }
        )
        with self.assertRaisesRegex(UserError, "states first"):
            order.with_user(self.officer).action_agree_out_of_scope()

    def test_the_list_is_the_server_s(self):
        order = self._new_order(**OUT)
        for vals in ({"authors": []}, {"decided": {}}):
            with self.assertRaises(AccessError):
                order.sudo().write(vals)
            with self.assertRaises(AccessError):
                self._new_order(**vals)


@tagged("post_install", "-at_install")
class TestList(AuthorsCase):
    def test_what_is_no_writing(self):
        order = self._new_order(**OUT)
        order.with_user(self.officer).write(
            {**OUT, "partner_id": self.vendor.id, "ref_chorus_ej": "1"}
        )
        order.order_line.with_user(self.officer).write({"price_unit": 100000.0})
        order.with_user(SUPERUSER_ID).scope_reason = "Written by a job"
        self.assertEqual(order.author_ids, self.buyer)

    def test_a_decision_empties_it_and_going_back_restores_it(self):
        """The way out where there are two officers and no third one."""
        order = self._new_order()
        order.with_user(self.officer2).write(OUT)
        self._agree(order, self.officer)
        order.with_user(self.officer).order_line.price_unit = 200000
        order.with_user(self.officer).scope_reason = "A slip of the pen"
        self._cannot_agree(order, self.officer)
        order.with_user(self.officer).scope_reason = OUT["scope_reason"]
        self._cannot_agree(order, self.officer)
        order.with_user(self.officer).order_line.price_unit = 100000
        self._cannot_agree(order, self.officer2)
        self._agree(order, self.officer)

    def test_who_can_instead_is_named(self):
        order = self._new_order(user=self.officer, **OUT)
        with self.assertRaisesRegex(AccessError, re.escape(self.officer2.name)):
            order.action_agree_out_of_scope()
        order.with_user(self.officer2).scope_reason = "Both wrote it"
        others = order.company_id._get_role_users("group_officer")
        (others - self.officer - self.officer2).active = False
        with self.assertRaisesRegex(AccessError, "Nobody else"):
            order.action_agree_out_of_scope()

    def test_a_deputy_of_the_parent_body_is_named(self):
        branch = self.env["res.company"].create(
            {"name": "Directorate", "parent_id": self.company.id}
        )
        alone = self._new_user(
            "alone",
            f"{ADDON}.group_officer",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        order = self._new_order(user=alone, company_id=branch.id, **OUT)
        with self.assertRaisesRegex(AccessError, re.escape(self.officer.name)):
            order.action_agree_out_of_scope()


@tagged("post_install", "-at_install")
class TestPolicy(AuthorsCase):
    def setUp(self):
        super().setUp()
        common = self.env.ref(f"{ADDON}.threshold_light_2026")
        self.version = self._propose_version(common.with_user(self.referent))
        self.version = self.version.with_env(self.env)
        self.version.date_start = "2026-12-31"
        self.third = self._new_user("referent3", f"{ADDON}.group_manager")

    def test_the_ordinary_road(self):
        self.assertEqual(self.version.author_ids, self.referent)
        self._refused(self.version.with_user(self.referent), "action_approve")
        self.version.with_user(self.referent2).action_approve()
        self.assertEqual(self.version.policy_state, "active")

    def test_an_innocent_writes_last(self):
        self.version.with_user(self.referent2).amount = 9e6
        self.version.with_user(self.third).source_url = "https://example.org"
        self._refused(self.version.with_user(self.referent2), "action_approve")
        self.assertFalse(self.version.with_user(self.buyer).sudo().is_asker)

    def test_the_table_of_a_rule_is_a_part_of_it(self):
        rule = self.env.ref(f"{ADDON}.rule_need").with_user(self.referent)
        version = self._propose_version(rule)
        version.applicability_ids[0].with_user(self.referent2).reason = "Mine"
        self._refused(version.with_user(self.referent2), "action_approve")
        version.with_user(self.third).action_approve()

    def test_qualification_corrected_by_an_innocent(self):
        record = self.qualification
        record.with_user(self.officer).date_end = "2098-12-31"
        record.with_user(self.officer2).source = "Read on the catalogue"
        self._refused(record.with_user(self.officer), "action_verify")
        self._refused(record.with_user(self.officer2), "action_verify")
        record.with_user(self.referent).action_verify()


@tagged("post_install", "-at_install")
class TestDerogation(AuthorsCase):
    def _new_derogation(self, **vals):
        return (
            self.env["souverainete.derogation"]
            .with_user(self.buyer)
            .create(
                {
                    "requisition_id": self._new_file().id,
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "motive": "None fits yet",
                    "measures": "Encryption",
                    **vals,
                }
            )
        )

    def _decision(self):
        return {
            "authority": "The minister",
            "document": b"ZGVjaXNpb24=",
            "date_start": "2026-01-01",
            "date_end": "2027-12-31",
        }

    def test_the_ordinary_road(self):
        """The officer fills in what the authority decided, then records it."""
        derogation = self._new_derogation()
        derogation.action_request()
        officer = derogation.with_user(self.officer)
        officer.write(self._decision())
        officer.action_grant()
        self.assertEqual(derogation.state, "granted")

    def test_an_officer_writes_what_a_buyer_asks_for(self):
        for vals in ({"motive": "Everything"}, {"date_end": "2099-12-31"}):
            derogation = self._new_derogation(**self._decision())
            derogation.with_user(self.officer).write(vals)
            derogation.action_request()
            self._refused(derogation.with_user(self.officer), "action_grant")
            derogation.with_user(self.officer2).action_grant()

    def test_a_person_asks(self):
        derogation = self._new_derogation().with_user(SUPERUSER_ID)
        with self.assertRaisesRegex(AccessError, "A person asks"):
            derogation.action_request()


@tagged("post_install", "-at_install")
class TestUrgency(AuthorsCase, ExtremeUrgencyCase):
    def test_asked_and_answered_by_one_person(self):
        self.buyer.group_ids = [Command.link(self.env.ref(f"{ADDON}.group_duty").id)]
        extreme_urgency = self._requested(self._urgent_order())
        self._refused(extreme_urgency.with_user(self.buyer), "action_confirm")
        extreme_urgency.with_user(self.duty).action_confirm()

    def test_who_wrote_the_order_does_not_answer(self):
        order = self._urgent_order()
        order.order_line.with_user(self.officer).price_unit = 95000
        extreme_urgency = self._requested(order)
        self._refused(extreme_urgency.with_user(self.officer), "action_confirm")

    def test_the_order_is_exchanged_meanwhile(self):
        order = self._urgent_order()
        extreme_urgency = self._requested(order)
        other = self.env["product.product"].create(
            {"name": "Something else", "cpv_code": "48515000"}
        )
        line = Command.create({"product_id": other.id, "price_unit": 99})
        order.write({"order_line": [Command.clear(), line]})
        with self.assertRaisesRegex(UserError, "no longer what was asked"):
            extreme_urgency.with_user(self.duty).action_confirm()
