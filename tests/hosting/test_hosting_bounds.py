"""Bounds of a derogation on the hosting of sensitive data: dated, shown, hardenable."""

import base64
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON
from .hosting_common import DAY, HostingCase


@tagged("post_install", "-at_install")
@freeze_time(DAY)
class TestBounds(HostingCase):
    def _new_derogation(self, **vals):
        return (
            self.env["souverainete.derogation"]
            .with_user(self.buyer)
            .create(
                {
                    "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                    "requisition_id": self.file.id,
                    "motive": "The project is already engaged.",
                    "measures": "Encryption with keys of the ministry.",
                    "authority": "The minister",
                    "document": base64.b64encode(b"Signed"),
                    "date_start": "2026-11-01",
                    "date_end": "2027-10-31",
                    "engaged_on": "2024-01-15",
                    "acceptable_offer": "none",
                    **vals,
                }
            )
        )

    def _granted(self, **vals):
        derogation = self._new_derogation(**vals)
        derogation.action_request()
        derogation.with_user(self.officer).action_grant()
        return derogation

    def _available(self, day):
        return {"acceptable_offer": "available", "acceptable_offer_date": day}

    def test_within(self):
        self._granted()
        self.assertFalse(self._messages("derogation_bounds"))

    def test_what_is_missing_or_beyond(self):
        for vals, said in (
            ({"engaged_on": False}, "say when the project was engaged"),
            ({"engaged_on": "2026-11-02"}, "engaged after the derogation starts"),
            ({"acceptable_offer": False}, "say since when"),
            (self._available("2026-04-29"), "lasts beyond"),
        ):
            with self.subTest(said):
                derogation = self._granted(**vals)
                self.assertIn(said, " ".join(self._messages("derogation_bounds")))
                self.assertIn(said, derogation.bounds_gap)
                derogation.with_user(self.officer2).action_revoke()

    def test_month_ends_and_the_last_day(self):
        for offered, limit in (
            (date(2026, 4, 30), date(2027, 10, 30)),
            (date(2026, 8, 31), date(2028, 2, 29)),
            (date(2025, 8, 31), date(2027, 2, 28)),
            (date(2026, 2, 28), date(2027, 8, 28)),
            (date(2024, 2, 29), date(2025, 8, 29)),
        ):
            with self.subTest(offered):
                derogation = self._new_derogation(
                    **self._available(offered), date_start=offered, date_end=limit
                )
                self.assertEqual(derogation.date_limit, limit)
                self.assertFalse(derogation.bounds_gap)
                derogation.date_end = date.fromordinal(limit.toordinal() + 1)
                self.assertIn("lasts beyond", derogation.bounds_gap)

    def test_the_time_limit_is_a_dated_record(self):
        self.env.ref(f"{ADDON}.time_limit_sren_engaged").number = 12
        derogation = self._new_derogation(**self._available("2026-11-30"))
        self.assertEqual(derogation.date_limit, date(2027, 11, 30))

    def test_a_warning_that_a_ministry_hardens(self):
        self._new_component()
        self._granted(**self._available("2026-04-29"))
        self.assertNotIn("derogation_bounds", self._codes(self.file))
        rule = self.env.ref(f"{ADDON}.rule_derogation_bounds")
        rule.copy({"company_id": self.company.id, "severity": "blocking"})
        self.assertIn("derogation_bounds", self._codes(self.file))
        with self._refused("derogation_bounds"):
            self._sign()

    def test_an_offer_that_comes_after_the_decision(self):
        """A fact: the officer records it once, and the time limit runs from then."""
        derogation = self._granted(date_end="2029-12-31")
        with self.assertRaisesRegex(UserError, "what was asked or decided"):
            derogation.write(self._available("2026-11-20"))
        officer = derogation.with_user(self.officer)
        officer.write(self._available("2026-11-20"))
        self.assertEqual(derogation.date_limit, date(2028, 5, 20))
        self.assertTrue(self._messages("derogation_bounds"))
        for vals in (
            self._available("2027-11-20"),
            {"acceptable_offer": "none", "acceptable_offer_date": False},
            {"engaged_on": "2020-01-01"},
        ):
            for door in (officer, officer.sudo(), derogation.with_user(self.officer2)):
                with self.assertRaisesRegex(UserError, "what was asked or decided"):
                    door.write(vals)

    def test_available_says_since_when(self):
        with self.assertRaisesRegex(ValidationError, "Give the day an acceptable"):
            self._new_derogation(acceptable_offer="available")
        with self.assertRaisesRegex(ValidationError, "Give the day an acceptable"):
            self._new_derogation(acceptable_offer_date="2026-11-01")

    def test_the_file_lapses_when_its_derogation_ends(self):
        self._new_component()
        self._granted()
        self._sign()
        self.assertEqual(self.file.compliance_state, "derogated")
        with freeze_time("2027-10-31 12:00:00"):
            self.file._refresh_compliance()
            self.assertEqual(self.file.compliance_state, "derogated")
        with freeze_time("2027-11-01 00:30:00"):
            self.file._refresh_compliance()
            self.assertEqual(self.file.compliance_state, "lapsed")
            self.assertTrue(self.file.activity_ids)
            self.assertIn("hosting_qualified", self._codes(self.file))

    def test_without_a_time_limit_in_force_the_file_is_still_judged(self):
        """Unknown is not zero, and is told as such: it stops no job."""
        self.env.ref(f"{ADDON}.time_limit_sren_engaged").date_end = "2026-01-31"
        self._new_component()
        derogation = self._granted(**self._available("2026-04-29"))
        self.assertFalse(derogation.date_limit)
        said = "how long it may last is unknown"
        self.assertIn(said, " ".join(self._messages("derogation_bounds")))
        self._sign()
        self.file._refresh_compliance()
        self.assertIn(said, derogation.bounds_gap)
