"""Grading an option, and comparing several, in a real browser."""

from odoo.tests import tagged

from ..browser_common import BrowserCase
from .test_chain import ChainCase


@tagged("post_install", "-at_install")
class TestSovereigntyTour(BrowserCase, ChainCase):
    """Two objectives of one criterion; the second one is asked of two links."""

    def test_a_buyer_grades_and_opens_the_calculation(self):
        self.first.criterion_ids.name = "Effect"
        self._link("publisher")
        self._link("host")
        self.start_tour(
            f"/odoo/m-souverainete.option/{self.option.id}",
            "souverainete_grading",
            login=self.buyer.login,
        )
        self.option.invalidate_recordset()
        self.assertEqual(self.option.score, 43.75)

    def test_a_buyer_compares(self):
        self.option.name = "First option"
        other = self._new_option(name="Second option")
        self.file.grid_id = self.grid
        for option, rungs in ((self.option, (4, 1)), (other, (2, 3))):
            for objective, rung in zip((self.first, self.second), rungs, strict=True):
                self._answer(option, objective, rung)
        self.start_tour(
            f"/odoo/m-purchase.requisition/{self.file.id}",
            "souverainete_comparing",
            login=self.buyer.login,
        )
