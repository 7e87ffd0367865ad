"""What the night tells of the qualifications that end, once, whatever happens."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.hosting import (
    qualification_ending as qualification_job,
)

from .register_common import RegisterCase

LOGGER = "odoo.addons.souverainete_achat.models.base.each"


@tagged("post_install", "-at_install")
class TestJob(RegisterCase):
    def setUp(self):
        super().setUp()
        self.file = self._signed(date_end="2029-12-31")

    sensitive = True

    def _answer_data_questions(self, file):
        super()._answer_data_questions(file)
        if not self.sensitive:
            file.data_breach_harm = "no"

    def _steps(self, state=None):
        alerts = self._get_alerts(self.file)
        if state:
            alerts = alerts.filtered(lambda alert: alert.state == state)
        return alerts.mapped("step")

    def _end(self, day):
        """A new end date: what was told of another is settled."""
        self.qualification.date_end = day
        self.qualification._write_server({"followed_on": False})

    def test_each_step_begins_on_its_day(self):
        """12, 6 and 3 calendar months before 30 November 2027."""
        self._end("2027-11-30")
        self._get_alerts(self.file)._settle()
        for day, step in (
            ("2026-11-29", False),
            ("2026-11-30", "first"),
            ("2027-05-29", "first"),
            ("2027-05-30", "second"),
            ("2027-08-29", "second"),
            ("2027-08-30", "third"),
            ("2027-11-30", "third"),
            ("2027-12-01", "passed"),
            ("2030-01-01", "passed"),
        ):
            with self._at(day):
                self.qualification.invalidate_recordset(["ending_step"])
                self.assertEqual(self.qualification.ending_step, step, day)
                found = self.register.search([("ending_step", "=", step)])
                self.assertIn(self.qualification, found, day)

    def test_one_todo_a_step_and_the_earlier_one_goes(self):
        self._end("2027-09-30")
        self._run_job()
        self.assertEqual(self._steps("open"), ["first"])
        todo = self._get_todos(self.file)
        self.assertEqual(todo.user_id, self.buyer)
        with self._at("2027-04-01"):
            self._run_job()
            self._run_job()
            self.assertEqual(self._steps("open"), ["second"])
            self.assertEqual(len(self._get_todos(self.file)), 1)
        with self._at("2027-10-01"):
            self._run_job()
            self.assertEqual(self._steps("open"), ["passed"])
            todo = self._get_todos(self.file)
            self.assertNotEqual(todo.user_id, self.buyer)
            self.assertTrue(todo.user_id.has_group("souverainete_achat.group_officer"))
            self.assertIn("verify", todo.summary)
            self.assertEqual(self.file.compliance_state, "lapsed")

    def test_told_once_even_when_the_todo_is_done(self):
        self._run_job()
        self._get_todos(self.file).action_done()
        self.qualification._write_server({"followed_on": False})
        self._run_job()
        self.assertFalse(self._get_todos(self.file))
        self.assertEqual(len(self._get_alerts(self.file)), 1)

    def test_the_todo_lists_the_orders(self):
        order = self._new_order(requisition_id=self.file.id, price=10)
        order.with_user(self.purchase_manager).button_confirm()
        self._get_alerts(self.file)._settle()
        self._end("2026-12-15")
        self._run_job()
        self.assertIn(order.name, self._get_todos(self.file).note)
        alerts = self._get_alerts(self.file).filtered(lambda a: a.state == "open")
        self.assertEqual(alerts.order_count, 1)
        record = self.qualification.with_user(self.officer)
        self.assertEqual(record._get_visible_uses()[record], (self.file, order))
        other = self._services(1).with_user(self.officer)
        self.assertEqual((other.use_file_count, other.use_order_count), (1, 0))
        self.assertEqual(record.action_open_orders()["domain"][0][2], order.ids)

    def test_it_settles_by_itself_once_renewed(self):
        self._run_job()
        self.assertEqual(self._steps("open"), ["third"])
        self._renew()
        self.assertEqual(self._steps("closed"), ["third"])
        self.assertFalse(self._get_todos(self.file))
        self.assertFalse(self.qualification.ending_step)

    def test_a_passed_date_settled_by_a_late_record_of_the_renewal(self):
        with self._at("2026-12-03"):
            self._run_job()
            self.assertEqual(self.file.compliance_state, "lapsed")
            self._renew()
            self.env.invalidate_all()
            self.assertEqual(self.file.compliance_state, "compliant")
            self.assertFalse(self._steps("open"))

    def test_whom_it_does_not_concern(self):
        short = self._confirmed_file(date_end="2026-11-30")
        self.sensitive = False
        plain = self._confirmed_file()
        closed = self._confirmed_file()
        closed.action_done()
        draft = self._launched_file()
        self._receive_offers(draft)
        self.qualification._write_server({"followed_on": False})
        self._run_job()
        for file in (short, plain, closed, draft):
            self.assertFalse(self._get_alerts(file))
        self.assertTrue(self._get_alerts(self.file))

    def _failing(self, bad):
        """Judging the file `bad` fails."""
        model = type(self.env["purchase.requisition"])
        judge = model._findings_by_file

        def fail(files, *args):
            if bad in files:
                raise UserError("This file cannot be judged.")
            return judge(files, *args)

        return patch.object(model, "_findings_by_file", fail)

    def test_a_file_that_cannot_be_judged_stops_no_other(self):
        files = self._signed_with(self._services(2))
        bad, good = files
        with self._failing(bad), self.assertLogs(LOGGER, "WARNING") as logged:
            self._run_job()
        self.assertIn(str(bad), logged.output[0])
        self.assertTrue(all(self._get_alerts(file) for file in files))
        self.assertEqual(good.compliance_state, "lapsed")
        self.assertFalse(self.register.search(self.register._get_follow_domain()))

    def test_a_qualification_that_fails_stops_no_other(self):
        bad, good = self._services(2)
        plan = type(self.register)._plan_alerts

        def fail(records, today):
            if bad in records:
                raise UserError("This one cannot be followed.")
            return plan(records, today)

        failing = patch.object(type(self.register), "_plan_alerts", fail)
        with failing, self.assertLogs(LOGGER, "WARNING"):
            self._run_job()
        told = self.env["souverainete.qualification.alert"].search([])
        self.assertIn(good, told.qualification_id)
        self.assertNotIn(bad, told.qualification_id)
        with self._at("2026-11-26"):
            self._run_job()
        told = self.env["souverainete.qualification.alert"].search([])
        self.assertIn(bad, told.qualification_id)

    def test_the_refresh_of_the_night_goes_on_too(self):
        bad, good = self._signed_with(self._services(2))
        cron = type(self.env["ir.cron"])
        progress = patch.object(cron, "_commit_progress", return_value=60)
        with self._failing(bad), progress, self.assertLogs(LOGGER, "WARNING"):
            self.env["purchase.requisition"]._cron_refresh_compliance()
        self.assertEqual(good.compliance_state, "lapsed")
        self.assertEqual(good.activity_ids.user_id, self.buyer)

    def test_a_buyer_who_left_is_not_told(self):
        self._end("2027-09-30")
        elsewhere = self.env["res.company"].create(
            {"name": "Elsewhere", "public_entity_type": "ministry"}
        )
        for left in ({"active": False}, {"company_ids": [(3, self.company.id)]}):
            self._get_alerts(self.file)._settle()
            other = self.env["res.users"].create(
                {
                    "name": "Left",
                    "login": f"left {left}",
                    "company_id": elsewhere.id,
                    "company_ids": [(6, 0, (elsewhere | self.company).ids)],
                }
            )
            self.file.sudo().user_id = other
            other.write(left)
            self.assertNotEqual(self.file._get_told_user(), other)
            told = self.file._get_alert_recipients()[self.file]
            for user in told:
                self.assertTrue(user.has_group("souverainete_achat.group_officer"))

    def test_confidential_offers_are_not_counted(self):
        draft = self._launched_file()
        self._receive_offers(draft)
        self.qualification.invalidate_recordset()
        self.assertNotIn(draft, self.qualification._get_uses()[self.qualification])

    def test_cut_in_the_middle_it_goes_on(self):
        others = self._services(5)
        cron = type(self.env["ir.cron"])
        with (
            patch.object(qualification_job, "_BATCH", 2),
            patch.object(cron, "_commit_progress", return_value=0),
        ):
            self.register._cron_follow()
            told = self.env["souverainete.qualification.alert"].search_count(
                [("qualification_id", "in", others.ids)]
            )
            self.assertLess(told, 5)
            for _night in range(3):
                self.register._cron_follow()
        alerts = self.env["souverainete.qualification.alert"].search(
            [("qualification_id", "in", others.ids)]
        )
        self.assertEqual(len(alerts), 5)
        self.assertFalse(self.register.search(self.register._get_follow_domain()))

    def test_two_workers(self):
        """The rows another worker holds are left to it, and told once."""
        service = self._services(1)
        alerts = self.env["souverainete.qualification.alert"]
        domain = [("qualification_id", "=", service.id)]
        held = patch.object(
            type(self.register), "try_lock_for_update", lambda r, **k: r.browse()
        )
        with held:
            self._run_job()
        self.assertFalse(alerts.search(domain))
        for _worker in range(2):
            service._follow()
        self.assertEqual(alerts.search_count(domain), 1)

    def test_nobody_writes_an_alert(self):
        self._run_job()
        alert = self._get_alerts(self.file)
        for user in (self.buyer, self.officer, self.referent):
            settled = "given and settled by the daily job"
            for words, act in (
                (settled, lambda d: d.write({"state": "closed"})),
                (settled, lambda d: d.sudo().write({"state": "closed"})),
                ("are evidence", lambda d: d.sudo().unlink()),
                ("cannot be created by hand", lambda d: d.sudo().copy()),
            ):
                with self.subTest(user.login):
                    with self._refused_as(words):
                        act(alert.with_user(user))
        with self.assertRaises(AccessError):
            self.file.write({"qualification_alert_ids": [(5, 0, 0)]})

    # === COST === #

    def _services(self, number, files_each=1):
        """Services that end soon, each with files that rely on it."""
        services = self.register.create(
            [
                {
                    "partner_id": self.vendor.id,
                    "service": f"Service {index}",
                    "decision": f"S-{index}-{number}-{files_each}",
                    "date_start": "2023-12-30",
                    "date_end": "2026-12-30",
                }
                for index in range(number)
            ]
        )
        files = self.env["purchase.requisition"].create(
            [
                {
                    "requisition_type": "blanket_order",
                    "user_id": self.buyer.id,
                    "cpv_code": "48515000",
                    "purchase_nature": "cloud",
                    "data_protected_secret": "yes",
                    "data_breach_harm": "yes",
                    "has_cloud": "yes",
                }
                for _index in range(number * files_each)
            ]
        )
        options = self.env["souverainete.option"].create(
            [
                {
                    "requisition_id": file.id,
                    "name": "Retained",
                    "path": "off_the_shelf",
                    "verdict": "retained",
                    "reason": "Fits",
                    "partner_id": self.vendor.id,
                }
                for file in files
            ]
        )
        self.env["souverainete.component"].create(
            [
                {
                    "option_id": option.id,
                    "partner_id": self.vendor.id,
                    "hosting": "commercial_cloud",
                    "qualification_id": services[index % number].id,
                }
                for index, option in enumerate(options)
            ]
        )
        return services

    def _count(self, act):
        # With what waits for the commit: a savepoint of the job would write it.
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_a_batch_costs_the_same_whatever_its_size(self):
        """Queries, but for the rows inserted a hundred at a time."""
        self._services(3)._follow()
        small, large = self._services(10), self._services(100)
        few = self._count(small._follow)
        many = self._count(large._follow)
        self.assertEqual(
            self.env["souverainete.qualification.alert"].search_count(
                [("qualification_id", "in", large.ids)]
            ),
            100,
        )
        self.assertEqual(many, few)

    def test_many_files_of_one_service_cost_the_same(self):
        self._services(1, 3)._follow()
        small, large = self._services(1, 10), self._services(1, 100)
        self.assertEqual(self._count(large._follow), self._count(small._follow))

    def test_the_list_costs_the_same_whatever_it_shows(self):
        small, large = self._services(4), self._services(40)
        names = ["use_file_count", "use_order_count", "ending_step", "alert_count"]
        small.with_user(self.officer).read(names)
        self.assertEqual(
            self._count(lambda: small.with_user(self.officer).read(names)),
            self._count(lambda: large.with_user(self.officer).read(names)),
        )

    def test_many_files_that_lapse_at_once_cost_the_same(self):
        few, many = (self._signed_with(self._services(1, n)) for n in (10, 100))
        self._signed_with(self._services(1, 3))._refresh_compliance()
        cost = self._count(few._refresh_compliance)
        self.assertEqual(self._count(many._refresh_compliance), cost)
        self.assertEqual(set(many.mapped("compliance_state")), {"lapsed"})
        for file in many:
            self.assertEqual(file.activity_ids.user_id, self.buyer)

    def _signed_with(self, services):
        """Files that were signed on these services, and miss much since."""
        ids = services._get_components().option_id.requisition_id.ids
        files = self.env["purchase.requisition"].browse(ids)
        now = fields.Datetime.now()
        files._write_server(
            {"date_launch": now, "gate_passed_on": now, "compliance_state": "compliant"}
        )
        return files
