"""Roads around the gate, each tried and refused. No room is needed to be filled in:
an empty file must not get through by any of them."""

import base64

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import EMPTY, PDF, SIGNED, SouveraineteCase


@tagged("post_install", "-at_install")
class TestFileBypass(SouveraineteCase):
    def _roads(self):
        """The same person by three doors: buyer, purchase manager, sudo."""
        for user in (self.buyer, self.purchase_manager):
            file = self._new_file(user=user)
            yield file
            yield file.sudo()
        yield self._new_file().with_user(SUPERUSER_ID)

    def _assert_refused(self, expected, attempt):
        for file in self._roads():
            with self.subTest(uid=file.env.uid, su=file.env.su):
                with self._refused_as(expected):
                    attempt(file)

    def test_confirm_button(self):
        self._assert_refused(EMPTY, lambda f: f.action_confirm())

    def test_state_written(self):
        self._assert_refused(EMPTY, lambda f: f.write({"state": "confirmed"}))

    def test_done_from_draft(self):
        self._assert_refused(EMPTY, lambda f: f.write({"state": "done"}))
        self._assert_refused(EMPTY, lambda f: f.action_done())

    def test_created_in_its_final_state(self):
        for state in ("confirmed", "done"):
            self._assert_refused(
                EMPTY,
                lambda f, state=state: self._new_file(user=f.env.user, state=state),
            )

    def test_created_by_forged_defaults(self):
        def create(file):
            context = {
                "default_state": "confirmed",
                "default_gate_state": "confirmed",
                "default_is_prior": True,
                "default_date_launch": "2020-01-01 00:00:00",
            }
            new = file.with_context(**context).create(
                {
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.software.id,
                                "product_qty": 1,
                                "price_unit": 9e4,
                            }
                        )
                    ]
                }
            )
            new.flush_recordset()

        self._assert_refused((*EMPTY, "characterisation"), create)

    def test_created_by_defaults_users_save_for_themselves(self):
        defaults = self.env["ir.default"].with_user(self.buyer)
        defaults.set("purchase.requisition", "is_prior", True, user_id=True)
        officer = self.officer.id
        defaults.set(
            "purchase.requisition", "project_scope_officer_id", officer, user_id=True
        )
        file = self._new_file()
        self.assertFalse(file.is_prior or file.project_scope_officer_id)
        with self._refused(*EMPTY):
            file.action_confirm()

    def test_no_saved_default_reaches_a_guarded_field(self):
        values = {
            "boolean": True,
            "integer": 7,
            "float": 7.0,
            "monetary": 7.0,
            "char": "forged",
            "text": "forged",
            "date": "2020-01-01",
            "datetime": "2020-01-01 00:00:00",
        }
        tried = 0
        for model, field in self._get_guarded_fields():
            if field.type not in values:
                continue
            records = self.env[model].with_user(self.buyer)
            before = records.default_get([field.name])
            self.env["ir.default"].with_user(self.buyer).set(
                model, field.name, values[field.type], user_id=True
            )
            with self.subTest(model=model, field=field.name):
                forged = records.with_context(
                    **{f"default_{field.name}": values[field.type]}
                )
                for door in (records, records.sudo(), forged, forged.sudo()):
                    self.assertEqual(door.default_get([field.name]), before)
            tried += 1
        self.assertGreater(tried, 100)

    def _get_guarded_fields(self):
        for model in self.env.registry.values():
            guarded = getattr(self.env[model._name], "_get_server_fields", None)
            if guarded and not model._abstract and not model._transient:
                yield from ((model._name, model._fields[n]) for n in sorted(guarded()))

    def test_imported_in_its_final_state(self):
        for user in (self.buyer, self.purchase_manager):
            result = (
                self.env["purchase.requisition"]
                .with_user(user)
                .load(
                    ["vendor_id", "state", "line_ids/product_id"],
                    [[self.vendor.name, "confirmed", self.software.name]],
                )
            )
            self.assertFalse(result["ids"])
            self.assertTrue(result["messages"])

    def test_server_fields_written(self):
        for name, value in (
            ("date_launch", "2020-01-01 00:00:00"),
            ("gate_passed_on", "2020-01-01 00:00:00"),
            ("gate_state", "confirmed"),
            ("gate_envelope", {"out_of_scope": True, "products": []}),
            ("is_prior", True),
            ("compliance_state", "compliant"),
            ("scope_officer_id", self.officer.id),
            ("is_digital", False),
            ("scope_status", "out"),
        ):
            self._assert_refused(
                "Use the buttons of the form",
                lambda f, n=name, v=value: f.write({n: v}),
            )

    def test_context_keys(self):
        keys = {
            "souverainete_server": True,
            "skip_validation_check": True,
            "install_mode": True,
            "module": "souverainete_achat",
            "tz": "Pacific/Kiritimati",
            "tracking_disable": True,
            "no_check": True,
        }
        self._assert_refused(EMPTY, lambda f: f.with_context(**keys).action_confirm())
        self._assert_refused(
            "Use the buttons of the form",
            lambda f: f.with_context(**keys).write({"gate_state": "confirmed"}),
        )

    def test_server_action(self):
        file = self._new_file()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env["ir.model"]._get_id("purchase.requisition"),
                "state": "code",
                "code": "records.write({'state': 'confirmed'})",
            }
        )
        with self._refused(*EMPTY):
            action.with_context(
                active_model=file._name, active_ids=file.ids, active_id=file.id
            ).run()

    def test_chairs_swapped_for_software_after_confirmation(self):
        file = self._new_file(self.chair)
        file.with_user(self.purchase_manager).action_confirm()
        for vals in (
            {
                "line_ids": [
                    Command.update(file.line_ids.id, {"product_id": self.software.id})
                ]
            },
            {"cpv_code": "72000000"},
            {"scope_override": "in"},
        ):
            with self._refused(*EMPTY, "envelope"):
                file.with_user(self.purchase_manager).write(vals)
        with self._refused(*EMPTY, "envelope"):
            file.line_ids.with_user(self.purchase_manager).product_id = self.software

    def test_take_over_is_the_officers(self):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        for user in (self.buyer, self.purchase_manager):
            with self.assertRaises(AccessError):
                self._new_file(user=user)._take_over(document, "signed in 2024", SIGNED)
        own = self._new_file(user=self.officer)
        with self.assertRaises(AccessError):
            own._take_over(document, "signed in 2024", SIGNED)
        with self.assertRaisesRegex(UserError, "document that proves the contract"):
            self._new_file().with_user(self.officer)._take_over(
                document.browse(), "no document"
            )

    def test_file_with_evidence_is_not_deleted(self):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file = self._new_file()
        file.with_user(self.officer)._take_over(document, "signed in 2024", SIGNED)
        file.with_user(self.purchase_manager).action_cancel()
        with self.assertRaisesRegex(UserError, "decisions were recorded"):
            file.with_user(self.purchase_manager).unlink()


