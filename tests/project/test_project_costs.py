"""Staff, currencies, phases and the table of costs; purchases that serve no project."""

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import ADDON
from .test_opinion import OpinionCase

STAFF = {"nature": "staff", "staff_unit": "day", "staff_quantity": 100}


@tagged("post_install", "-at_install")
class TestStaff(OpinionCase):
    def _average(self, unit, amount, **vals):
        """An average cost, proposed by one manager and approved by another."""
        average = (
            self.env["souverainete.staff.cost"]
            .with_user(self.referent)
            .create({"name": "Average 2026", "unit": unit, "amount": amount, **vals})
        )
        average.with_user(self.referent2).action_approve()
        return average

    def test_without_an_average_the_cost_is_unknown(self):
        project = self._new_project(STAFF)
        self.assertEqual(project.opinion_required, "unknown")
        self.assertIn("unit cost unknown", project.cost_line_ids.explanation)
        file = self._new_file(project_id=project.id)
        self.assertIn("project_cost", self._codes(file, "launch"))

    def test_the_average_in_force_is_proposed(self):
        average = self._average("day", 450)
        line = self._new_project(STAFF).cost_line_ids
        self.assertEqual(line.unit_cost, 450)
        self.assertEqual(line.staff_cost_id, average)
        self.assertEqual(line.amount, 45_000)
        self.assertEqual(line.amount_counted, 45_000)
        self.assertIn("Average 2026", line.explanation)

    def test_a_unit_cost_typed_wins_and_is_said(self):
        self._average("day", 450)
        line = self._new_project({**STAFF, "unit_cost": 600}).cost_line_ids
        self.assertEqual(line.amount, 60_000)
        self.assertIn("typed on the line", line.explanation)

    def test_a_unit_cost_typed_on_the_form_stays(self):
        """As the browser does: the line is read again after each field typed."""
        line = self._new_project(STAFF).cost_line_ids
        spec = {"unit_cost": {}, "amount": {}, "explanation": {}}
        shown = line.onchange({"unit_cost": 450.0}, ["unit_cost"], spec)["value"]
        self.assertNotIn("unit_cost", shown)
        self.assertEqual(shown["amount"], 45_000)
        self.assertIn("typed on the line", shown["explanation"])

    def test_the_form_of_a_new_project_shows_no_code(self):
        project = self.env["souverainete.project"].new({"name": "New project"})
        self.assertFalse(project.cost_table)

    def test_days_and_years_convert_by_the_dated_days(self):
        days = self.env.ref(f"{ADDON}.time_limit_fte_days").number
        self._average("fte", 500 * days)
        self.assertEqual(self._new_project(STAFF).cost_line_ids.unit_cost, 500)

    def test_a_proposed_average_counts_for_nothing(self):
        average = self.env["souverainete.staff.cost"].with_user(self.referent)
        draft = average.create({"name": "Draft", "unit": "day", "amount": 450})
        self.assertFalse(self._new_project(STAFF).cost_line_ids.unit_cost)
        with self.assertRaises(AccessError):
            draft.action_approve()
        with self.assertRaises(AccessError):
            average.with_user(self.buyer).create({"name": "Mine", "amount": 1})

    def test_the_amount_is_derived_whoever_writes_it(self):
        line = self._new_project({**STAFF, "unit_cost": 600}).cost_line_ids
        for vals in ({"amount": 1}, {"amount_known": False}):
            with (
                self.assertRaisesRegex(ValidationError, "state the cost as an amount"),
                self.env.cr.savepoint(),
            ):
                line.with_user(self.buyer).sudo().write(vals)
        with (
            self.assertRaisesRegex(ValidationError, "state the cost as an amount"),
            self.env.cr.savepoint(),
        ):
            self._new_project({**STAFF, "unit_cost": 600, "amount": 1})
        with (
            self.assertRaisesRegex(ValidationError, "state the cost as an amount"),
            self.env.cr.savepoint(),
        ):
            self._new_project({**STAFF, "amount_known": True})
        with self.assertRaises(AccessError):
            line.write({"staff_cost_id": False})
        line.staff_quantity = 10
        self.assertEqual(line.amount, 6_000)

    @mute_logger("odoo.sql_db")
    def test_negative_staff_is_refused(self):
        for name in ("staff_quantity", "staff_months", "unit_cost"):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._new_project({**STAFF, name: -1})
                self.env.flush_all()


