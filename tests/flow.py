"""A purchase file taken through the whole doctrine, step by step, by its people."""

from odoo.fields import Command

from .common import SouveraineteCase


class FlowCase(SouveraineteCase):
    """Builds complete files; each step is its own method, so that tests can leave one
    out or do it differently. The study and the offers are given to several at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qualification = cls.env["souverainete.qualification"].create(
            {
                "partner_id": cls.vendor.id,
                "service": "Réunions souveraines",
                "scheme": "secnumcloud",
                "version": "3.2",
                "decision": "TEST-1",
                "date_start": "2025-01-01",
                "date_end": "2099-12-31",
                "state": "granted",
                "certainty": "primary",
                "source": "Test",
            }
        )

    # === STEPS BEFORE LAUNCH === #

    def _state_need(self, file):
        file.write(
            {
                "purchase_nature": "cloud",
                "purchase_route": "own",
                **self._prepare_need(),
            }
        )

    def _prepare_need(self):
        return {
            "cpv_code": "48515000",
            "amount_estimated": 500000,
            "amount_estimated_known": True,
            "need_effect": "Meet at a distance, 500 people at once",
            "need_measure": "Load test with 500 participants",
            "sovereignty_statement": "Immunity, exit and mastery were weighed.",
        }

    def _study(self, files):
        """Search, then set the mutualised options aside and retain a purchase."""
        for file in files:
            file._run_search("visioconférence")
        options = self.env["souverainete.option"].with_user(files.env.user)
        options.create(
            [
                {
                    "requisition_id": file.id,
                    "name": "Visio",
                    "path": "mutualised",
                    "assessment": "inadequate",
                    "verdict": "rejected",
                    "reason": "500 participants are not supported",
                }
                for file in files
            ]
        )
        return options.create(
            [
                {
                    "requisition_id": file.id,
                    "name": "Réunions souveraines",
                    "path": "off_the_shelf",
                    "assessment": "adequate",
                    "verdict": "retained",
                    "reason": "Meets the effect and the measure",
                    "partner_id": self.vendor.id,
                }
                for file in files
            ]
        )

    def _answer_data_questions(self, file):
        file.write(self._prepare_data_answers())

    def _prepare_data_answers(self):
        return {
            "has_cloud": "yes",
            "data_protected_secret": "yes",
            "data_essential_mission": "no",
            "data_breach_harm": "yes",
            "data_owner_id": self.officer.id,
            "data_justification": "Meetings on public order",
        }

    def _declare_project(self, file, amount=1_000_000):
        projects = self.env["souverainete.project"].with_user(file.env.user)
        file.project_id = projects.create(self._prepare_project(amount))

    def _prepare_project(self, amount):
        line = {"name": "Build", "amount": amount, "tax_basis": "ttc"}
        return {"name": "Meetings", "cost_line_ids": [Command.create(line)]}

    def _prepare_launch(self, file, **options):
        self._state_need(file)
        self._study(file)
        self._answer_data_questions(file)
        self._declare_project(file, **options)

    def _launched_file(self, **vals):
        file = self._new_file(**vals)
        self._prepare_launch(file)
        file.action_launch()
        return file

    # === STEPS AFTER LAUNCH === #

    def _receive_offers(self, files):
        """Two offers a file: the vendor's is retained, the other is set aside."""
        offers = self.env["souverainete.option"].with_user(files.env.user)
        bids = ((self.vendor, self.qualification), (self.other_vendor, None))
        offers = offers.create(
            [
                self._prepare_offer(file, partner, qualification)
                for partner, qualification in bids
                for file in files
            ]
        )
        retained = offers.filtered(lambda offer: offer.partner_id == self.vendor)
        (offers - retained).write({"verdict": "rejected", "reason": "Ranked second"})
        retained.write({"verdict": "retained", "reason": "Ranked first"})
        return retained

    def _prepare_offer(self, file, partner, qualification):
        component = {
            "name": "Réunions souveraines",
            "partner_id": partner.id,
            "role": "host",
            "hosting": "commercial_cloud",
            "qualification_id": qualification and qualification.id,
        }
        hosted = file.purchase_nature != "intellectual"
        return {
            "requisition_id": file.id,
            "kind": "offer",
            "name": partner.name,
            "path": "off_the_shelf",
            "partner_id": partner.id,
            "component_ids": [Command.create(component)] if hosted else [],
        }

    def _retain_offer(self, file):
        """The study's direction gives way to the offer that carries it."""
        offer = self._receive_offers(file)
        file.vendor_id = self.vendor
        return offer

    def _confirmed_file(self, **vals):
        file = self._launched_file(**vals)
        self._retain_offer(file)
        file.action_confirm()
        return file
