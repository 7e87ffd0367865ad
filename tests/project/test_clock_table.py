"""The clock of the opinion, case by case: tests/cases/clock.csv, from the texts.

`events`: what happens, in order, each recorded at its day's noon (those dated before an
earlier one are recorded late, at the latest day seen); `!` marks what must be refused.
`at`: when the night's job runs, in UTC. Then `due` and `state` are as the text says.
"""

import csv
from datetime import date, datetime, timezone
from pathlib import Path

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_opinion import OpinionCase

CASES = Path(__file__).parents[1] / "cases" / "clock.csv"
_FIRST_DAY = "2026-01-02"


@tagged("post_install", "-at_install")
class TestClockTable(OpinionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with CASES.open(encoding="utf-8") as file:
            cls.rows = list(csv.DictReader(file))
        attachments = cls.env["ir.attachment"].with_user(cls.officer)
        cls.letter = attachments.create(
            {"name": "letter.pdf", "raw": b"The DINUM's letter"}
        )

    def test_every_case_names_its_sentence(self):
        self.assertGreaterEqual(len(self.rows), 60)
        names = [row["case"] for row in self.rows]
        self.assertEqual(len(names), len(set(names)))
        for row in self.rows:
            self.assertTrue(row["sentence"] and row["source"], row["case"])

    @mute_logger("odoo.sql_db")
    def test_every_case(self):
        for row in self.rows:
            with self.subTest(row["case"]):
                self._check(row)

    def _check(self, row):
        body = {"binding": "ministry", "simple": "supervised_body"}[row["kind"]]
        self.company.public_entity_type = body
        self.seen = date.fromisoformat(_FIRST_DAY)
        opinion = self._live(row["events"])
        at = datetime.fromisoformat(row["at"]).astimezone(timezone.utc)
        with freeze_time(at.replace(tzinfo=None)):
            self.env["souverainete.opinion"]._cron_tacit()
        state, _space, outcome = row["state"].partition(" ")
        self.assertEqual(opinion.state, state)
        self.assertEqual(str(opinion.date_due or ""), row["due"])
        if state != "submitted":
            self.assertEqual(str(opinion.date_outcome or ""), outcome)

    def _live(self, events):
        with freeze_time(f"{_FIRST_DAY} 12:00:00"):
            opinion = self._new_opinion()
        for event in filter(None, events.split("; ")):
            name, _space, day = event.strip("!").partition(" ")
            self.seen = max(self.seen, date.fromisoformat(day) if day else self.seen)
            with freeze_time(f"{self.seen} 12:00:00"):
                opinion = self._happen(opinion, name, day, event.startswith("!"))
        return opinion

    def _happen(self, opinion, name, day, refused):
        act = getattr(self, f"_act_{name}", self._act_step)
        if not refused:
            return act(opinion, name, day) or opinion
        try:
            with self.env.cr.savepoint():
                act(opinion, name, day)
                self.env.flush_all()
        except (UserError, IntegrityError):
            self.env.invalidate_all()
            return opinion
        raise AssertionError(f"{name} {day} was accepted")

    # === EVENTS === #

    def _act_step(self, opinion, name, day):
        opinion.with_user(self.officer)._apply_step(
            name,
            {
                "date": date.fromisoformat(day),
                "reason": "Why?",
                "reference": "DINUM-1",
                "recommendations": "",
                "documents": self.letter,
            },
        )

    def _act_confirm(self, opinion, _name, _day):
        opinion.with_user(self.officer2).action_confirm_registration()

    def _act_reject(self, opinion, _name, _day):
        opinion.with_user(self.officer2).action_reject_registration()

    def _act_withdraw(self, opinion, _name, _day):
        opinion.action_withdraw("The project is dropped")

    def _act_stale(self, opinion, _name, _day):
        opinion.with_user(self.officer).action_declare_stale("Another scope")

    def _act_night(self, _opinion, _name, _day):
        self.env["souverainete.opinion"]._cron_tacit()

    def _act_again(self, opinion, _name, _day):
        return self._new_opinion(opinion.project_id)
