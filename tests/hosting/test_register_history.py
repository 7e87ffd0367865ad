"""What the register said, on any day, and who said it."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .register_common import END, RegisterCase


@tagged("post_install", "-at_install")
class TestHistory(RegisterCase):
    def setUp(self):
        super().setUp()
        with self._at("2026-01-10"):
            self.service = self._new_qualification(
                partner_id=self.other_vendor.id, decision="A-1"
            )

    def _entries(self):
        self.service.invalidate_recordset(["entry_ids"])
        return self.service.entry_ids

    def test_each_change_is_kept_with_its_reason_and_its_author(self):
        with self._at("2026-02-01"):
            self.service.with_user(self.officer).write(
                {"date_end": "2026-12-31", "change_reason": "Misread: decision A-1"}
            )
        changed, first = self._entries()
        self.assertEqual((first.kind, first.day), ("recorded", date(2026, 1, 10)))
        self.assertEqual(changed.user_id, self.officer)
        self.assertEqual(changed.day, date(2026, 2, 1))
        self.assertEqual(changed.reason, "Misread: decision A-1")
        self.assertEqual(changed.before["date_end"], "2026-11-30")
        self.assertEqual(changed.after["date_end"], "2026-12-31")
        self.assertIn("30/11/2026 → 31/12/2026", changed.changes)

    def test_what_changes_nothing_leaves_no_trace(self):
        self.service.write({"date_end": END})
        self.assertEqual(len(self.service.entry_ids), 1)

    def test_a_verification_is_kept(self):
        self.service.with_user(self.officer).action_verify()
        entry = self._entries()[0]
        self.assertEqual((entry.kind, entry.user_id), ("verified", self.officer))

    def test_the_history_is_neither_written_nor_deleted(self):
        entry = self.service.entry_ids
        for user in (self.buyer, self.officer, self.referent):
            door = entry.with_user(user)
            with self.subTest(user.login):
                forged = door.with_context(souverainete_server=True).sudo()
                written = "cannot be written"
                for words, act in (
                    (written, lambda d: d.write({"reason": "x"})),
                    (written, lambda d: d.sudo().write({"after": {}})),
                    ("not allowed to delete", lambda d: d.unlink()),
                    ("are evidence", lambda d: d.sudo().unlink()),
                    ("cannot be created by hand", lambda d: d.copy()),
                    (written, lambda d, f=forged: f.write({"day": "2020-01-01"})),
                ):
                    with self._refused_as(words):
                        act(door)
        with self.assertRaises(AccessError):
            self.service.with_user(self.officer).write({"entry_ids": [(5, 0, 0)]})

    def test_a_buyer_writes_nothing(self):
        register = self.service.with_user(self.buyer)
        for vals in (
            {"state": "granted"},
            {"date_end": "2099-12-31"},
            {"renewal_pending_since": "2026-11-01", "renewal_source": "x"},
            {"replaces_id": self.qualification.id},
            {"suspension_ids": [(5, 0, 0)]},
            {"followed_on": "2026-11-25"},
            {"line_id": self.qualification.id},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                register.write(vals)
        with self.assertRaises(AccessError):
            self.service.with_user(self.officer).write(
                {"line_id": self.qualification.id}
            )
        with self.assertRaises(AccessError):
            self.env["souverainete.qualification.suspension"].with_user(
                self.buyer
            ).create(
                {
                    "qualification_id": self.service.id,
                    "date_start": "2026-01-01",
                    "source": "x",
                }
            )

    def test_suspensions(self):
        service = self.service.with_user(self.officer)
        service.write(
            {
                "suspension_ids": [
                    (0, 0, {"date_start": "2026-03-01", "source": "ANSSI, 1 March"})
                ]
            }
        )
        suspension = service.suspension_ids
        self.assertEqual(suspension.recorded_by_id, self.officer)
        self.assertEqual(service._get_standing(date(2026, 2, 28)), "valid")
        self.assertEqual(service._get_standing(date(2026, 3, 1)), "suspended")
        suspension.date_end = "2026-03-31"
        self.assertEqual(service._get_standing(date(2026, 3, 31)), "suspended")
        self.assertEqual(service._get_standing(date(2026, 4, 1)), "valid")
        self.assertEqual(len(service.entry_ids), 3)
        other = {"qualification_id": self.qualification.id}
        delete = {"suspension_ids": [(2, suspension.id, 0)]}
        for words, act in (
            ("not allowed to delete", lambda: suspension.unlink()),
            ("is never deleted", lambda: suspension.sudo().unlink()),
            ("not allowed to delete", lambda: service.write(delete)),
            ("stays with its qualification", lambda: suspension.write(other)),
        ):
            with self._refused_as(words):
                act()

    def test_each_standing_is_found_by_its_search(self):
        self._set_pending()
        self.qualification.date_end = END
        self.service.suspension_ids.create(
            {
                "qualification_id": self.service.id,
                "date_start": "2026-05-01",
                "date_end": "2026-05-31",
                "source": "x",
            }
        )
        self._new_qualification(service="X", state="void")
        register = self.register.search([])
        for day in (
            "2026-05-31",
            "2026-11-30",
            "2026-12-01",
            "2027-02-28",
            "2027-03-01",
        ):
            with self._at(day):
                register.invalidate_recordset(["standing"])
                for standing, _label in register._fields["standing"].selection:
                    found = register.search([("standing", "=", standing)])
                    shown = register.filtered(lambda q, s=standing: q.standing == s)
                    self.assertEqual(found, shown, (day, standing))
        with self._at("2027-02-28"):
            self.qualification.invalidate_recordset(["standing"])
            self.assertEqual(self.qualification.standing, "pending")

    def _ask(self, day, known_on="2026-11-25"):
        question = Form(
            self.env["souverainete.qualification.question"]
            .with_user(self.buyer)
            .with_context(default_qualification_id=self.service.id)
        )
        question.day, question.known_on = day, known_on
        return question.proven, question.answer

    def test_was_it_qualified_on_that_day(self):
        self.assertTrue(self._ask("2026-11-30")[0])
        proven, answer = self._ask("2026-12-01")
        self.assertFalse(proven)
        self.assertIn("verif", answer)
        self.assertIn("A-1", answer)

    def test_as_the_register_stood_on_a_day(self):
        with self._at("2026-06-01"):
            self.service.write({"state": "withdrawn", "date_withdrawn": "2026-05-15"})
        self.assertFalse(self._ask("2026-05-20")[0])
        self.assertTrue(self._ask("2026-05-20", "2026-05-31")[0])
        self.assertFalse(self._ask("2026-05-20", "2026-06-01")[0])
        self.assertIn("held nothing", self._ask("2026-05-20", "2026-01-09")[1])

    def test_a_correction_does_not_hide_what_was_known(self):
        with self._at("2026-06-01"):
            self.service.write({"state": "void", "change_reason": "Another service"})
        self.assertFalse(self._ask("2026-05-01")[0])
        self.assertTrue(self._ask("2026-05-01", "2026-05-31")[0])


@tagged("post_install", "-at_install")
class TestLine(RegisterCase):
    def setUp(self):
        super().setUp()
        self.file = self._signed()

    def _blocks(self):
        self.env.invalidate_all()
        return "hosting_qualified" in self._codes(self.file, "award")

    def test_a_renewal_takes_over_on_its_first_day(self):
        self._renew()
        for day in ("2026-11-30", "2026-12-01", "2029-11-30"):
            with self._at(day):
                self.assertFalse(self._blocks(), day)
        with self._at("2029-12-01"):
            self.assertTrue(self._blocks())

    def test_a_gap_between_two_decisions(self):
        self._renew(date_start="2026-12-10")
        for day, blocks in (("2026-11-30", 0), ("2026-12-05", 1), ("2026-12-10", 0)):
            with self._at(day):
                self.assertEqual(self._blocks(), bool(blocks), day)

    def test_the_withdrawal_of_the_renewal_is_not_hidden_by_older_dates(self):
        renewal = self._renew(date_start="2026-11-01")
        self.assertFalse(self._blocks())
        renewal.action_withdraw()
        self.assertTrue(self._blocks())

    def test_a_renewal_under_examination_or_by_mistake_counts_for_nothing(self):
        renewal = self._renew(state="examination", date_start="2026-11-01")
        for state in ("examination", "void"):
            renewal.state = state
            self.assertFalse(self._blocks(), state)
            with self._at("2026-12-01"):
                self.assertTrue(self._blocks(), state)

    def test_a_renewal_under_another_name_is_verified(self):
        self._renew(service="Autre nuage", renewal_reason="ANSSI catalogue")
        with self._at("2026-12-02"):
            review = [
                finding.message
                for finding in self.file._findings("award")
                if finding.rule.code == "hosting_review"
            ]
            self.assertIn("Autre nuage", " ".join(review))

    def test_a_renewal_that_covers_less(self):
        kinds = self.env["souverainete.service.type"].search([])
        component = self.file._get_judged_options().component_ids
        self.qualification.service_type_ids = kinds
        component.service_type_id = kinds[0]
        self._renew(service_type_ids=kinds[1:].ids)
        with self._at("2026-12-02"):
            messages = [f.message for f in self.file._findings("award")]
            self.assertTrue(self._blocks())
            self.assertTrue(any("decision in force" in m for m in messages))

    def test_a_renewal_recorded_by_who_buys(self):
        self._renew(user=self.officer)
        file = self.file.sudo()
        file.user_id = self.officer
        with self._at("2026-12-02"):
            self.assertTrue(self._blocks())
            renewal = self.qualification.line_member_ids - self.qualification
            renewal.with_user(self.officer2).action_verify()
            self.assertFalse(self._blocks())

    def test_a_line_is_of_one_provider_and_has_a_start(self):
        renewal = self._renew()
        self.assertEqual(renewal.line_id, self.qualification)
        another = "of another provider or scheme"
        itself = "cannot renew itself"
        for words, record, vals in (
            (another, renewal, {"partner_id": self.other_vendor.id}),
            (itself, self.qualification, {"replaces_id": renewal.id}),
            (another, renewal, {"scheme": "eu_equivalent"}),
        ):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                record.write(vals)

    def test_another_service_of_the_provider_is_no_renewal(self):
        with self.assertRaisesRegex(UserError, "another name"), self.env.cr.savepoint():
            self._renew(service="Autre nuage")
        renamed = self._renew(
            service="Autre nuage", renewal_reason="ANSSI catalogue: renamed in 2026"
        )
        self.assertEqual(renamed.line_id, self.qualification)
        with self.assertRaisesRegex(UserError, "Why it is the same service"):
            renamed.renewal_reason = " "

    def test_capitals_and_accents_make_no_other_service(self):
        service = self.qualification.service
        self.assertTrue(self._renew(service=f" {service.upper()}").replaces_id)

    def test_the_button_prepares_a_renewal(self):
        context = self.qualification.action_renew()["context"]
        form = Form(self.register.with_user(self.officer).with_context(**context))
        form.date_start, form.date_end = "2026-12-01", "2029-11-30"
        self.assertEqual(form.save().replaces_id, self.qualification)
