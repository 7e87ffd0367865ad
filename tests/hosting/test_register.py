"""The register of qualified services: what is proved, and on which day."""

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase

START, END = date(2026, 3, 1), date(2026, 9, 30)


@tagged("post_install", "-at_install")
class TestRegister(SouveraineteCase):
    @classmethod
    def _new_qualification(cls, **vals):
        return cls.env["souverainete.qualification"].create(
            {
                "partner_id": cls.vendor.id,
                "service": "Nuage souverain",
                "date_start": START,
                "date_end": END,
                **vals,
            }
        )

    def _ref(self, name):
        return self.env.ref(f"{ADDON}.qualification_{name}")

    def test_both_ends_are_inclusive(self):
        qualification = self._new_qualification()
        for day, valid in (
            (date(2026, 2, 28), False),
            (START, True),
            (date(2026, 6, 1), True),
            (END, True),
            (date(2026, 10, 1), False),
        ):
            with self.subTest(day):
                self.assertEqual(qualification._is_valid_on(day), valid)

    def test_unknown_proves_nothing(self):
        for name in ("service", "date_start", "date_end"):
            with self.subTest(name):
                qualification = self._new_qualification(**{name: False})
                self.assertFalse(qualification._is_valid_on(date(2026, 6, 1)))

    def test_unknown_end_asks_to_verify(self):
        gap = self._new_qualification(date_end=False)._get_validity_gap(START)
        self.assertIn("end date unknown", gap)
        self.assertIn("ANSSI catalogue", gap)

    def test_under_examination_proves_nothing(self):
        qualification = self._new_qualification(state="examination")
        self.assertFalse(qualification._is_valid_on(date(2026, 6, 1)))

    def test_withdrawn_from_its_date(self):
        qualification = self._new_qualification(
            state="withdrawn", date_withdrawn=date(2026, 6, 1)
        )
        self.assertTrue(qualification._is_valid_on(date(2026, 5, 31)))
        self.assertFalse(qualification._is_valid_on(date(2026, 6, 1)))

    def test_withdrawn_on_an_unknown_day_was_never_proved(self):
        qualification = self._new_qualification(state="withdrawn")
        self.assertFalse(qualification._is_valid_on(START))

    def test_filters_agree_with_what_is_shown(self):
        self._new_qualification(state="withdrawn", date_withdrawn=date(2026, 6, 1))
        records = self.env["souverainete.qualification"].search([])
        for day in (
            "2023-12-01",
            "2026-05-31",
            "2026-06-01",
            "2026-12-30",
            "2030-01-01",
        ):
            with freeze_time(f"{day} 12:00:00"):
                records.invalidate_recordset(["standing"])
                for standing, _label in records._fields["standing"].selection:
                    found = records.search([("standing", "=", standing)])
                    shown = records.filtered(lambda q, s=standing: q.standing == s)
                    self.assertEqual(found, shown, (day, standing))

    def test_renewal_is_a_new_record(self):
        first = self._new_qualification()
        second = self._new_qualification(
            date_start=END, date_end=date(2029, 9, 30), replaces_id=first.id
        )
        self.assertFalse(first._is_valid_on(date(2027, 1, 1)))
        self.assertTrue(second._is_valid_on(date(2027, 1, 1)))

    def test_shipped_register(self):
        """Dates as read; what was not read stays empty, hence unproved."""
        for name, end in (
            ("outscale_iaas", date(2026, 11, 30)),
            ("ovh_hosted_private_cloud", date(2026, 12, 29)),
            ("cloud_temple_iaas", date(2028, 5, 30)),
        ):
            self.assertEqual(self._ref(name).date_end, end)
            self.assertTrue(self._ref(name)._is_valid_on(end))
        for name in ("whaller_donjon", "oodrive_work", "index_education", "bleu"):
            self.assertFalse(self._ref(name)._is_valid_on(date(2026, 11, 23)))
        records = self.env["souverainete.qualification"].search([])
        self.assertEqual(set(records.mapped("certainty")), {"press"})

    def test_siren_of_a_provider(self):
        self.assertEqual(
            self._ref("ovh_bare_metal_pod").partner_id.company_registry, "424761419"
        )

    def test_who_records(self):
        qualification = self._new_qualification()
        for user in (self.buyer, self.purchase_manager, self.dae, self.ambassador):
            with self.subTest(user.login), self.assertRaises(AccessError):
                qualification.with_user(user).date_end = date(2030, 1, 1)
        for user in (self.officer, self.referent):
            with self.subTest(user.login):
                qualification.with_user(user).action_withdraw()
                self.assertEqual(qualification.standing, "withdrawn")
                qualification.write({"state": "granted", "date_withdrawn": False})

    def test_nothing_of_the_register_is_deleted(self):
        """Used or not: what was recorded by mistake is said to be so."""
        qualification = self._new_qualification()
        for user in (self.officer, self.referent, self.env.user):
            with (
                self.subTest(user.login),
                self._refused_as("not allowed to delete|never deleted"),
            ):
                qualification.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "purchases were judged on it"):
            qualification.sudo().unlink()
        qualification.with_user(self.officer).state = "void"
        self.assertEqual(qualification._get_standing(START), "void")
        self.assertTrue(qualification._get_validity_gap(START))
