"""In a real browser: the data owner, who buys nothing, answers; the officer signs."""

from odoo.tests import tagged

from ..browser_common import BrowserCase
from .test_sensitivity import GuidedCase


@tagged("post_install", "-at_install")
class TestSensitivityTour(BrowserCase, GuidedCase):
    def test_the_data_owner_answers_and_the_officer_signs(self):
        self.file.reference = "Meetings of the prefects"
        test = self._ask()
        self.start_tour(
            "/odoo/data-tests", "souverainete_data_owner", login=self.owner.login
        )
        test.invalidate_recordset()
        self.assertEqual(test.data_breach_harm_by_id, self.owner)
        self.assertEqual(self.file.data_sensitivity, "sensitive")
        self.start_tour(
            "/odoo/data-tests", "souverainete_data_officer", login=self.officer.login
        )
        test.invalidate_recordset()
        self.assertEqual(test.signed_by_id, self.officer)
