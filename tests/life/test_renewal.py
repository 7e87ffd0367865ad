"""Deadlines, renewals and reviews of running agreements."""

import json
from datetime import date

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.souverainete_achat.models.life.dates import (
    add_months,
    get_end,
    shift_end,
)

from ..browser_common import BrowserCase
from ..common_data import read_sample
from ..exchange.common_import import ImportCase, contract, decp
from .renewal_common import TODAY, RenewalCase


@tagged("post_install", "-at_install")
class TestDeadlinesScreen(RenewalCase):
    def test_the_first_view_is_a_list(self):
        """Never an empty calendar: the end of contracts is years away."""
        menus = self.env["ir.ui.menu"].sudo()
        action = self.env.ref("souverainete_achat.deadline_action")
        self.assertTrue(
            menus.search_count([("action", "=", f"{action._name},{action.id}")])
        )
        shown = action._get_action_dict()
        self.assertEqual([mode for _view, mode in shown["views"]][0], "list")
        self.assertEqual(shown["view_mode"].split(",")[0], "list")


@tagged("post_install", "-at_install")
class TestDates(RenewalCase):
    """Periods as contracts count them."""

    def test_a_period_from_its_first_day(self):
        for start, months, end in (
            (date(2026, 9, 1), 12, date(2027, 8, 31)),
            (date(2027, 3, 1), 12, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, date(2029, 2, 27)),
            (date(2026, 8, 31), 6, date(2027, 2, 27)),
            (date(2026, 12, 1), 3, date(2027, 2, 28)),
        ):
            self.assertEqual(get_end(start, months), end, (start, months))

    def test_an_end_put_off(self):
        for end, months, later in (
            (date(2026, 8, 31), 6, date(2027, 2, 28)),
            (date(2026, 8, 31), 18, date(2028, 2, 29)),
            (date(2027, 2, 28), 12, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, date(2029, 2, 28)),
            (date(2026, 11, 30), 1, date(2026, 12, 31)),
            (date(2026, 11, 30), 3, date(2027, 2, 28)),
            (date(2026, 12, 31), -1, date(2026, 11, 30)),
            (date(2026, 11, 24), 12, date(2027, 11, 24)),
        ):
            self.assertEqual(shift_end(end, months), later, (end, months))

    def test_a_month_too_short_leaves_no_trace(self):
        start, end = date(2026, 1, 31), date(2026, 2, 27)
        self.assertEqual(shift_end(end, 1, start), date(2026, 3, 30))

    def test_a_notice_is_never_too_late(self):
        self.assertEqual(add_months(date(2028, 5, 31), -3), date(2028, 2, 29))
        self.assertEqual(add_months(date(2027, 5, 31), -3), date(2027, 2, 28))

    def test_absurd_days_stop_nothing(self):
        self.assertEqual(add_months(date(1, 1, 1), -18), date.min)
        self.assertEqual(add_months(date(9999, 1, 1), 1200), date.max)


