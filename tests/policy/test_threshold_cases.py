"""Every row of tests/cases/threshold.csv: the threshold of the DINUM's opinion to the
letter. The rows are written by hand from the texts, and say which sentence they read.

`lines`: cost lines separated by “;”, of `tax` ttc or a VAT rate on an amount without
tax. `rates`: units of a currency for one euro, @ its day. `threshold`: a version of the
ministries' threshold that starts that day. `amendment`: € HT added to a purchase of the
project. `review`: whether the ministry's own tier is reached.
"""

import csv
from pathlib import Path

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..project.test_opinion import OpinionCase

CASES = Path(__file__).parents[1] / "cases" / "threshold.csv"


@tagged("post_install", "-at_install")
class TestThresholdCases(OpinionCase):
    def test_cases(self):
        with CASES.open(encoding="utf-8", newline="") as rows:
            cases = list(csv.DictReader(rows))
        self.assertGreater(len(cases), 100)
        self.env["res.currency"].with_context(active_test=False).search(
            [("name", "=", "USD")]
        ).active = True
        days = {}
        for row, case in enumerate(cases, 2):
            days.setdefault(case["day"], []).append((row, case))
        wrong = []
        for day, dated in days.items():
            with freeze_time(f"{day} 11:00:00"):
                wrong += [text for case in dated if (text := self._compare(*case))]
        self.assertFalse(wrong, "\n".join(wrong))

    def _compare(self, row, case):
        """What differs from what the text says; empty when nothing does."""
        found = self._judge(case)
        if all(found[name] == case[name] for name in found):
            return ""
        return f"row {row}: {case['lines']}: {found}"

    def _judge(self, case):
        self._set_rates(case["rates"])
        self._set_threshold(case["threshold"])
        self.company.public_entity_type = case["entity"]
        project = self._new_project(user=self.env.user)
        project.cost_line_ids = [
            Command.create(self._prepare_line(line))
            for line in case["lines"].split(";")
            if line.strip()
        ]
        self._amend(project, case["amendment"])
        low, known = project._get_cost()
        required = project._get_opinion_required()
        kind = project._get_threshold().opinion_kind
        # What is stored, which lists and searches read, says the same.
        self.assertEqual(project.opinion_required, required)
        self.assertEqual(project.dinum_cost_low, low)
        self.assertEqual(project.dinum_cost_known, known)
        review = project._get_review_required()
        self._forget(case)
        return {
            "cost": f"{low:.2f}",
            "known": "yes" if known else "no",
            "required": required,
            "kind": kind if required == "yes" else "",
            "review": review,
        }

    def _forget(self, case):
        """The next row starts from the shipped threshold."""
        if case["threshold"]:
            self.env["souverainete.threshold"].search(
                [("name", "=", "Case")]
            ).sudo().unlink()
            self.env.ref(f"{ADDON}.threshold_dinum_ministry").date_end = False

    def _set_rates(self, text):
        self.env["res.currency.rate"].search([]).unlink()
        for item in text.split():
            currency, rate = item.split("=")
            value, day = rate.split("@")
            self.env["res.currency.rate"].create(
                {
                    "currency_id": self.env.ref(f"base.{currency}").id,
                    "company_id": self.company.id,
                    "name": day,
                    "company_rate": float(value),
                }
            )

    def _set_threshold(self, text):
        if not text:
            return
        amount, day = text.split("@")
        shipped = self.env.ref(f"{ADDON}.threshold_dinum_ministry")
        version = shipped.copy(
            {"name": "Case", "amount": float(amount), "date_start": day}
        )
        version.policy_state = "active"
        shipped.date_end = version.date_start.replace(year=2026, month=12, day=31)

    def _prepare_line(self, text):
        given = dict(item.split("=") for item in text.split())
        tax = given.get("tax", "ttc")
        first, _sep, last = given.get("months", "1-24").partition("-")
        unit = "day" if "days" in given else "fte" if "fte" in given else "amount"
        vals = {
            "name": "Case",
            "phase": given.get("phase", "construction"),
            "nature": given.get("nature", "operation"),
            "tax_basis": "ttc" if tax == "ttc" else "ht",
            "tax_rate": 0 if tax == "ttc" else float(tax),
            "month_from": int(first),
            "month_to": int(last),
            "staff_unit": unit,
            "staff_quantity": float(given.get("days") or given.get("fte") or 0),
            "staff_months": int(given.get("during", 12)),
        }
        if "amount" in given:
            vals["amount"] = float(given["amount"])
        if "known" in given:
            vals["amount_known"] = given["known"] == "yes"
        if "unit" in given:
            vals["unit_cost"] = float(given["unit"])
        if "cur" in given:
            vals["amount_currency_id"] = self.env.ref(f"base.{given['cur']}").id
        return vals

    def _amend(self, project, amount):
        if not amount:
            return
        file = self._new_file(user=self.env.user, project_id=project.id)
        # What signing adds to the project; signing itself: test_scenario_amendment.
        amendment = self.env["souverainete.amendment"].new(
            {"requisition_id": file.id, "name": "Case", "amount": float(amount)}
        )
        amendment._record_project_cost()