@tagged("post_install", "-at_install")
class TestAccepted(SouveraineteCase):
    """What repairs, closes or records is never refused."""

    def test_incomplete_file_is_cancelled_and_reopened(self):
        file = self._new_file()
        file.action_cancel()
        file.action_draft()
        self.assertEqual(file.state, "draft")

    def test_officer_takes_over_with_the_document(self):
        file = self._new_file()
        wizard = self.env["souverainete.take.over"].with_user(self.officer)
        wizard.with_context(active_ids=file.ids).create(
            {
                "document": base64.b64encode(PDF),
                "filename": "contract.pdf",
                "reason": "Signed on PLACE in 2024",
                "date_signed": SIGNED,
            }
        ).action_take_over()
        self.assertEqual((file.state, file.compliance_state), ("confirmed", "prior"))
        self.assertEqual(file.sudo().prior_document_id.raw, PDF)

    def test_prior_contract_is_performed_and_closed(self):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file = self._new_file()
        file.with_user(self.officer)._take_over(document, "signed in 2024", SIGNED)
        self.assertEqual(file.compliance_state, "prior")
        order = self._new_order(requisition_id=file.id, price=60000)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        second = self._new_order(requisition_id=file.id, price=60000)
        with self.assertRaisesRegex(UserError, "exceed"):
            second.with_user(self.purchase_manager).button_confirm()
        file.line_ids.with_user(self.purchase_manager).product_qty = 0.9
        with self._refused("envelope"):
            file.line_ids.with_user(self.purchase_manager).product_qty = 2
        second.button_cancel()
        file.action_done()
        self.assertEqual(file.state, "done")

    def test_prior_contract_takes_no_order_after_its_end(self):
        document = self.env["ir.attachment"].create({"name": "c.pdf", "raw": PDF})
        file = self._new_file(date_start="2020-01-01", date_end="2021-01-01")
        file.with_user(self.officer)._take_over(document, "signed in 2020", SIGNED)
        order = self._new_order(requisition_id=file.id, price=100)
        with self.assertRaisesRegex(UserError, "takes no order"):
            order.button_confirm()
