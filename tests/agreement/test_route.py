"""What some natures and routes are asked, and what they are spared."""

from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


class RouteCase(FlowCase):
    def _get_keys(self, file, code, stage="launch"):
        """Keys of what one rule finds missing, whatever its severity."""
        return {f.key for f in file._findings(stage) if f.rule.code == code}

    def _get_asked(self, file, stage="launch"):
        return {finding.rule.code for finding in file._findings(stage)}

    def _harden(self, *codes):
        for code in codes:
            self.env.ref(f"{ADDON}.rule_{code}").severity = "blocking"


@tagged("post_install", "-at_install")
class TestSharedSupport(RouteCase):
    def setUp(self):
        super().setUp()
        self.file = self._new_file(purchase_nature="hardware")

    def test_hardware_and_telecommunications_are_asked(self):
        for nature in ("hardware", "telecom"):
            self.file.purchase_nature = nature
            self.assertIn("shared_support", self._get_asked(self.file))
        self.file.purchase_nature = "licence"
        self.assertNotIn("shared_support", self._get_asked(self.file))

    def test_none_fits_takes_its_reason(self):
        self.file.shared_support = "none_fits"
        self.assertEqual(self._get_keys(self.file, "shared_support"), {"reason"})
        self.file.shared_support_reason = "   "
        self.assertEqual(self._get_keys(self.file, "shared_support"), {"reason"})
        self.file.shared_support_reason = (
            "UGAP and the DAE's contract: no rugged tablet"
        )
        self.assertFalse(self._get_keys(self.file, "shared_support"))

    def test_not_examined_is_not_an_answer(self):
        self.file.write(
            {"shared_support": "not_examined", "shared_support_reason": "x"}
        )
        self.assertEqual(self._get_keys(self.file, "shared_support"), {""})

    def test_one_is_used_and_the_route_says_so(self):
        self.file.shared_support = "used"
        for route in ("own", "no_competition", False):
            self.file.purchase_route = route
            self.assertEqual(self._get_keys(self.file, "shared_support"), {"route"})
        self.file.purchase_route = "call_off"
        self.assertFalse(self._get_keys(self.file, "shared_support"))

    def test_shared_routes_answer_by_themselves(self):
        for route in ("interministerial", "central_body", "public_cooperation"):
            self.file.purchase_route = route
            self.assertNotIn("shared_support", self._get_asked(self.file))

    def test_it_warns_and_a_ministry_may_refuse(self):
        self.assertNotIn("shared_support", self._codes(self.file, "launch"))
        self._harden("shared_support")
        self.assertIn("shared_support", self._codes(self.file, "launch"))