@tagged("post_install", "-at_install")
class TestDeadlines(RenewalCase):
    def test_below_and_above_the_formalised_procedures(self):
        for price, decision in (
            (139_999.99, date(2027, 11, 30)),
            (140_000.0, date(2026, 11, 30)),
        ):
            file = self._prior(
                date_end=date(2028, 5, 31),
                amount_max=price,
                amount_max_known=True,
            )
            self.assertEqual(file.date_next_decision, decision, price)
            self.assertEqual(file.deadline_state, "upcoming")

    def test_a_value_that_is_not_known_is_not_below(self):
        file = self._prior(date_end=date(2028, 5, 31), line_ids=[], cpv_code="48000000")
        self.assertEqual(file.date_next_decision, date(2026, 11, 30))

    def test_an_unknown_end_is_to_complete(self):
        file = self._prior()
        self.assertEqual(file.deadline_state, "unknown")
        self.assertFalse(file.date_next_decision)
        file.write({"date_start": date(2026, 12, 1), "duration_months": 3})
        self.assertEqual(file.date_firm_end, date(2027, 2, 28))
        self.assertEqual(file.deadline_state, "due")

    def test_periods_of_a_tacit_agreement(self):
        file = self._tacit()
        self.assertEqual(file.date_firm_end, date(2027, 8, 31))
        self.assertEqual(file.date_period_end, date(2027, 8, 31))
        self.assertEqual(file.date_next_decision, date(2027, 5, 30))
        self.assertEqual(
            file._get_period_ends(),
            [date(year, 8, 31) for year in (2027, 2028, 2029, 2030)],
        )

    def test_a_leap_day_among_the_periods(self):
        file = self._tacit(date_start=date(2026, 3, 1), date_end=date(2029, 2, 28))
        self.assertEqual(
            file._get_period_ends()[-2:], [date(2028, 2, 29), date(2029, 2, 28)]
        )

    def test_a_closed_agreement_has_no_deadline(self):
        file = self._tacit()
        file.action_done()
        self.assertFalse(file.deadline_state)
        self.assertFalse(file.date_next_decision)

    def test_only_running_digital_agreements_have_one(self):
        self.assertFalse(self._new_file(date_end="2027-01-01").deadline_state)
        chairs = self._new_file(self.chair, date_end="2027-01-01")
        chairs.action_confirm()
        self.assertFalse(chairs.deadline_state)

    def test_the_night_moves_the_state_and_tells_the_buyer_once(self):
        file = self._prior(date_end=date(2028, 5, 31))
        self.assertEqual(file.deadline_state, "upcoming")
        for _night in range(2):
            self._run_jobs(date(2027, 12, 1))
        self.assertEqual(file.deadline_state, "due")
        self.assertEqual(file.activity_ids.user_id, self.buyer)
        self.assertEqual(file.activity_ids.summary, "Prepare the renewal")

    def test_the_host_of_what_was_signed(self):
        file = self._confirmed_file()
        self.assertEqual(file.host_ids, self.vendor)
        self.assertEqual(file.deadline_state, "unknown")

    def test_a_time_limit_nobody_fixed_decides_no_day(self):
        for time_limit in self.env["souverainete.time.limit"].search([]):
            time_limit._write_server({"date_end": date(2026, 1, 1)})
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        file = self._prior(date_end=date(2028, 5, 31))
        self._run_jobs()
        self.assertFalse(file.date_next_decision)
        self.assertEqual(file.deadline_state, "upcoming")

    def test_many_agreements_cost_what_one_does(self):
        """Not even where each of them has a review to open."""
        for day in (TODAY, date(2027, 4, 1)):
            files = self.env["purchase.requisition"].union(
                *(self._tacit(notice_months=number) for number in (1, 1, 2, 2, 3))
            )
            self._freeze(day)
            self._count(files[:1])
            self.assertEqual(self._count(files[1:2]), self._count(files[2:]), day)

    def _count(self, files):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        files.with_env(self.env)._follow_deadlines()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before


@tagged("post_install", "-at_install")
class TestDeadlineScreens(BrowserCase, RenewalCase):
    def _freeze(self, day):
        """The browser's clock is the real one."""

    def test_the_calendar_opens_on_the_ends(self):
        today = self.company._souverainete_today()
        self._prior(date_end=today)
        self.browser_js(
            "/odoo/contract-deadlines?view_type=calendar",
            "console.log('test successful')",
            "!!document.querySelector('.o_calendar_renderer .fc-event')",
            login=self.buyer.login,
        )

    def test_each_filter_is_a_domain(self):
        self._tacit()
        found = {}
        for name in ("deadline_view_search", "review_view_search"):
            view = self.env.ref(f"souverainete_achat.{name}")
            model = self.env[view.model].with_user(self.buyer)
            for node in etree.fromstring(view.arch).iterfind(".//filter[@domain]"):
                domain = safe_eval(node.get("domain"), {"uid": self.buyer.id})
                found[node.get("name")] = model.search_count(domain)
        self.assertTrue(found["tacit"])
        self.assertTrue(found["running"])


