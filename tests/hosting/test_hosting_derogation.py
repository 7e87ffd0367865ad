"""A derogation: asked by one, decided outside, recorded by another, never erased."""

import base64
import hashlib
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON
from .hosting_common import DAY, HostingCase

DOCUMENT = b"Signed by the minister"


@tagged("post_install", "-at_install")
class TestDerogation(HostingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref(f"{ADDON}.rule_hosting_qualified")
        cls.derogation = cls._new_derogation()

    @classmethod
    def _new_derogation(cls, user=None, **vals):
        return (
            cls.env["souverainete.derogation"]
            .with_user(user or cls.buyer)
            .create(
                {
                    "rule_id": cls.rule.id,
                    "requisition_id": cls.file.id,
                    "motive": "The project is already engaged.",
                    "measures": "Encryption with keys of the ministry.",
                    "authority": "The minister",
                    "document": base64.b64encode(DOCUMENT),
                    "date_start": "2026-11-01",
                    "date_end": "2027-10-31",
                    **vals,
                }
            )
        )

    def _grant(self):
        self.derogation.action_request()
        self.derogation.with_user(self.officer).action_grant()

    def test_only_a_derogable_rule(self):
        with self.assertRaisesRegex(ValidationError, "derogation can be granted"):
            self._new_derogation(
                rule_id=self.env.ref(f"{ADDON}.rule_data_questions").id
            )

    @freeze_time(DAY)
    def test_a_request_lifts_nothing(self):
        self._new_component()
        self.derogation.action_request()
        self.assertIn("hosting_qualified", self._codes(self.file))

    def test_it_lifts_the_rule_within_its_period(self):
        self._new_component()
        self._grant()
        for day, lifted in (
            ("2026-10-31 12:00:00", False),
            ("2026-11-01 12:00:00", True),
            ("2027-10-31 12:00:00", True),
            ("2027-11-01 12:00:00", False),
        ):
            with self.subTest(day), freeze_time(day):
                blocked = "hosting_qualified" in self._codes(self.file)
                self.assertEqual(blocked, not lifted)

    @freeze_time(DAY)
    def test_what_it_lifts_stays_shown(self):
        self._new_component()
        self._grant()
        [lifted] = [f for f in self.file._findings() if f.lifted_by]
        self.assertEqual(lifted.rule, self.rule)
        self.assertEqual(lifted.lifted_by, self.derogation)
        self.assertIn(
            "Lifted by: Derogation to a rule, until 10/31/2027.", str(self.file.stepper)
        )

    @freeze_time(DAY)
    def test_it_lifts_no_other_rule_nor_file(self):
        self._grant()
        self.assertIn("components_declared", self._codes(self.file))
        other = self._new_file()
        self.assertFalse(other._get_waivers())

    @freeze_time(DAY)
    def test_file_signed_by_derogation_then_revoked(self):
        self._new_component()
        self._grant()
        self._sign()
        self.assertEqual(self.file.compliance_state, "derogated")
        self.derogation.with_user(self.officer2).action_revoke()
        self.assertEqual(self.file.compliance_state, "lapsed")

    def test_four_eyes(self):
        asked = self._new_derogation(user=self.officer)
        asked.action_request()
        with self.assertRaises(AccessError):
            asked.action_grant()
        with self.assertRaises(AccessError):
            asked.sudo().action_grant()
        asked.with_user(self.officer2).action_grant()
        self.assertEqual(asked.state, "granted")
        self.assertEqual(asked.requested_by_id, self.officer)
        self.assertEqual(asked.recorded_by_id, self.officer2)

    def test_who_wrote_the_request_does_not_record_it(self):
        asked = self._new_derogation(user=self.officer)
        asked.with_user(self.buyer).action_request()
        with self.assertRaises(AccessError):
            asked.action_grant()

    def test_only_an_officer_records(self):
        self.derogation.action_request()
        for user in (self.purchase_manager, self.dae, self.referent):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.derogation.with_user(user).action_grant()

    def test_granting_needs_authority_document_and_period(self):
        for name in ("authority", "document", "date_start", "date_end"):
            with self.subTest(name):
                derogation = self._new_derogation(**{name: False})
                derogation.action_request()
                with self.assertRaisesRegex(UserError, "Fill in before recording"):
                    derogation.with_user(self.officer).action_grant()

    def test_nobody_writes_the_state(self):
        for user in (self.buyer, self.officer):
            record = self.derogation.with_user(user)
            for target in (record, record.sudo()):
                for vals in ({"state": "granted"}, {"recorded_by_id": user.id}):
                    with self.assertRaises(AccessError):
                        target.write(vals)
            with self.assertRaises(AccessError):
                self._new_derogation(user=user, state="granted")

    def test_what_was_asked_then_decided_is_not_rewritten(self):
        self.derogation.action_request()
        with self.assertRaisesRegex(UserError, "what was asked or decided"):
            self.derogation.motive = "Another motive"
        self.derogation.with_user(self.officer).action_grant()
        for vals in (
            {"date_end": "2030-01-01"},
            {"document": False},
            {"measures": "x"},
        ):
            with self.assertRaisesRegex(UserError, "what was asked or decided"):
                self.derogation.with_user(self.officer).write(vals)

    def test_never_deleted(self):
        for user in (self.buyer, self.officer, self.referent):
            with self.assertRaises(AccessError):
                self.derogation.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "never deleted"):
            self.derogation.sudo().unlink()
        with self.assertRaisesRegex(UserError, "decisions were recorded"):
            self.file.unlink()

    @freeze_time(DAY)
    def test_publication_is_asked_and_recorded_by_an_officer(self):
        self._grant()
        self.assertTrue(self._messages("derogation_published"))
        published = {
            "publication_date": "2026-11-20",
            "publication_url": "https://www.example.gouv.fr/derogation",
        }
        with self.assertRaisesRegex(UserError, "what was asked or decided"):
            self.derogation.write(published)
        self.derogation.with_user(self.officer).write(published)
        self.assertFalse(self._messages("derogation_published"))

    def test_decisions_are_journalled_with_the_document_s_digest(self):
        with patch.object(type(self.file), "_journal", autospec=True) as journal:
            self._grant()
        entries = [
            c.args[2] for c in journal.call_args_list if c.args[1] == "derogation"
        ]
        self.assertEqual([e["state"] for e in entries], ["requested", "granted"])
        digest = hashlib.sha256(DOCUMENT).hexdigest()
        self.assertEqual(entries[-1]["document_sha256"], digest)


