"""A buyer in a real browser: refused, then completes the file and launches it."""

from odoo.fields import Command
from odoo.tests import tagged

from ..browser_common import BrowserCase
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestTour(BrowserCase, FlowCase):
    def test_a_buyer_is_refused_then_launches(self):
        file = self._prepare_draft()
        self.start_tour(
            "/odoo/digital-purchase-files",
            "souverainete_purchase_file",
            login=self.buyer.login,
        )
        file.invalidate_recordset()
        self.assertTrue(file.date_launch)
        self.assertEqual(file.compliance_state, "launched")
        self.assertEqual(file.search_ids.text, "visioconférence")

    def test_a_buyer_searches_and_answers_several_at_once(self):
        file = self._new_file(reference="Search of the tour", vendor_id=False)
        self.start_tour(
            f"/odoo/digital-purchase-files/{file.id}",
            "souverainete_search",
            login=self.buyer.login,
        )
        file.invalidate_recordset()
        self.assertEqual(set(file.studied_ids.mapped("verdict")), {"rejected"})
        self.assertEqual(set(file.studied_ids.mapped("reason_code")), {"function"})
        self.assertEqual(
            file.search_ids.proposed_ids, file.studied_ids.solution_id, "traced"
        )

    def _prepare_draft(self):
        """A draft whose options and project are there; the rest is to be given."""
        file = self._new_file(
            reference="Video meetings of the tour",
            vendor_id=False,
            cpv_code="48515000",
            option_ids=[
                Command.create({"kind": "studied", **vals})
                for vals in self._prepare_studied_options()
            ],
        )
        self._declare_project(file)
        return file

    def _prepare_studied_options(self):
        return [
            {
                "name": "Visio",
                "path": "mutualised",
                "verdict": "rejected",
                "assessment": "inadequate",
                "reason": "500 participants are not supported",
            },
            {
                "name": "Bought on the market",
                "path": "off_the_shelf",
                "verdict": "retained",
                "assessment": "adequate",
                "reason": "Meets the effect and the measure",
            },
        ]
