"""Imports as people use them: shown first, then recorded, by those who may."""

import base64
import json
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common_data import read_sample
from .common_import import ImportCase, contract, decp, planned, titulaire


@tagged("post_install", "-at_install")
class TestImportPlanned(ImportCase):
    def test_preview_writes_nothing(self):
        before = self.Requisition.search_count([])
        wizard = self._preview(self._approch(), self.buyer)
        self.assertEqual(self._statuses(wizard), ["created"])
        self.assertEqual(wizard.line_ids.outcome, "To create")
        self.assertEqual(self.Requisition.search_count([]), before)
        self.assertFalse(self.env["souverainete.import.origin"].search_count([]))

    def test_planned_purchase_becomes_a_need_in_draft(self):
        file = self._files(self._import(self._approch(), self.buyer))
        self.assertRecordValues(
            file,
            [
                {
                    "requisition_type": "purchase_template",
                    "state": "draft",
                    "company_id": self.company.id,
                    "user_id": self.buyer.id,
                    "reference": "Logiciel de gestion des salles",
                    "ref_approch": "https://example.gouv.fr/project/101/main",
                    "amount_estimated": 250000,
                    "amount_estimated_known": True,
                    "duration_months": 48,
                    # 23:30 UTC on the 14th is the 15th in Paris.
                    "date_publication": date(2027, 3, 15),
                }
            ],
        )
        self.assertIn("réservation", file.description)

    def test_scope_is_asked_with_a_suggestion(self):
        wizard = self._import(
            self._approch(
                planned(),
                planned(url="u/2", label="Ascenseurs", description=""),
                planned(url="u/3", label="Optibaux", description=""),
            ),
            self.buyer,
        )
        files = self._files(wizard)
        self.assertEqual(files.mapped("scope_suggestion"), ["in", "out", "none"])
        self.assertEqual(files.mapped("scope_status"), ["ask", "ask", "ask"])
        self.assertIn("probably digital (logiciel)", wizard.line_ids[0].message)

    def test_cpv_decides_where_it_is_given(self):
        purchase = planned(label="Ascenseurs", CPVPrimary={"code": "48000000-8"})
        file = self._files(self._import(self._approch(purchase), self.buyer))
        self.assertTrue(file.is_digital)
        self.assertFalse(file.scope_suggestion)

    def test_missing_zero_and_one_are_unknown_amounts(self):
        amounts = (None, 0, 1, "", "NC")
        wizard = self._import(
            self._approch(
                *(
                    planned(url=f"u/{i}", marketEstimatedAmount=amount)
                    for i, amount in enumerate(amounts)
                )
            ),
            self.buyer,
        )
        for file in self._files(wizard):
            self.assertFalse(file.amount_estimated_known)
            self.assertFalse(file._get_value().known)

    def test_a_placeholder_amount_is_pointed_out(self):
        wizard = self._preview(self._approch(planned(marketEstimatedAmount=999)))
        self.assertIn("999", wizard.line_ids.message)

    def test_place_reference_comes_from_the_consultation(self):
        link = "https://example.gouv.fr/?page=Entreprise&id=1979287&org=a4n"
        file = self._files(self._import(self._approch(planned(consultationLink=link))))
        self.assertEqual(file.ref_place, "1979287")

    def test_import_again_changes_nothing(self):
        first = self._import(self._approch(), self.buyer)
        again = self._import(self._approch(), self.buyer)
        self.assertEqual(self._statuses(again), ["unchanged"])
        self.assertEqual(self._files(again), self._files(first))

    def test_import_again_updates_what_the_source_changed(self):
        file = self._files(self._import(self._approch(), self.buyer))
        changed = self._approch(planned(marketEstimatedAmount=300000))
        wizard = self._preview(changed, self.buyer)
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertIn("Estimated value", wizard.line_ids.message)
        self.assertEqual(file.amount_estimated, 250000)
        wizard.action_import()
        self.assertEqual(file.amount_estimated, 300000)
        self.assertEqual(self._statuses(self._import(changed)), ["unchanged"])

    def test_what_the_buyer_wrote_is_kept(self):
        file = self._files(self._import(self._approch(), self.buyer))
        file.amount_estimated = 270000
        wizard = self._import(
            self._approch(planned(marketEstimatedAmount=300000, marketMaxDuration=24))
        )
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertEqual((file.amount_estimated, file.duration_months), (270000, 24))
        self.assertIn("kept as it is here: Estimated value", wizard.line_ids.message)

    def test_amount_that_became_unknown_is_not_zero(self):
        file = self._files(self._import(self._approch(), self.buyer))
        self._import(self._approch(planned(marketEstimatedAmount=0)), self.buyer)
        self.assertFalse(file.amount_estimated_known)

    def test_a_need_no_longer_in_draft_is_left_alone(self):
        file = self._files(self._import(self._approch(), self.buyer))
        file.action_cancel()
        wizard = self._import(self._approch(planned(label="Autre titre")), self.buyer)
        self.assertEqual(self._statuses(wizard), ["unchanged"])
        self.assertEqual(file.reference, "Logiciel de gestion des salles")

    def test_a_need_typed_by_hand_is_recognised(self):
        file = self._new_file(ref_approch=planned()["url"], reference="À moi")
        wizard = self._import(self._approch(), self.buyer)
        self.assertEqual(self._files(wizard), file)
        self.assertEqual(file.reference, "À moi")

    def test_corrected_reference_still_finds_its_file(self):
        file = self._files(self._import(self._approch(), self.buyer))
        file.ref_approch = "APP-101"
        self.assertEqual(self._files(self._import(self._approch())), file)
        self.assertEqual(file.ref_approch, "APP-101")

    def test_the_same_record_twice_is_read_once(self):
        wizard = self._import(self._approch(planned(), planned()), self.buyer)
        self.assertEqual(self._statuses(wizard), ["created", "skipped"])
        self.assertIn("Purchase 1", wizard.line_ids[1].message)

    def test_bad_records_never_cost_the_good_ones(self):
        wizard = self._import(
            self._approch(
                planned(url="u/1"),
                planned(url="u/2", marketEstimatedAmount=-5),
                planned(url="u/3", publicationTargetDate="demain"),
                planned(url="u/4", label=None),
                planned(url=None),
                "not a purchase",
                planned(url="u/7", CPVPrimary="48"),
                planned(url="u/8"),
            )
        )
        self.assertEqual(
            self._statuses(wizard), ["created", *["refused"] * 6, "created"]
        )
        for line, name in zip(
            wizard.line_ids[1:5] | wizard.line_ids[6],
            ("marketEstimatedAmount", "publicationTargetDate", "label", "url", "CPVP"),
            strict=True,
        ):
            self.assertIn(name, line.message)

    def test_a_record_the_database_refuses_is_alone_refused(self):
        target = type(self.env["souverainete.import.need"])
        create = target._create_files

        def refuse(model, wizard, plans):
            files = create(model, wizard, plans)
            if "Bad" in files.mapped("reference"):
                raise ValidationError("Not this one.")
            return files

        with patch.object(target, "_create_files", refuse):
            wizard = self._import(
                self._approch(planned(url="u/1"), planned(url="u/2", label="Bad"))
            )
        self.assertEqual(self._statuses(wizard), ["created", "refused"])
        self.assertEqual(wizard.line_ids[1].message.splitlines()[-1], "Not this one.")

    def test_each_ministry_has_its_own(self):
        other = self.env["res.company"].create(
            {"name": "Autre ministère", "public_entity_type": "ministry"}
        )
        self.buyer.company_ids += other
        first = self._files(self._import(self._approch(), self.buyer))
        wizard = self._wizard(self._approch(), self.buyer)
        wizard = wizard.with_context(allowed_company_ids=[other.id, self.company.id])
        wizard.company_id = other
        wizard.action_import()
        self.assertNotEqual(self._files(wizard), first)
        self.assertEqual(self._files(wizard).company_id, other)

    def test_forty_six_real_purchases_make_forty_six_drafts(self):
        data = read_sample(self, "approch/approch_projets_dae.json")
        wizard = self._import(data, self.buyer, filename="projets.json")
        files = self._files(wizard)
        self.assertEqual(len(files), 46)
        self.assertEqual(set(files.mapped("state")), {"draft"})
        known = [
            p
            for p in json.loads(data)
            if p["marketEstimatedAmount"] not in (None, 0, 1)
        ]
        self.assertEqual(len(files.filtered("amount_estimated_known")), len(known))
        self.assertFalse(
            files.filtered(
                lambda f: f.amount_estimated_known and not f.amount_estimated
            )
        )
        digital = files.filtered(lambda f: f.scope_suggestion == "in")
        self.assertIn("logiciel de gestion de flotte", digital.mapped("reference"))
        again = self._import(data, self.buyer, filename="projets.json")
        self.assertEqual(set(self._statuses(again)), {"unchanged"})


