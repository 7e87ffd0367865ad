"""A request in a real browser: completed and submitted, answered, confirmed."""

from odoo.fields import Command
from odoo.tests import tagged

from ..browser_common import BrowserCase
from .test_opinion import OpinionCase


@tagged("post_install", "-at_install")
class TestReferralTour(BrowserCase, OpinionCase):
    def test_from_the_checklist_to_the_confirmed_letter(self):
        opinion = self._new_opinion(submit=False)
        letter = opinion.piece_ids.filtered(lambda p: p.piece_id.code == "letter")
        document = self._attach(self.buyer, "courrier.pdf")
        letter.document_ids = [Command.link(document.id)]
        for tour, user in (
            ("ask", self.buyer),
            ("answer", self.officer),
            ("confirm", self.officer2),
        ):
            self.start_tour(
                f"/odoo/dinum-opinions/{opinion.id}",
                f"souverainete_referral_{tour}",
                login=user.login,
            )
        opinion.invalidate_recordset()
        self.assertEqual(opinion.state, "favourable")
        self.assertEqual(
            opinion.recommendation_ids.mapped("text"),
            ["Go by stages", "Publish the code"],
        )
        self.assertTrue(opinion.sudo().referral_zip_id)
