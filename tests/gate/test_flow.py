from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase
from ..project.referral_common import complete_referral


@tagged("post_install", "-at_install")
class TestFlow(FlowCase):
    def test_launch_is_refused_with_all_that_is_missing(self):
        file = self._new_file(price=1_000_000, purchase_nature=False)
        with self._refused(
            "characterisation",
            "data_questions",
            "mutualisation_search",
            "project",
            "sovereignty_statement",
        ) as refusal:
            file.action_launch()
        message = str(refusal.exception)
        for part in ("nature", "Need and doctrine", "Data and hosting", "DINUM"):
            self.assertIn(part, message)

    def test_whole_doctrine(self):
        file = self._launched_file()
        self.assertTrue(file.date_launch)
        self.assertEqual(file.compliance_state, "launched")
        self._retain_offer(file)
        file.action_confirm()
        self.assertEqual(file.state, "confirmed")
        self.assertEqual(file.compliance_state, "compliant")
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertTrue(file.sudo()._verify().ok)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "souverainete_achat.action_report_fiche", file.ids
        )[0]
        self.assertIn(file.name, html.decode())

    def test_order_goes_to_the_retained_vendor(self):
        file = self._confirmed_file()
        order = self._new_order(
            requisition_id=file.id, price=10, partner_id=self.other_vendor.id
        )
        with self._refused("order_envelope", "order_option"):
            order.button_confirm()


@tagged("post_install", "-at_install")
class TestParkedOrder(FlowCase):
    """UGAP publishes nothing: launching and ordering are one act, which waits for the
    DINUM's opinion while it runs."""

    def setUp(self):
        super().setUp()
        self.file = self._new_file(requisition_type="purchase_template")
        self._prepare_launch(self.file, amount=9_000_000)
        self.file.purchase_route = "central_body"
        retained = self.file.option_ids.filtered(lambda o: o.verdict == "retained")
        retained.component_ids = [
            Command.create(
                {
                    "name": "Réunions souveraines",
                    "partner_id": self.vendor.id,
                    "role": "host",
                    "hosting": "commercial_cloud",
                    "qualification_id": self.qualification.id,
                }
            )
        ]
        self.order = self._new_order(need_id=self.file.id, price=1000)

    def _request_opinion(self):
        opinion = (
            self.env["souverainete.opinion"]
            .with_user(self.buyer)
            .create({"project_id": self.file.project_id.id, "channel": "registered"})
        )
        complete_referral(opinion).action_submit()
        return opinion

    def _record(self, opinion, step):
        letter = {"name": "letter.pdf", "raw": b"The DINUM's letter"}
        document = self.env["ir.attachment"].with_user(self.officer).create(letter)
        self.env["souverainete.opinion.step"].with_user(self.officer).create(
            {
                "opinion_id": opinion.id,
                "step": step,
                "document_ids": [Command.link(document.id)],
            }
        ).action_apply()

    def test_without_request_the_order_is_refused(self):
        with self.assertRaisesRegex(UserError, "DINUM"):
            self.order.button_confirm()

    def test_order_waits_and_leaves_by_itself(self):
        opinion = self._request_opinion()
        self._record(opinion, "received")
        self.order.button_confirm()
        self.assertEqual(self.order.state, "to approve")
        with self.assertRaisesRegex(UserError, self.order.name):
            self.order.with_user(self.purchase_manager).button_approve()
        self._record(opinion, "favourable")
        self.assertEqual(self.order.state, "to approve", "a second person confirms")
        opinion.with_user(self.officer2).action_confirm_registration()
        self.assertEqual(self.order.state, "purchase")
        self.assertTrue(self.file.date_launch)

    def test_core_rule_still_applies_to_who_confirmed(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 500
        opinion = self._request_opinion()
        self._record(opinion, "received")
        self.order.button_confirm()
        self._record(opinion, "favourable")
        opinion.with_user(self.officer2).action_confirm_registration()
        self.assertEqual(self.order.state, "to approve")
        self.order.with_user(self.purchase_manager).button_approve()
        self.assertEqual(self.order.state, "purchase")
