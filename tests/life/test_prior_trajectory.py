"""What a contract signed before the rules falls short of, and its trajectory."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.hooks import post_init_hook
from odoo.addons.souverainete_achat.models.base import each

from ..common import SIGNED
from .prior_common import PriorCase, page


class TrajectoryCase(PriorCase):
    def _plan(self, file, user=None, **vals):
        return (
            self.env["souverainete.trajectory"]
            .with_user(user or self.buyer)
            .create(
                {
                    "requisition_id": file.id,
                    "target": "A qualified host",
                    "date_target": "2027-06-30",
                    **vals,
                }
            )
        )

    def _refresh(self):
        with patch.object(self.env.cr, "commit", self.env.flush_all):
            self.env["purchase.requisition"]._cron_refresh_shortfalls()

    def _tell(self):
        with patch.object(self.env.cr, "commit", self.env.flush_all):
            self.env["souverainete.trajectory"]._cron_tell_late()


@tagged("post_install", "-at_install")
class TestShortfalls(TrajectoryCase):
    def test_what_would_be_missing_today_is_shown_and_refuses_nothing(self):
        file = self._prior(date_end="2099-12-31")
        codes = {finding.rule.code for finding in file._get_shortfalls()}
        self.assertIn("mutualisation_search", codes)
        self.assertNotIn("launched", codes, "the act of signing is not asked again")
        self.assertFalse(any(f.blocking for f in file._get_shortfalls()))
        self.assertIn("If it were signed today", file.shortfall_banner)
        order = self._new_order(requisition_id=file.id, price=100)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_nothing_would_be_missing(self):
        file = self._prior(date_end="2099-12-31")
        self._state_need(file)
        option = self._study(file)
        self._answer_data_questions(file)
        self._declare_project(file)
        component = {
            "name": "Réunions souveraines",
            "partner_id": self.vendor.id,
            "hosting": "commercial_cloud",
            "qualification_id": self.qualification.id,
        }
        option.component_ids = [Command.create(component)]
        self._refresh()
        self.assertEqual(file.shortfall_state, "none")
        self.assertFalse(file._get_shortfalls())

    def test_the_list_of_those_without_a_trajectory(self):
        planned, alone, ended = (
            self._prior(date_end="2099-12-31"),
            self._prior(date_end="2099-12-31"),
            self._prior(date_start="2019-01-01", date_end="2020-01-01"),
        )
        self._plan(planned)
        self._refresh()
        found = self.env["purchase.requisition"].search(
            [("is_prior", "=", True), ("shortfall_state", "=", "alone")]
        )
        self.assertIn(alone, found)
        self.assertFalse((planned | ended) & found)
        self.assertIn("trajectory", {f.rule.code for f in alone._findings("award")})
        self.assertNotIn("trajectory", {f.rule.code for f in planned._findings()})
        self.assertFalse(self._codes(alone))

    def test_a_night_cut_short_goes_on(self):
        files = self.env["purchase.requisition"]
        for _number in range(3):
            files |= self._prior(date_end="2099-12-31")
        cron = type(self.env["ir.cron"])
        with (
            patch.object(each, "BATCH", 2),
            patch.object(cron, "_commit_progress", return_value=0),
        ):
            self.env["purchase.requisition"]._cron_refresh_shortfalls()
            self.assertEqual(files.mapped("shortfall_state").count("alone"), 2)
            self.env["purchase.requisition"]._cron_refresh_shortfalls()
        self.assertEqual(set(files.mapped("shortfall_state")), {"alone"})

    def test_queries_of_a_night_do_not_grow_with_the_contracts(self):
        counts = []
        for number in (5, 5, 60):
            files = self._drafts(number)
            self._wizard(files, common=page("common")).action_take_over()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            files._refresh_shortfalls()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 5)

    def test_nobody_writes_where_a_contract_stands(self):
        file = self._prior().with_user(self.officer2)
        for vals in (
            {"shortfall_state": "none"},
            {"shortfall_on": "2099-01-01"},
            {"prior_amount_missing": False},
            {"prior_annex_ids": [Command.clear()]},
        ):
            with self.assertRaises(AccessError):
                file.write(vals)


@tagged("post_install", "-at_install")
class TestTrajectory(TrajectoryCase):
    def setUp(self):
        super().setUp()
        self.file = self._prior(date_end="2099-12-31")

    def test_planned_reached_and_frozen(self):
        trajectory = self._plan(self.file, amount=40000, amount_known=True)
        self.assertEqual(self.file.shortfall_state, "planned")
        officer = trajectory.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Outcome"):
            officer.action_reach()
        officer.outcome = "The host was qualified on 3 May 2027"
        officer.action_reach()
        self.assertEqual(
            (officer.state, officer.recorded_by_id), ("reached", self.officer)
        )
        for vals in ({"target": "x"}, {"outcome": "x"}, {"date_target": "2030-01-01"}):
            with self.assertRaisesRegex(UserError, "trajectory was recorded"):
                trajectory.write(vals)
        with self.assertRaisesRegex(UserError, "was already recorded"):
            officer.action_abandon()
        with self.assertRaisesRegex(UserError, "trajectory is never deleted"):
            trajectory.sudo().unlink()
        self.assertEqual(self.file.shortfall_state, "alone")

    def test_only_another_officer_records(self):
        trajectory = self._plan(self.file, self.officer, outcome="Done")
        for user in (self.buyer, self.purchase_manager, self.officer):
            with self.assertRaises(AccessError):
                trajectory.with_user(user).action_reach()
        own = self._plan(self._prior(user=self.officer2), outcome="Done")
        with self.assertRaises(AccessError):
            own.with_user(self.officer2).action_reach()
        trajectory.with_user(self.officer2).target = "Something easier"
        with self.assertRaises(AccessError):
            trajectory.with_user(self.officer2).action_reach()
        other = self._new_user("officer3", "souverainete_achat.group_officer")
        trajectory.with_user(other).action_abandon()
        self.assertEqual(trajectory.state, "abandoned")

    def test_what_only_the_server_writes(self):
        for vals in (
            {"state": "reached"},
            {"recorded_by_id": self.officer.id},
            {"authors": self.buyer.ids},
            {"told_on": "2026-01-01"},
        ):
            with self.assertRaises(AccessError):
                self._plan(self.file, self.officer, **vals)
            with self.assertRaises(AccessError):
                self._plan(self.file).with_user(self.officer).write(vals)
        forged = self.env["souverainete.trajectory"].with_context(
            default_state="reached"
        )
        trajectory = forged.with_user(self.buyer).create(
            {
                "requisition_id": self.file.id,
                "target": "x",
                "date_target": "2030-01-01",
            }
        )
        self.assertEqual(trajectory.state, "planned")

    def test_it_is_about_a_signed_contract_and_stays_with_it(self):
        with self.assertRaisesRegex(ValidationError, "trajectory is about a contract"):
            self._plan(self._new_file())
        trajectory = self._plan(self.file)
        with self.assertRaisesRegex(UserError, "stays with its contract"):
            trajectory.requisition_id = self._prior()

    def test_each_change_is_journalled(self):
        trajectory = self._plan(self.file)
        trajectory.date_target = "2028-01-01"
        self.env.cr.precommit.run()
        entries = self.file.sudo().journal_ids.filtered(
            lambda entry: entry.event == "trajectory"
        )
        self.assertEqual(len(entries), 2)
        last = entries.sorted("seq")[-1]
        self.assertIn("2028-01-01", last.with_user(self.buyer).content)

    def test_readers(self):
        trajectory = self._plan(self.file)
        for user in (self.dae, self.ambassador):
            self.assertEqual(trajectory.with_user(user).target, "A qualified host")
            with self.assertRaises(AccessError):
                trajectory.with_user(user).target = "x"
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "trajectory_stranger",
            "souverainete_achat.group_officer",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            trajectory.with_user(stranger).read(["target"])
        with self.assertRaises(AccessError):
            self._plan(self.file, stranger)

    def test_the_buyer_is_told_once_when_the_date_passes(self):
        trajectory = self._plan(self.file, date_target="2027-06-30")
        with freeze_time("2027-06-30 21:59:00"):
            self._tell()
            self.assertFalse(self.file.activity_ids)
        with freeze_time("2027-06-30 22:00:00"):
            self._tell()
            self._tell()
            self.assertEqual(self.file.activity_ids.user_id, self.buyer)
            self.assertEqual(len(self.file.activity_ids), 1)
            self.assertEqual(self.file.shortfall_state, "late")
            trajectory.date_target = "2027-12-31"
            self.assertEqual(self.file.shortfall_state, "planned")
        with freeze_time("2028-01-01 12:00:00"):
            self._tell()
            self.assertEqual(len(self.file.activity_ids), 2)


@tagged("post_install", "-at_install")
class TestCompletion(PriorCase):
    """What was not known is completed once."""

    def _complete(self, **vals):
        document = self._attach("c.pdf", page("c"))
        file = self._new_file(price=0, **vals)
        file.with_user(self.officer)._take_over(document, "Signed in 2020", SIGNED)
        return file

    def test_amount_and_end(self):
        file = self._complete()
        self.assertTrue(file.prior_amount_missing)
        officer = file.with_user(self.officer)
        officer.write({"amount_max": 50000, "amount_max_known": True})
        self.assertFalse(file.prior_amount_missing)
        officer.date_end = "2030-01-01"
        for vals in ({"amount_max": 60000}, {"date_end": "2031-01-01"}):
            with self._refused("envelope"), self.env.cr.savepoint():
                officer.write(vals)
        order = self._new_order(requisition_id=file.id, price=60000)
        with self.assertRaisesRegex(UserError, "exceed"):
            order.with_user(self.purchase_manager).button_confirm()

    def test_what_was_confirmed_before_the_addon(self):
        """Rows as they stand after installation: the officer sees what to fill."""
        known, unknown = self._new_file(price=10), self._new_file(price=0)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_requisition SET state = 'confirmed' WHERE id IN %s",
            [(known.id, unknown.id)],
        )
        self.env.invalidate_all()
        post_init_hook(self.env)
        self.assertTrue(known.is_prior and unknown.is_prior)
        self.assertFalse(known.prior_amount_missing)
        self.assertTrue(unknown.prior_amount_missing)

    def test_umbrella_is_the_officers_and_once(self):
        file = self._complete()
        with self.assertRaises(AccessError):
            file.with_user(self.buyer).action_state_umbrella()
        with self._refused("envelope"), self.env.cr.savepoint():
            file.with_user(self.officer).is_umbrella = True
        own = self._complete(user=self.officer2)
        with self.assertRaises(AccessError):
            own.with_user(self.officer2).action_state_umbrella()
        file.with_user(self.officer).action_state_umbrella()
        self.assertTrue(file.is_umbrella)
        with self.assertRaisesRegex(UserError, "or is already an umbrella"):
            file.with_user(self.officer).action_state_umbrella()
        with self._refused("envelope"), self.env.cr.savepoint():
            file.with_user(self.officer).is_umbrella = False
        order = self._new_order(requisition_id=file.id, price=60000)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
