"""What the law asks of consultations engaged from 21 August 2026 on, and what the CCAP
lists of its departures from the CCAG-TIC.

Texts: loi 2021-1104, art. 35; décret 2022-767; CCAG-TIC, art. 1.2 and 46.
"""

import io
import zipfile

from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged

from ..common import ADDON
from .consultation_common import ConsultationCase


@tagged("post_install", "-at_install")
class TestSustainable(ConsultationCase):
    def _keys(self, file):
        findings = file._findings("launch")
        return {f.key for f in findings if f.rule.code == "sustainable"}

    def test_the_day_before_nothing_is_asked(self):
        need = self._new_need()
        with freeze_time("2026-08-20 12:00:00"):
            self.assertFalse(self._keys(need))
        with freeze_time("2026-08-21 12:00:00"):
            self.assertEqual(self._keys(need), {"criterion", "environment"})

    def test_a_consultation_engaged_before_is_left_alone(self):
        need = self._new_need()
        with freeze_time("2026-08-20 12:00:00"):
            need.action_launch()
        with freeze_time("2026-09-15 12:00:00"):
            self.assertFalse(self._keys(need))

    def test_it_warns_and_blocks_nothing(self):
        need = self._new_need()
        findings = need._findings("launch")
        told = [f for f in findings if f.rule.code == "sustainable"]
        self.assertTrue(told)
        self.assertFalse(any(finding.blocking for finding in told))
        need.action_launch()
        self.assertTrue(need.date_launch)

    def test_a_criterion_is_named_and_the_clause_carried(self):
        need = self._new_need()
        need.environment_criterion = "   "
        self.assertIn("criterion", self._keys(need))
        need.environment_criterion = "Energy used by the service, 10 %"
        need.action_add_clauses()
        self.assertFalse(self._keys(need))
        content = need.sudo()._get_launch_content()
        self.assertIn("Energy", content["environment_criterion"])

    def test_a_weighted_durability_is_a_criterion(self):
        need = self._new_need()
        grid = self.env.ref(f"{ADDON}.grid_doctrine_2026")
        weights = {"performance": 80, "durability": 20}
        for objective in grid.objective_ids:
            objective.weight = weights.get(objective.code, 0)
        need.grid_id = grid
        self.assertNotIn("criterion", self._keys(need))

    def test_the_price_alone(self):
        need = self._new_need()
        grid = self.env["souverainete.grid"].create(
            {"name": "Price", "code": "price", "version": "1"}
        )
        self.env["souverainete.objective"].create(
            {"grid_id": grid.id, "code": "price", "name": "Price", "weight": 100}
            | {"is_price": True}
        )
        need.grid_id = grid
        self.assertIn("price", self._keys(need))

    def test_social_conditions_above_the_european_threshold(self):
        for value, asked in ((139_999, False), (140_000, True)):
            need = self._new_need(value=value)
            self.assertEqual("social" in self._keys(need), asked, value)
        need.write({"amount_estimated": 0, "amount_estimated_known": False})
        self.assertIn("social", self._keys(need))

    def test_the_threshold_of_other_bodies(self):
        self.company.public_entity_type = "supervised_body"
        for value, asked in ((215_999, False), (216_000, True)):
            need = self._new_need(value=value)
            self.assertEqual("social" in self._keys(need), asked, value)

    def test_defence_and_security_contracts_are_excepted(self):
        need = self._new_need()
        need.is_defence_contract = True
        self.assertFalse(self._keys(need))
        self.assertNotIn("environment", need._get_clauses_asked().mapped("code"))


@tagged("post_install", "-at_install")
class TestSourceCode(ConsultationCase):
    def _new_development(self):
        need = self._new_need()
        need.write({"purchase_nature": "development", "has_cloud": "no"})
        return need

    def _clause(self, code):
        return self.env.ref(f"{ADDON}.clause_{code}")

    def test_the_concession_stands_for_the_assignment(self):
        need = self._new_development()
        self.assertIn("source_code", need._get_clauses_missing().mapped("code"))
        need.clause_ids = self._clause("source_code_concession")
        missing = need._get_clauses_missing().mapped("code")
        self.assertNotIn("source_code", missing)
        self.assertIn("reversibility", missing)

    def test_departures_are_listed_last_in_the_ccap(self):
        need = self._new_development()
        need.clause_ids = self._clause("source_code") | self._clause("audit")
        documents = self._draft(need)
        with zipfile.ZipFile(io.BytesIO(documents["02_clauses_CCAP.odt"])) as archive:
            body = etree.fromstring(archive.read("content.xml"))
        text = " ".join(" ".join(body.itertext()).split())
        _before, last = text.split("Last article. Derogations from the CCAG-TIC")
        self.assertIn("Source code", last)
        self.assertIn("article 46", last)
        self.assertNotIn("Audit", last)

    def test_nothing_is_listed_where_nothing_departs(self):
        need = self._new_development()
        need.clause_ids = self._clause("source_code_concession")
        documents = self._draft(need)
        with zipfile.ZipFile(io.BytesIO(documents["02_clauses_CCAP.odt"])) as archive:
            self.assertNotIn(b"Last article", archive.read("content.xml"))


@tagged("post_install", "-at_install")
class TestEngagedDay(ConsultationCase):
    """Amounts are those of the day the consultation was engaged."""

    def test_the_exemption_of_before_april(self):
        need = self._new_need(value=50_000)
        with freeze_time("2026-03-31 12:00:00"):
            self.assertEqual(need._get_circuit(), "standard")
            need.action_launch()
        with freeze_time("2026-04-02 12:00:00"):
            self.assertEqual(need._get_circuit(), "standard")
            later = self._new_need(value=50_000)
            self.assertEqual(later._get_circuit(), "light")