@tagged("post_install", "-at_install")
class TestCurrency(OpinionCase):
    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-11-25 11:00:00")
        clock.start()
        self.addCleanup(clock.stop)
        self.usd = self.env.ref("base.USD")
        self.usd.active = True
        self.env["res.currency.rate"].search([]).unlink()

    def _rate(self, rate, day):
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": day,
                "company_rate": rate,
            }
        )

    def _line(self):
        line = {"amount": 1_000_000, "amount_currency_id": self.usd.id}
        return self._new_project({**line, "tax_basis": "ttc"}).cost_line_ids

    def test_a_purchase_without_a_rate_is_not_summed_one_for_one(self):
        project = self._new_project({"amount": 1000, "tax_basis": "ttc"})
        for currency, amount in (
            (self.usd, 20_000_000),
            (self.env.ref("base.EUR"), 50),
        ):
            file = self._new_file(price=amount, project_id=project.id)
            file.currency_id = currency
        self.assertEqual(project._get_purchased_value(), 50)
        self.assertFalse(project._is_understated())
        self._rate(2.0, "2026-11-20")
        self.assertEqual(project._get_purchased_value(), 10_000_050)
        self.assertTrue(project._is_understated())

    def test_a_missing_rate_is_unknown_and_not_one(self):
        line = self._line()
        self.assertFalse(line.cost_known)
        self.assertEqual(line.project_id.opinion_required, "unknown")
        self.assertIn("no exchange rate of USD", line.project_id.cost_explanation)
        file = self._new_file(project_id=line.project_id.id)
        self.assertIn("project_cost", self._codes(file, "launch"))

    def test_the_rate_is_kept_with_its_day(self):
        self._rate(1.25, "2026-11-20")
        line = self._line()
        self.assertEqual(line.rate, 1.25)
        self.assertEqual(str(line.rate_date), "2026-11-20")
        self.assertEqual(line.amount_counted, 800_000)
        self.assertIn("1.25 USD", line.explanation)
        with self.assertRaises(AccessError):
            line.with_user(self.buyer).sudo().write({"rate": 100})

    def test_it_follows_the_day_until_it_is_relied_on(self):
        self._rate(1.25, "2026-11-20")
        line = self._line()
        submitted = self._line()
        self._new_opinion(submitted.project_id)
        self._rate(2, "2026-11-24")
        self.env["souverainete.project"]._cron_refresh_cost()
        self.assertEqual(line.amount_counted, 500_000)
        self.assertEqual(submitted.amount_counted, 800_000)
        basis = submitted.project_id.opinion_ids.basis_lines[0]
        self.assertEqual((basis["rate"], basis["currency"]), (1.25, "USD"))
        self.assertEqual(basis["rate_date"], "2026-11-20")

    def test_an_amount_known_in_a_rateless_currency_cannot_be_forced(self):
        line = self._line()
        with self.assertRaises(AccessError):
            line.with_user(self.buyer).sudo().write({"cost_known": True})