@tagged("post_install", "-at_install")
class TestWhatItCovers(HostingCase):
    """The service of one offer, for what it fell short of; nothing else."""

    def setUp(self):
        super().setUp()
        self.service = self._new_component(name="Meetings")

    def _grant(self, **vals):
        derogation = self.env["souverainete.derogation"].with_user(self.buyer)
        derogation = derogation.create(
            {
                "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                "requisition_id": self.file.id,
                "motive": "The project is already engaged.",
                "measures": "Encryption with keys of the ministry.",
                "authority": "The minister",
                "document": base64.b64encode(DOCUMENT),
                "date_start": "2026-11-01",
                "date_end": "2027-10-31",
                **vals,
            }
        )
        derogation.action_request()
        derogation.with_user(self.officer).action_grant()
        return derogation

    def _assert_lifted(self, lifted):
        code = "hosting_qualified"
        self.assertEqual(code not in self._codes(self.file), lifted)

    @freeze_time(DAY)
    def test_what_falls_short_is_named(self):
        qualified = self._new_qualified(name="Nuage souverain")
        derogation = self._grant()
        self.assertEqual(derogation.component_ids, self.service)
        self._assert_lifted(True)
        # Another service that falls short later, though of the same offer.
        qualified.qualification_id.sudo().write({"date_end": "2026-11-01"})
        self._assert_lifted(False)

    @freeze_time(DAY)
    def test_another_provider_name_or_ground(self):
        self._grant()
        ended = self.qualification.copy(
            {"date_start": "2026-01-02", "date_end": "2026-11-01"}
        )
        for vals in (
            {"partner_id": self.other_vendor.id},
            {"name": "Another service"},
            {"service_type_id": self.saas.id},
            {"qualification_id": ended.id},
        ):
            with self.subTest(vals), self.env.cr.savepoint() as savepoint:
                self.service.sudo().write(vals)
                self._assert_lifted(False)
                savepoint.rollback()
            self.env.invalidate_all()
        self._assert_lifted(True)

    @freeze_time(DAY)
    def test_one_service_among_several(self):
        other = self._new_component(name="Archive")
        self._grant(component_ids=other.ids)
        self._assert_lifted(False)
        self.service.sudo().unlink()
        self._assert_lifted(True)

    @freeze_time(DAY)
    def test_what_was_asked_stays(self):
        derogation = self._grant()
        with self.assertRaisesRegex(UserError, "what was asked or decided"):
            derogation.component_ids = False
        with self.assertRaises(AccessError):
            derogation.sudo().asked_for = {}

    @freeze_time(DAY)
    def test_not_where_an_offer_meets_the_rule(self):
        offer = self.option.sudo().copy({"kind": "offer", "verdict": "pending"})
        qualified = {"qualification_id": self.qualification.id}
        self.service.sudo().copy(
            {"option_id": offer.id, "service_type_id": self.iaas.id, **qualified}
        )
        with self.assertRaisesRegex(UserError, "an acceptable offer is available"):
            self._grant()
        offer.sudo().assessment = "inadequate"
        self._grant()