@tagged("post_install", "-at_install")
class TestMaintenance(RouteCase):
    def setUp(self):
        super().setUp()
        self.file = self._new_file(purchase_nature="maintenance")
        self.today = self.company._souverainete_today()

    def _review(self, day):
        self.file.write(
            {
                "alternatives_reviewed_on": day,
                "alternatives_conclusion": "Nothing does as much",
            }
        )

    def test_only_maintenance_is_asked(self):
        own = {"alternatives_review", "exit_plan"}
        self.assertLessEqual(own, self._get_asked(self.file))
        self.file.purchase_nature = "licence"
        self.assertFalse(own & self._get_asked(self.file))

    def test_review_with_its_conclusion(self):
        self.file.alternatives_reviewed_on = self.today
        self.assertEqual(self._get_keys(self.file, "alternatives_review"), {""})
        self._review(self.today)
        self.assertFalse(self._get_keys(self.file, "alternatives_review"))

    def test_review_holds_until_the_last_day_of_the_time_limit(self):
        last = self.today - relativedelta(months=24)
        self._review(last)
        self.assertFalse(self._get_keys(self.file, "alternatives_review"))
        self._review(last - relativedelta(days=1))
        self.assertEqual(self._get_keys(self.file, "alternatives_review"), {"aged"})

    def test_the_time_limit_of_the_ministry(self):
        self._review(self.today - relativedelta(months=13))
        self.env["souverainete.time.limit"].create(
            {
                "name": "Each year",
                "kind": "alternatives_review",
                "number": 12,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._get_keys(self.file, "alternatives_review"), {"aged"})

    def test_without_any_time_limit_no_review_is_too_old(self):
        """The files of everybody stay readable, whatever a manager ended."""
        self._review(self.today - relativedelta(years=9))
        self.env["souverainete.time.limit"].search(
            [("kind", "=", "alternatives_review")]
        ).date_end = "2020-01-01"
        self.assertFalse(self._get_keys(self.file, "alternatives_review"))

    def test_review_of_tomorrow(self):
        self._review(self.today + relativedelta(days=1))
        self.assertEqual(self._get_keys(self.file, "alternatives_review"), {"future"})

    def test_exit_plan(self):
        self.assertEqual(self._get_keys(self.file, "exit_plan"), {""})
        self.file.exit_plan = "Export in CSV, two months, 40 000 € HT"
        self.assertFalse(self._get_keys(self.file, "exit_plan"))

    def test_a_review_recent_at_launch_stays_so(self):
        self._harden("alternatives_review", "exit_plan")
        self._prepare_launch(self.file)
        self.file.purchase_nature = "maintenance"
        self._review(self.today - relativedelta(months=23))
        self.file.exit_plan = "Export in CSV"
        self.file.action_launch()
        self._retain_offer(self.file)
        self.file.action_confirm()
        later = self.today + relativedelta(months=12)
        with patch.object(
            type(self.company), "_souverainete_today", lambda _company: later
        ):
            self.file._refresh_compliance()
            draft = self._new_file(purchase_nature="maintenance")
            draft.write(
                {
                    "alternatives_reviewed_on": self.file.alternatives_reviewed_on,
                    "alternatives_conclusion": "Nothing does as much",
                }
            )
            self.assertEqual(self._get_keys(draft, "alternatives_review"), {"aged"})
        self.assertEqual(self.file.compliance_state, "compliant")


@tagged("post_install", "-at_install")
class TestFrozenAtLaunch(RouteCase):
    def test_what_was_said_leaves_with_the_consultation(self):
        file = self._new_file()
        self._prepare_launch(file)
        file.write(
            {
                "purchase_nature": "maintenance",
                "alternatives_reviewed_on": self.company._souverainete_today(),
                "alternatives_conclusion": "Nothing does as much",
                "exit_plan": "Export in CSV",
            }
        )
        file.action_launch()
        for user in (self.buyer, self.purchase_manager, self.env.user):
            for vals in (
                {"exit_plan": "None"},
                {"exit_plan": False},
                {"alternatives_conclusion": "Another"},
                {"alternatives_reviewed_on": "2020-01-01"},
                {"shared_support": "used"},
                {"purchase_nature": "licence"},
            ):
                with self.assertRaisesRegex(
                    ValidationError, "data answers and weights"
                ):
                    file.with_user(user).sudo().write(vals)
                with self.assertRaisesRegex(
                    ValidationError, "data answers and weights"
                ):
                    file.with_user(user).with_context(install_mode=True).write(vals)
        with self.assertRaises(AccessError):
            file.with_user(self.ambassador).exit_plan = "None"

    def test_a_copy_answers_again(self):
        file = self._new_file(
            purchase_nature="hardware",
            shared_support="none_fits",
            shared_support_reason="None of rugged tablets",
            exit_plan="Export in CSV",
        )
        copy = file.copy()
        self.assertFalse(copy.shared_support or copy.shared_support_reason)
        self.assertFalse(copy.exit_plan)

    def test_an_agreement_is_judged_on_its_need(self):
        need = self._new_file(
            purchase_nature="maintenance", requisition_type="purchase_template"
        )
        agreement = self._new_file(
            need_id=need.id, purchase_nature="licence", exit_plan="Export"
        )
        self.assertIn("exit_plan", self._get_asked(agreement))
        need.exit_plan = "Export"
        self.assertNotIn("exit_plan", self._get_asked(agreement))


@tagged("post_install", "-at_install")
class TestIntellectual(RouteCase):
    """AMOA is asked nothing about hosting, and hosts nothing."""

    def setUp(self):
        super().setUp()
        self.file = self._new_file()
        self._prepare_launch(self.file)
        self.file.write({"purchase_nature": "intellectual", "has_cloud": "unknown"})
        self.file.write(
            dict.fromkeys(
                ("data_protected_secret", "data_essential_mission", "data_breach_harm"),
                "unknown",
            )
        )

    def test_it_launches_without_a_word_on_hosting(self):
        hosting = {"data_questions", "data_owner", "hosting_qualified", "chain_roles"}
        self.assertFalse(hosting & self._get_asked(self.file))
        self.file.action_launch()
        self.assertTrue(self.file.date_launch)

    def test_a_cloud_service_is_not_called_intellectual(self):
        self.file.has_cloud = "yes"
        self.assertIn("cloud_contradiction", self._codes(self.file, "launch"))
        self.file.has_cloud = "no"
        self.assertNotIn("cloud_contradiction", self._codes(self.file, "launch"))

    def test_nor_what_hosts_data(self):
        option = self.file.option_ids.filtered(lambda o: o.verdict == "retained")
        for hosting in ("commercial_cloud", "state_cloud", "managed_private"):
            option.component_ids = [
                Command.clear(),
                Command.create({"name": "Portal", "hosting": hosting}),
            ]
            self.assertIn("cloud_contradiction", self._codes(self.file, "launch"))

    def test_nor_after_launch(self):
        self.file.action_launch()
        option = self.file.option_ids.filtered(lambda o: o.verdict == "retained")
        with self._refused("cloud_contradiction"):
            option.component_ids = [
                Command.create({"name": "Portal", "hosting": "commercial_cloud"})
            ]
        with self._refused("cloud_contradiction"):
            self.file.has_cloud = "yes"