@tagged("post_install", "-at_install")
class TestTable(OpinionCase):
    def test_phases_and_natures_cross(self):
        project = self._new_project(
            {"amount": 100, "tax_basis": "ttc"},
            {"amount": 50, "tax_basis": "ttc", "nature": "staff"},
            {"amount": 30, "tax_basis": "ttc", "phase": "study"},
            {"amount": 0, "phase": "interfaces"},
            {
                "amount": 40,
                "tax_basis": "ttc",
                "phase": "mco",
                "month_from": 1,
                "month_to": 48,
            },
        )
        table = project._prepare_cost_table()
        rows = {row["label"]: row for row in table["rows"]}
        self.assertEqual(len(rows), 4)
        money = self.company.currency_id.format
        self.assertEqual(rows["Construction"]["all"]["counted"], money(150))
        study = rows["Studies before construction"]
        self.assertEqual(study["counts"], "Not counted")
        self.assertEqual(study["all"]["counted"], money(0))
        self.assertEqual(study["all"]["excluded"], money(30))
        self.assertIn("depuis la phase de construction", study["source"])
        self.assertEqual(rows["Interfaces"]["all"]["unknown"], 1)
        self.assertEqual(table["total"]["all"]["counted"], money(170))
        self.assertEqual(table["total"]["all"]["excluded"], money(50))
        self.assertIn(money(170), project.cost_table)

    def test_it_prints(self):
        project = self._new_project({"amount": 100, "tax_basis": "ttc"})
        report = self.env["ir.actions.report"].with_user(self.buyer)
        html, _type = report._render_qweb_html(f"{ADDON}.project_report", project.ids)
        self.assertIn("Line by line", html.decode())
        self.assertIn("New payroll", html.decode())
        self.assertIn("arrêté of 5 June 2020".lower(), html.decode().lower())

    def test_the_rounding_is_shown(self):
        line = {
            "amount": 1_000_000,
            "tax_basis": "ttc",
            "phase": "mco",
            "month_from": 1,
            "month_to": 36,
        }
        project = self._new_project(line, line, line)
        self.assertEqual(project.dinum_cost, 2_000_000)
        self.assertEqual(
            project._get_rounding(), self.company.currency_id.format(-0.01)
        )

    def test_studies_that_would_decide_are_said(self):
        project = self._new_project(
            8_000_000, {"amount": 2_000_000, "tax_basis": "ttc", "phase": "study"}
        )
        self.assertEqual(project.opinion_required, "no")
        self.assertIn("costs before construction", project.cost_explanation)

    def test_a_ministry_counts_more_never_less(self):
        study = self.env.ref(f"{ADDON}.cost_phase_study")
        build = self.env.ref(f"{ADDON}.cost_phase_construction")
        own = {"company_id": self.company.id}
        with self.assertRaisesRegex(ValidationError, "A ministry may count more"):
            build.with_user(self.referent).copy({**own, "counts": "none"})
        harder = study.with_user(self.referent).copy({**own, "counts": "all"})
        harder.with_user(self.referent2).action_approve()
        project = self._new_project(
            {"amount": 9_000_000, "tax_basis": "ttc", "phase": "study"}
        )
        self.assertEqual(project.opinion_required, "yes")

    def test_a_ministry_hardens_the_threshold_never_softens_it(self):
        common = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        thresholds = common.with_user(self.referent)
        pound = self.env.ref("base.GBP")
        lower, soften = "may lower the threshold", "may not soften"
        for words, vals in (
            (lower, {"amount": common.amount + 1}),
            (lower, {"currency_id": pound.id}),
            (soften, {"opinion_kind": "simple"}),
            (soften, {"mco_months": 1}),
            (soften, {"vat_rate": 0}),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                thresholds.copy({"company_id": self.company.id, **vals})
        own = thresholds.copy({"company_id": self.company.id, "amount": 5_000_000})
        own.with_user(self.referent2).action_approve()
        self.assertEqual(self._new_project(5_000_000).opinion_required, "yes")

    def test_what_is_bought_counts_with_its_tax(self):
        project = self._new_project(1)
        for price, understated in ((7_499_999, False), (7_500_000, True)):
            file = self._new_file(project_id=project.id, price=price)
            self.assertEqual(project._is_understated(), understated, price)
            file.action_cancel()

    def test_vat_is_that_of_the_project_s_ministry(self):
        other = self.env["res.company"].create(
            {"name": "By choice", "public_entity_type": "voluntary"}
        )
        project = self._new_project()
        lines = self.env["souverainete.cost.line"].with_company(other)
        line = lines.create(
            {"project_id": project.id, "name": "Build", "amount": 8_000_000}
        )
        self.assertEqual((line.tax_rate, line.amount_ttc), (20, 9_600_000))

    def _launched_before_the_threshold_fell(self):
        """Launched at 9 M€ on 31 December; 5 M€ from the day after."""
        project = self._new_project(8_000_000)
        file = self._new_file(project_id=project.id)
        with freeze_time("2026-12-31 11:00:00"):
            file._write_server({"date_launch": "2026-12-31 11:00:00"})
        ministry = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        ministry.copy({"amount": 5_000_000, "date_start": "2027-01-01"})
        ministry.date_end = "2026-12-31"
        return file

    def test_going_further_meets_the_threshold_that_fell(self):
        file = self._launched_before_the_threshold_fell()
        with freeze_time("2027-01-02 11:00:00"):
            self.assertFalse(file.sudo()._finding_dinum_opinion(None))
            self.assertTrue(file.sudo()._as_extended()._finding_dinum_opinion(None))

    def test_no_context_goes_back_to_a_threshold_that_rose(self):
        project = self._new_project(8_000_000)
        ministry = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        file = self._new_file(project_id=project.id)
        with freeze_time("2026-12-31 11:00:00"):
            file._write_server({"date_launch": "2026-12-31 11:00:00"})
        ministry.copy({"amount": 12_000_000, "date_start": "2027-01-01"})
        ministry.write({"date_end": "2026-12-31", "amount": 7_000_000})
        with freeze_time("2027-01-02 11:00:00"):
            forged = file.sudo().with_context(souverainete_extends=True)
            self.assertTrue(forged._finding_dinum_opinion(None))

    def test_launched_files_keep_the_threshold_of_their_day(self):
        file = self._launched_before_the_threshold_fell()
        with freeze_time("2027-01-02 11:00:00"):
            later = self._new_file(project_id=file.project_id.id)
            self.assertFalse(file.sudo()._finding_dinum_opinion(None))
            self.assertTrue(later.sudo()._finding_dinum_opinion(None))


@tagged("post_install", "-at_install")
class TestTransversal(OpinionCase):
    def _declared(self, price=100_000):
        file = self._new_file(price=price)
        file.project_scope_reason = "TMA of forty applications"
        file.with_user(self.officer).action_declare_transversal()
        return file

    def _keys(self, file, code):
        found = file.sudo()._findings("launch")
        return {f.key for f in found if f.rule.code == code}

    def test_dated_and_journalled(self):
        file = self._declared()
        self.assertEqual(file.project_scope_date, self.company._souverainete_today())
        self.assertFalse(self._keys(file, "project"))
        file.sudo()._journal_flush()
        self.assertTrue(
            self.env["souverainete.journal"]
            .sudo()
            .search([("requisition_id", "=", file.id), ("event", "=", "project")])
        )

    def test_blank_is_no_reason(self):
        file = self._new_file(project_scope_reason="   ")
        with self.assertRaisesRegex(UserError, "Empty the project and give"):
            file.with_user(self.officer).action_declare_transversal()

    def test_a_purchase_that_grew_is_declared_again(self):
        file = self._declared()
        file.line_ids.price_unit = 90_000
        self.assertFalse(self._keys(file, "project"))
        file.line_ids.price_unit = 100_001
        self.assertTrue(file.project_scope_changed)
        self.assertEqual(self._keys(file, "project"), {"changed"})
        file.with_user(self.officer).action_declare_transversal()
        self.assertFalse(self._keys(file, "project"))

    def test_another_nature_or_product_is_declared_again(self):
        file = self._declared()
        file.purchase_nature = "maintenance"
        self.assertEqual(self._keys(file, "project"), {"changed"})
        file = self._declared()
        other = self.env["product.product"].create(
            {"name": "Hosting", "cpv_code": "72415000"}
        )
        file.line_ids = [
            Command.create({"product_id": other.id, "product_qty": 1, "price_unit": 0})
        ]
        self.assertEqual(self._keys(file, "project"), {"changed"})

    def test_as_large_as_a_project_warns(self):
        """7.5 M€ HT is 9 M€ TTC."""
        self.assertFalse(self._keys(self._declared(7_499_999), "project_transversal"))
        file = self._declared(7_500_000)
        self.assertEqual(self._keys(file, "project_transversal"), {"threshold"})
        self.assertNotIn("project_transversal", self._codes(file, "launch"))

    def test_the_basis_is_the_servers(self):
        file = self._declared()
        for vals in (
            {"project_scope_basis": False},
            {"project_scope_date": "2020-01-01"},
            {"project_scope_officer_id": self.officer.id},
        ):
            with self.assertRaises(AccessError):
                file.with_user(self.buyer).sudo().write(vals)
