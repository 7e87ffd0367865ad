"""A renewal pending: what runs is warned for a set time, nothing new is signed."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import ADDON
from .register_common import RegisterCase


@tagged("post_install", "-at_install")
class TestPending(RegisterCase):
    def setUp(self):
        super().setUp()
        self.file = self._signed(date_end="2029-12-31")
        self._set_pending()

    def _codes_of(self, file, blocking):
        self.env.invalidate_all()
        findings = file._findings("award")
        return {f.rule.code for f in findings if f.blocking == blocking}

    def _order(self):
        order = self._new_order(requisition_id=self.file.id, price=10)
        order.with_user(self.purchase_manager).button_confirm()
        return order

    def test_orders_go_on_with_a_warning_for_the_set_time(self):
        """Three calendar months after 30 November: the last day of February."""
        for day in ("2026-12-01", "2027-02-28"):
            with self._at(day):
                self.assertNotIn("hosting_qualified", self._codes_of(self.file, True))
                self.assertIn("hosting_pending", self._codes_of(self.file, False))
                self.assertEqual(self._order().state, "purchase")
                self.file._refresh_compliance()
                self.assertEqual(self.file.compliance_state, "compliant")
        with self._at("2027-03-01"):
            self.assertIn("hosting_qualified", self._codes_of(self.file, True))
            with self.assertRaisesRegex(UserError, "is no proof"):
                self._order()
            self.file._refresh_compliance()
            self.assertEqual(self.file.compliance_state, "lapsed")

    def test_it_never_says_that_the_service_lapsed(self):
        with self._at("2026-12-01"):
            messages = [f.message for f in self.file._findings("award")]
            told = next(m for m in messages if "pending since" in m)
            for words in ("30", "Verify on the ANSSI catalogue", "15 October 2026"):
                self.assertIn(words, told)
            self.assertFalse([m for m in messages if "lapsed" in m])

    def test_nothing_new_is_signed_by_default(self):
        file = self._launched_file()
        with self._at("2026-12-01"):
            self._retain_offer(file)
            self.assertIn("hosting_qualified", self._codes_of(file, True))
            with self._refused("hosting_qualified"):
                file.action_confirm()

    def test_a_ministry_may_say_for_how_long_one_signs(self):
        self.env["souverainete.time.limit"].create(
            {
                "name": "Signing",
                "kind": "renewal_pending_award",
                "number": 1,
                "certainty": "policy",
                "policy_state": "active",
            }
        )
        file = self._launched_file()
        with self._at("2026-12-30"):
            self._retain_offer(file)
            self.assertNotIn("hosting_qualified", self._codes_of(file, True))
        with self._at("2026-12-31"):
            self.assertIn("hosting_qualified", self._codes_of(file, True))

    def test_a_buyer_gains_nothing_by_a_context(self):
        with self._at("2026-12-01"):
            file = self.file.with_context(souverainete_extends=False)
            self.assertNotIn("hosting_qualified", self._codes_of(file, True))
            draft = self._launched_file().with_context(souverainete_extends=False)
            self._retain_offer(draft)
            self.assertIn("hosting_qualified", self._codes_of(draft, True))

    def test_extending_is_signing_anew(self):
        with self._at("2026-12-01"):
            self.env.invalidate_all()
            findings = self.file._get_extension_findings()
            self.assertIn(
                "hosting_qualified", {f.rule.code for f in findings if f.blocking}
            )

    def test_not_before_its_day_and_not_once_closed(self):
        for vals in (
            {"renewal_pending_since": "2026-12-05"},
            {"renewal_closed_on": "2026-12-01"},
            {"state": "withdrawn"},
            {"state": "examination"},
        ):
            with self.subTest(vals), self._at("2026-12-01"):
                with self.env.cr.savepoint() as savepoint:
                    self.qualification.write(vals)
                    self.assertIn("hosting_qualified", self._codes_of(self.file, True))
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_suspended_is_not_pending(self):
        self.qualification.suspension_ids.create(
            {
                "qualification_id": self.qualification.id,
                "date_start": "2026-11-28",
                "source": "ANSSI",
            }
        )
        with self._at("2026-12-01"):
            self.assertIn("hosting_qualified", self._codes_of(self.file, True))

    def test_pending_by_who_buys_proves_nothing(self):
        self._set_pending(user=self.officer, renewal_source="I was told so")
        self.file.sudo().user_id = self.officer
        other = self._new_user("officer3", "souverainete_achat.group_officer")
        with self._at("2026-12-01"):
            self.assertIn("hosting_qualified", self._codes_of(self.file, True))
            self.qualification.with_user(other).action_verify()
            self.assertNotIn("hosting_qualified", self._codes_of(self.file, True))

    def test_a_source_is_asked(self):
        for source in (False, "", "  "):
            with (
                self.assertRaisesRegex(UserError, "Say where it was read"),
                self.env.cr.savepoint(),
            ):
                self._set_pending(renewal_source=source)

    def test_a_ministry_may_make_it_blocking(self):
        self.env.ref(f"{ADDON}.rule_hosting_pending").severity = "blocking"
        with self._at("2026-12-01"), self._refused("hosting_pending"):
            self._order()

    def test_the_shipped_date_that_passed_is_to_be_checked_never_withdrawn(self):
        """No news of Outscale's renewal was found: nothing says or denies it."""
        outscale = self.env.ref(f"{ADDON}.qualification_outscale_iaas")
        labels = dict(outscale._fields["standing"]._description_selection(self.env))
        for day, standing in (("2026-11-30", "valid"), ("2026-12-01", "ended")):
            with self._at(day):
                outscale.invalidate_recordset()
                self.assertEqual(outscale.standing, standing)
        self.assertIn("to be checked", labels["ended"])
        with self._at("2026-12-01"):
            told = str(outscale._get_validity_gap(date(2026, 12, 1)))
        self.assertNotRegex(told, "(?i)withdrawn|lapsed")
        self.assertRegex(told, "(?i)verify|check")
