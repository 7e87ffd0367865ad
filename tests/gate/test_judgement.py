"""What a file shows is what its last act judged, in the language of who reads it."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.policy.shown import get_banner_points

from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestKept(FlowCase):
    """After each kind of fact, what is kept equals what judging now finds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")

    def assertKept(self, *files):
        for file in files:
            for lang in ("en_US", "fr_FR"):
                read = file.with_context(lang=lang)
                self.assertEqual(
                    read._read_judgement(), get_banner_points(read._findings()), lang
                )

    def test_from_the_need_to_its_end(self):
        file = self._new_file()
        self.assertTrue(file._read_judgement())
        steps = (
            self._state_need,
            self._study,
            self._answer_data_questions,
            self._declare_project,
            lambda file: file.action_launch(),
            self._retain_offer,
            lambda file: file.action_confirm(),
        )
        for step in steps:
            step(file)
            self.assertKept(file)
        self.assertFalse(any(point["blocking"] for point in file._read_judgement()))
        self.qualification.write(
            {
                "state": "withdrawn",
                "date_end": fields.Date.today(),
                "source": "Withdrawn, ANSSI",
            }
        )
        self.assertIn("Hosting", str(file._read_judgement()))
        self.assertKept(file)

    def test_people(self):
        file = self._new_file()
        self._prepare_launch(file)
        file.action_ask_data_owner()
        self.assertKept(file)
        file.user_id = self.officer
        self.assertKept(file)

    def test_the_project(self):
        file = self._new_file()
        self._prepare_launch(file)
        file.project_id.cost_line_ids.amount = 20_000_000
        self.assertIn("9,000,000", str(file._read_judgement()))
        self.assertKept(file)

    def test_a_lot_follows_its_need(self):
        need = self._new_file()
        lot = self._new_file(need_id=need.id)
        self._study(need)
        self._state_need(need)
        self.assertKept(need, lot)
        need.action_cancel()
        need.action_draft()
        self.assertKept(need, lot)


@tagged("post_install", "-at_install")
class TestReaders(FlowCase):
    def test_a_sealed_offer_is_told_to_its_analysts_only(self):
        file = self._launched_file()
        offer = self._receive_offers(file)
        offer.component_ids.partner_id = False
        other = self._new_user("other_buyer", "purchase.group_purchase_user")
        analysts = str(file._read_judgement())
        self.assertIn("Réunions souveraines", analysts)
        others = str(file.with_user(other)._read_judgement())
        self.assertIn("confidential until the award", others)
        self.assertNotIn("Réunions souveraines", others)
        with self.assertRaises(Exception) as refusal:
            file.with_user(other).read(["judgement"])
        self.assertIn("judgement", str(refusal.exception))

    def test_a_rule_that_changed_since_is_said(self):
        file = self._new_file()
        self.assertFalse(file.stepper["outdated_on"])
        self.env.ref("souverainete_achat.rule_launched").sudo().name = "Launched first"
        self.env.cr.execute(
            "UPDATE souverainete_rule SET write_date = write_date + interval '1 hour'"
        )
        self.env.registry.clear_cache()
        file.invalidate_recordset(["stepper"])
        today = fields.Date.to_string(self.env.company._souverainete_today())
        self.assertEqual(file.stepper["outdated_on"], today)

    def test_reading_judges_nothing(self):
        file = self._launched_file()
        self.env.flush_all()
        self.env.invalidate_all()
        asked = []
        self.patch(
            type(file), "_judge", lambda *args, **kwargs: asked.append(args) or []
        )
        self.assertTrue(file.stepper["next"]["why"])
        self.assertFalse(asked)