@tagged("post_install", "-at_install")
class TestRenew(RenewalCase):
    def test_nothing_decided_is_inherited(self):
        file = self._confirmed_file(date_end="2027-11-24")
        file.write({"ref_contract": "2026-12", "ref_chorus_ej": "EJ1"})
        action = file.action_renew()
        new = file.browse(action["res_id"])
        self.assertEqual((new.state, new.compliance_state), ("draft", "incomplete"))
        self.assertEqual(new.need_id, new)
        self.assertEqual(new.renewed_from_id, file)
        self.assertEqual(new.need_effect, file.need_effect)
        self.assertEqual(new.project_id, file.project_id)
        self.assertEqual(new.line_ids.product_id, self.software)
        self.assertEqual(new.date_start, date(2027, 11, 25))
        options = new.option_ids
        self.assertEqual(
            set(options.mapped("name")),
            {"Visio", "Réunions souveraines", self.vendor.name},
        )
        self.assertEqual(set(options.mapped("verdict")), {"pending"})
        self.assertEqual(set(options.mapped("kind")), {"studied"})
        self.assertFalse(any(options.mapped("assessment")))
        # What was said last time stands for a reason until it is examined again.
        for reason in filter(None, options.mapped("reason")):
            self.assertRegex(reason, "^Last time, ")
        for name in (
            "ref_contract",
            "ref_chorus_ej",
            "date_launch",
            "outcome",
            "sovereignty_statement",
            "data_justification",
            "vendor_id",
        ):
            self.assertFalse(new[name], name)
        # Its nature says it again; the data are asked again.
        self.assertEqual(new.has_cloud, "yes")
        self.assertEqual(new.data_sensitivity, "undetermined")
        # What runs is proposed as what follows is worth.
        self.assertEqual(new.amount_estimated, file._get_ceiling().value)
        self.assertTrue(new.amount_estimated_known)
        # The catalogue as it is now was searched, with the need's own words.
        self.assertTrue(new.search_ids - file.search_ids)
        with self._refused(
            "data_questions",
            "mutualised_verdicts",
            "sovereignty_statement",
        ):
            new.action_launch()

    def test_what_was_examined_is_said_again_in_one_click(self):
        file = self._confirmed_file()
        new = file.browse(file.action_renew()["res_id"])
        visio = new.studied_ids.filtered(lambda o: o.name == "Visio")
        before = visio.renewed_from_id
        self.assertEqual(before.requisition_id, file)
        visio.action_repeat_verdict()
        self.assertEqual(visio.verdict, before.verdict)
        self.assertRegex(visio.reason, f"^Examined again.*{before.reason}")
        self.assertEqual(visio.verdict_user_id, self.buyer)
        bid = new.studied_ids.filtered(lambda o: o.partner_id == self.vendor)
        bid.action_repeat_verdict()
        self.assertEqual(set(bid.mapped("verdict")), {"pending"}, "bids and products")

    def test_no_client_says_what_an_option_was(self):
        file = self._confirmed_file()
        new = file.browse(file.action_renew()["res_id"])
        with self.assertRaises(AccessError):
            new.option_ids[0].write({"renewed_from_id": new.option_ids[1].id})

    def test_the_bid_not_retained_does_not_come_along(self):
        file = self._confirmed_file()
        new = file.browse(file.action_renew()["res_id"])
        self.assertNotIn(self.other_vendor, new.option_ids.partner_id)
        self.assertIn(self.vendor, new.option_ids.partner_id)

    def test_a_second_renewal_is_never_made_silently(self):
        file = self._tacit()
        first = file.action_renew()["res_id"]
        self.assertEqual(file.action_renew()["res_id"], first)
        self.assertEqual(file.deadline_state, "prepared")
        file.renewal_ids.action_cancel()
        self.assertNotEqual(file.action_renew()["res_id"], first)

    def test_a_contract_of_before_is_renewed_as_a_new_one(self):
        new = self._prior().browse(self._prior().action_renew()["res_id"])
        self.assertFalse(new.is_prior)
        self.assertIn("characterisation", self._codes(new, "launch"))

    def test_a_draft_is_not_renewed(self):
        self._assert_refused(
            "signed agreement", lambda: self._new_file().action_renew()
        )

    def test_the_link_is_not_forged(self):
        file = self._new_file()
        with self.assertRaises(AccessError):
            file.write({"renewed_from_id": self._prior().id})
        with self.assertRaises(AccessError):
            self._new_file(renewed_from_id=self._prior().id)

    def test_readers_renew_nothing(self):
        file = self._prior()
        with self.assertRaises(AccessError):
            file.with_user(self.dae).action_renew()


@tagged("post_install", "-at_install")
class TestTakenOver(ImportCase):
    def test_every_agreement_of_the_dae_has_its_deadline(self):
        data = read_sample(self, "decp/decp_dae.json")
        self.company.company_registry = json.loads(data)["acheteur"]["id"]
        wizard = self._import(data, filename="decp_dae.json")
        files = self._files(wizard)
        action = self.env.ref("souverainete_achat.deadline_action")
        shown = self.Requisition.with_user(self.dae).search(
            [*safe_eval(action.domain), ("id", "in", files.ids)]
        )
        self.assertEqual(shown, files)
        self.assertTrue(all(files.mapped("date_end")))
        self.assertTrue(all(files.mapped("date_end_estimated")))
        self.assertTrue(all(files.mapped("date_next_decision")))

    def test_without_a_duration_it_is_to_complete(self):
        files = self._files(self._import(decp(contract(dureeMois=None))))
        self.assertEqual(files.mapped("deadline_state"), ["unknown"])