@tagged("post_install", "-at_install")
class TestImportContracts(ImportCase):
    def test_a_signed_contract_is_taken_over(self):
        file = self._files(self._import(decp(contract())))
        self.assertRecordValues(
            file,
            [
                {
                    "state": "confirmed",
                    "is_prior": True,
                    "compliance_state": "prior",
                    "requisition_type": "blanket_order",
                    "reference": "Infogérance des serveurs",
                    "ref_contract": "2025M001",
                    "cpv_code": "72000000",
                    "amount_max": 1200000,
                    "amount_max_known": True,
                    "date_start": date(2025, 1, 31),
                    "date_end": date(2028, 1, 31),
                    "date_end_estimated": True,
                    "user_id": False,
                }
            ],
        )
        self.assertEqual(file.holder_ids.company_registry, "10000000100018")
        self.assertEqual(file.vendor_id, file.holder_ids)

    def test_the_file_itself_is_the_document(self):
        content = decp(contract(), contract(id="B", objet="Autre"))
        files = self._files(self._import(content, filename="decp-2025.json"))
        document = files.prior_document_id
        self.assertEqual(len(document), 1)
        self.assertEqual(document.raw, content.encode())
        self.assertTrue(document.with_user(self.buyer).read(["name"]))

    def test_another_file_is_another_document(self):
        wizard = self._import(decp(contract()))
        wizard.action_back()
        wizard.data = base64.b64encode(decp(contract(id="B", objet="B")).encode())
        wizard.action_import()
        documents = self.Requisition.search([("is_prior", "=", True)])
        self.assertEqual(len(documents.prior_document_id), 2)

    def test_the_result_leads_to_the_files(self):
        wizard = self._import(decp(contract(), contract(id="B", objet="B")))
        action = wizard.action_open_files()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(found), set(self._files(wizard)))
        self.assertEqual(
            wizard.line_ids[0].action_open()["res_id"], self._files(wizard)[0].id
        )

    def test_only_an_officer_takes_over(self):
        wizard = self._wizard(decp(contract()), self.buyer)
        self.assertEqual(wizard.adapter, "decp")
        for action in (
            wizard.action_preview,
            wizard.action_import,
            wizard.action_import_batch,
        ):
            with self.assertRaisesRegex(AccessError, "Compliance officer"):
                action()

    def test_nobody_reads_the_import_of_another(self):
        wizard = self._preview(decp(contract()))
        with self.assertRaises(AccessError):
            wizard.with_user(self.buyer).read(["data"])
        for user in (self.dae, self.dinum):
            with self.assertRaises(AccessError):
                self._wizard(self._approch(), user)
        # They import catalogues of solutions, and no purchase.
        for user in (self.ambassador, self.referent):
            with self.assertRaises(AccessError):
                wizard.with_user(user).read(["data"])
            with self.assertRaises(AccessError):
                self._wizard(self._approch(), user).action_import()

    def test_end_of_month_and_leap_days(self):
        cases = (
            ("2024-01-31", 1, date(2024, 2, 29)),
            ("2023-08-31", 6, date(2024, 2, 29)),
            ("2024-02-29", 12, date(2025, 2, 28)),
            ("2025-01-31", 48, date(2029, 1, 31)),
        )
        for start, months, end in cases:
            row = contract(id=start, dateNotification=start, dureeMois=months)
            self.assertEqual(self._files(self._import(decp(row))).date_end, end)

    def test_unknown_amount_and_duration_stay_unknown(self):
        rows = [
            contract(id="A", objet="A", montant=0),
            contract(id="B", objet="B", montant=1, dureeMois="NC"),
            contract(id="C", objet="C", montant=None, dureeMois=None),
        ]
        wizard = self._import(decp(*rows))
        files = self._files(wizard)
        self.assertEqual(files.mapped("amount_max_known"), [False] * 3)
        self.assertTrue(files[0].date_end)
        for file in files[1:]:
            self.assertFalse(file.date_end)
            self.assertFalse(file.date_end_estimated)
        self.assertIn("maximum amount is unknown", wizard.line_ids[1].message)
        self.assertIn("end is unknown", wizard.line_ids[1].message)

    def test_only_digital_contracts_are_taken_over(self):
        rows = [
            contract(id="A", codeCPV="45000000-7", objet="Travaux"),
            contract(id="B", codeCPV="9310000", objet="Électricité"),
            contract(id="C", codeCPV="93000000", objet="Divers"),
            contract(id="D", codeCPV="64212000", objet="Mobiles"),
        ]
        wizard = self._import(decp(*rows))
        self.assertEqual(
            self._statuses(wizard), ["skipped", "skipped", "skipped", "created"]
        )
        self.assertIn("09310000", wizard.line_ids[1].message)
        self.assertIn("leading zero", wizard.line_ids[1].message)
        self.assertEqual(self._files(wizard).scope_status, "ask")
        self.assertIn("Scope to state", wizard.line_ids[3].message)

    def test_concessions_are_skipped(self):
        wizard = self._import(
            decp(contract(), concessions=[{"id": "C1", "objet": "X"}])
        )
        self.assertEqual(self._statuses(wizard), ["created", "skipped"])
        self.assertIn("concession", wizard.line_ids[1].message)

    def test_amendments_give_their_last_word(self):
        changes = [
            {
                "modification": {
                    "id": 2,
                    "dateNotificationModification": "2026-03-01",
                    "dureeMois": 60,
                }
            },
            {
                "modification": {
                    "id": 1,
                    "dateNotificationModification": "2025-09-01",
                    "montant": 1500000,
                    "dureeMois": 48,
                }
            },
        ]
        wizard = self._import(decp(contract(modifications=changes)))
        file = self._files(wizard)
        self.assertEqual(file.amount_max, 1500000)
        self.assertEqual(file.date_end, date(2030, 1, 31))
        self.assertIn("Amendments", wizard.line_ids.message)

    def test_another_buyer_is_refused(self):
        row = contract(acheteur={"id": "99999999900011"})
        wizard = self._import(decp(row))
        self.assertEqual(self._statuses(wizard), ["refused"])
        self.assertIn("99999999900011", wizard.line_ids.message)
        self.company.company_registry = False
        wizard = self._import(decp(row))
        self.assertEqual(self._statuses(wizard), ["created"])
        self.assertIn("Check the buyer", wizard.line_ids.message)

    def test_import_again_changes_nothing(self):
        first = self._import(decp(contract()))
        again = self._import(decp(contract()))
        self.assertEqual(self._statuses(again), ["unchanged"])
        self.assertEqual(self._files(again), self._files(first))

    def test_an_import_never_amends_a_contract(self):
        file = self._files(self._import(decp(contract())))
        wizard = self._import(decp(contract(dureeMois=72)))
        self.assertEqual(self._statuses(wizard), ["unchanged"])
        self.assertEqual(file.date_end, date(2028, 1, 31))
        self.assertIn("End Date", wizard.line_ids.message)

    def test_a_contract_typed_by_hand_is_not_duplicated(self):
        file = self._new_file(ref_contract="2025M001")
        wizard = self._import(decp(contract()))
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertEqual(self._files(wizard), file)
        self.assertFalse(file.is_prior)

    def test_a_taken_over_contract_takes_orders(self):
        file = self._files(self._import(decp(contract(dureeMois=240))))
        order = self._new_order(price=100, requisition_id=file.id)
        order.partner_id = file.vendor_id
        order.button_confirm()
        self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestImportGroups(ImportCase):
    """Rows of one object, amount and date: one agreement with several holders."""

    def _rows(self):
        return [
            contract(id=f"R{i}", titulaires=[titulaire(f"1000000010001{i}")])
            for i in range(3)
        ]

    def test_rows_are_proposed_as_one_agreement(self):
        wizard = self._import(decp(*self._rows()))
        file = self._files(wizard)
        self.assertEqual(len(file), 1)
        self.assertEqual(len(file.holder_ids), 3)
        self.assertEqual(file.ref_contract, "R0, R1, R2")
        self.assertIn("3 records", wizard.line_ids.message)
        self.assertEqual(
            self._statuses(self._import(decp(*self._rows()))), ["unchanged"]
        )

    def test_another_amount_or_date_is_another_agreement(self):
        rows = [
            contract(id="A"),
            contract(id="B", montant=5),
            contract(id="C", dateNotification="2025-02-01"),
            contract(id="D", objet="Autre objet"),
        ]
        self.assertEqual(len(self._files(self._import(decp(*rows)))), 4)

    def test_the_officer_keeps_rows_apart(self):
        wizard = self._preview(decp(*self._rows()))
        wizard.line_ids.apart = True
        wizard.action_import()
        self.assertEqual(len(self._files(wizard)), 3)
        again = self._import(decp(*self._rows()))
        self.assertEqual(self._statuses(again), ["unchanged"] * 3)

    def test_a_holder_published_later_joins(self):
        rows = self._rows()
        file = self._files(self._import(decp(*rows[:2])))
        wizard = self._import(decp(*rows))
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertEqual(len(file.holder_ids), 3)
        self.assertEqual(self._statuses(self._import(decp(*rows))), ["unchanged"])

    def test_holders_are_never_duplicated(self):
        siret = "55204599900869"
        for vals in (
            {"company_registry": siret},
            {"company_registry": "552 045 999 00869"},
            {"company_registry": "552045999"},
            {"vat": "FR70552045999"},
        ):
            with self.subTest(**vals):
                self.env["res.partner"].search(
                    ["|", ("company_registry", "!=", False), ("vat", "!=", False)]
                ).write({"company_registry": False, "vat": False})
                self.company.company_registry = contract()["acheteur"]["id"]
                partner = self.env["res.partner"].create({"name": "Connue", **vals})
                row = contract(id=str(vals), titulaires=[titulaire(siret)])
                file = self._files(self._import(decp(row)))
                self.assertEqual(file.holder_ids, partner)

    def test_a_foreign_holder_has_its_tax_number(self):
        row = contract(titulaires=[titulaire("BE0477472701", "TVA")])
        self.assertEqual(
            self._files(self._import(decp(row))).holder_ids.vat, "BE0477472701"
        )

    def test_unreadable_holders_are_left_out_and_said(self):
        row = contract(
            titulaires=[
                titulaire("10000000100018"),
                titulaire("868768687576575"),
                {"titulaire": "typeIdentifiant"},
                {"typeIdentifiant": "SIRET", "id": "10000000100026"},
            ]
        )
        wizard = self._import(decp(row))
        self.assertEqual(
            self._files(wizard).holder_ids.mapped("company_registry"),
            ["10000000100018", "10000000100026"],
        )
        self.assertIn("left out", wizard.line_ids.message)

    def test_155_real_rows(self):
        data = read_sample(self, "decp/decp_dae.json")
        self.company.company_registry = json.loads(data)["acheteur"]["id"]
        wizard = self._import(data, filename="decp_dae.json")
        digital = [
            row
            for row in json.loads(data)["marches"]
            if row["codeCPV"]
            .rjust(8, "0")
            .startswith(("48", "72", "302", "324", "503", "642"))
        ]
        agreements = {
            (row["objet"], row["montant"], row["dateNotification"]) for row in digital
        }
        files = self._files(wizard)
        self.assertEqual((len(digital), len(agreements)), (62, 21))
        self.assertEqual(len(files), len(agreements))
        self.assertEqual(sum(wizard.line_ids.mapped("record_count")), 155)
        self.assertEqual(set(files.mapped("compliance_state")), {"prior"})
        self.assertEqual(set(files.mapped("date_end_estimated")), {True})
        unknown = files.filtered(lambda f: not f.amount_max_known)
        self.assertEqual(unknown.reference, "Fourniture de serveurs rack et lame")
        restored = wizard.line_ids.filtered(lambda ln: "leading zero" in ln.message)
        self.assertEqual(len(restored), 31)
        again = self._import(data, filename="decp_dae.json")
        self.assertEqual(set(self._statuses(again)), {"unchanged", "skipped"})
        self.assertEqual(self._files(again), files)


