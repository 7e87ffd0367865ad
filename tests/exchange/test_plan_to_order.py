"""The whole doctrine in one flow, from a planned purchase to an order."""

import base64
import json

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..flow import FlowCase
from ..project.referral_common import complete_referral
from .common_import import planned

VISIO = {"url": "https://example.gouv.fr/project/102/main", "label": "Visioconférence"}


@tagged("post_install", "-at_install")
class TestFromPlanToOrder(FlowCase):
    def _import_planned(self):
        content = json.dumps([planned(), planned(**VISIO)]).encode()
        wizard = (
            self.env["souverainete.import"]
            .with_user(self.buyer)
            .create({"data": base64.b64encode(content), "filename": "projets.json"})
        )
        wizard.action_preview()
        self.assertFalse(self.env["purchase.requisition"].search_count(self._planned()))
        wizard.action_import()
        return (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .search(self._planned(), order="id")
        )

    def _planned(self):
        return [("ref_approch", "like", "example.gouv.fr/project/10")]

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

    def _obtain_opinion(self, file):
        opinion = (
            self.env["souverainete.opinion"]
            .with_user(self.buyer)
            .create({"project_id": file.project_id.id, "channel": "registered"})
        )
        complete_referral(opinion).action_submit()
        self._record(opinion, "received")
        self._record(opinion, "favourable")
        opinion.with_user(self.officer2).action_confirm_registration()

    def test_from_plan_to_order(self):
        need, other = self._import_planned()
        self.assertEqual(need.state, "draft")
        need.action_scope_in()
        with self._refused(
            "characterisation",
            "data_questions",
            "mutualisation_search",
            "sovereignty_statement",
        ):
            need.action_launch()

        self._prepare_launch(need, amount=9_000_000)
        need.line_ids = [
            Command.create(
                {"product_id": self.software.id, "product_qty": 1, "price_unit": 1000}
            )
        ]
        with self.assertRaisesRegex(ValidationError, "DINUM"):
            need.action_launch()
        self._obtain_opinion(need)
        need.action_launch()

        self._receive_offers(need)
        action = need.action_prepare_agreement()
        agreement = self.env["purchase.requisition"].browse(action["res_id"])
        agreement = agreement.with_user(self.buyer)
        self.assertEqual(agreement.vendor_id, self.vendor)
        agreement.action_confirm()
        order = self._new_order(requisition_id=agreement.id, price=500)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "souverainete_achat.fiche", agreement.ids
        )
        self.assertIn(agreement.name, html.decode())
        self.buyer.group_ids += self.env.ref("base.group_allow_export")
        rows = agreement.export_data(["name", "compliance_state", "cpv_code"])
        self.assertEqual(rows["datas"][0][0], agreement.name)
        self.assertTrue(agreement.sudo()._verify().ok)

        self._meet_by_visio(other)

    def _meet_by_visio(self, need):
        """Another need is met by a shared solution: nothing is bought, a success."""
        need.action_scope_in()
        search = need._run_search("visioconférence")
        self.assertIn("Visio", search.result_ids.mapped("name"))
        visio = search.result_ids.filtered(lambda s: s.name == "Visio")
        option = need._add_options(visio)
        option.write(
            {"assessment": "adequate", "verdict": "retained", "reason": "Meets it"}
        )
        self.env["souverainete.need.closing"].with_user(self.buyer).create(
            {
                "requisition_id": need.id,
                "outcome": "mutualised",
                "option_id": option.id,
                "answered_on": "2026-09-01",
                "respondent": "DINUM",
                "reason": "Visio meets the need",
            }
        ).action_close()
        self.assertEqual(need.outcome, "mutualised")
        self.assertEqual(need.compliance_state, "compliant")