@tagged("post_install", "-at_install")
class TestImportLong(ImportCase):
    def _long(self, count):
        return decp(*(contract(id=f"L{i}", objet=f"Objet {i}") for i in range(count)))

    def _hurry(self, seconds):
        """Give each call so many seconds."""
        name = (
            "odoo.addons.souverainete_achat.wizard.exchange.import_wizard.CALL_SECONDS"
        )
        self.startPatcher(patch(name, seconds))

    def test_a_call_imports_all_that_it_has_time_for(self):
        wizard = self._wizard(self._long(250))
        wizard.action_import_with_progress()
        self.assertEqual(wizard.action_import_batch(), {"position": 250, "total": 250})
        self.assertEqual(wizard.state, "done")

    def test_a_long_file_goes_by_batches(self):
        self._hurry(0)
        wizard = self._wizard(self._long(250))
        action = wizard.action_import_with_progress()
        self.assertEqual(action["tag"], "souverainete_import")
        steps = []
        while wizard.remaining:
            steps.append(wizard.action_import_batch()["position"])
        self.assertEqual(steps, [100, 200, 250])
        self.assertEqual(wizard.state, "done")
        self.assertEqual(len(set(self._files(wizard))), 250)

    def test_an_interrupted_import_goes_on(self):
        self._hurry(0)
        wizard = self._wizard(self._long(130))
        wizard.action_import_with_progress()
        wizard.action_import_batch()
        self.assertEqual((wizard.state, wizard.remaining), ("running", 30))
        wizard.action_import()
        self.assertEqual(self._statuses(wizard), ["created"] * 130)

    def test_reimport_queries_do_not_grow_with_the_file(self):
        counts = []
        for size in (20, 90):
            self._import(self._long(size))
            wizard = self._wizard(self._long(size))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 5)

    def test_the_form_opens_and_guesses(self):
        wizard = self._wizard(self._approch(), self.buyer, filename="x.txt")
        self.assertEqual(wizard.adapter, "approch")
        wizard = self._wizard("{}", self.buyer, filename="decp-2024.json")
        self.assertEqual(wizard.adapter, "decp")
        wizard = self._wizard("{}", self.buyer, filename="notes.txt")
        self.assertFalse(wizard.adapter)
        with self.assertRaisesRegex(UserError, "choose"):
            wizard.action_preview()
