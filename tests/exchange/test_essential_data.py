"""Essential data (DECP): a contract is published whole, or says what it lacks."""

import base64
import json
from pathlib import Path

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.exchange.essential_format import (
    get_faults,
    get_validator,
)

from .common_import import OWN_SIRET, ImportCase, contract, decp, titulaire

SAMPLES = Path(__file__).parents[3] / "shared" / "data" / "decp"
HOLDER = "73282932000074"


def published(**vals):
    """A contract with all that the format asks."""
    return (
        contract(
            titulaires=[titulaire(HOLDER)],
            codeCPV="72000000",
            modalitesExecution={"modaliteExecution": ["Bons de commande"]},
            marcheInnovant=False,
            ccag="Techniques de l'information et de la communication",
            offresRecues=4,
            attributionAvance=True,
            tauxAvance=0.05,
            typeGroupementOperateurs="Pas de groupement",
            lieuExecution={"code": "75107", "typeCode": "Code commune"},
            typesPrix={"typePrix": ["Définitif révisable"]},
            formePrix="Mixte",
            sousTraitanceDeclaree=False,
            considerationsSociales={"considerationSociale": ["Clause sociale"]},
            considerationsEnvironnementales={
                "considerationEnvironnementale": ["Critère environnemental"]
            },
        )
        | vals
    )


def change(rank, **vals):
    return {
        "modification": {
            "id": rank,
            "dateNotificationModification": "2025-06-01",
            "datePublicationDonneesModification": "2025-06-15",
            **vals,
        }
    }


@tagged("post_install", "-at_install")
class TestEssentialData(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.EUR")

    def _take_over(self, *contracts):
        wizard = self._import(decp(*contracts))
        self.assertEqual(self._statuses(wizard), ["created"] * len(contracts))
        return self._files(wizard)

    def _sheet(self, file, user=None):
        model = self.env["souverainete.essential.data"].with_user(user or self.officer)
        return model._open(file.with_user(user or self.officer))

    def _export(self, sheets, file_format="json"):
        action = sheets.action_export()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_env(sheets.env)
        wizard.file_format = file_format
        wizard.action_export()
        return base64.b64decode(wizard.data)

    def _contracts(self, content):
        return json.loads(content)["marches"]["marche"]

    # === WHAT COMES IN GOES OUT === #

    def test_what_was_published_goes_out_again_whole(self):
        source = published(
            origineUE=0.4,
            modifications=[change(1, montant=1300000.0), change(2, dureeMois=48)],
            actesSousTraitance=[
                {
                    "acteSousTraitance": {
                        "id": 1,
                        "sousTraitant": {"typeIdentifiant": "SIRET", "id": HOLDER},
                        "dureeMois": 12,
                        "dateNotification": "2025-03-01",
                        "datePublicationDonnees": "2025-03-10",
                        "montant": 20000,
                        "variationPrix": "Ferme",
                    }
                }
            ],
        )
        sheet = self._sheet(self._take_over(source))
        self.assertFalse(sheet.missing)
        self.assertEqual(sheet.ccag_id.name, source["ccag"])
        content = self._export(sheet)
        self.assertEqual(self._contracts(content), [source])
        again = self._import(content)
        self.assertEqual(self._statuses(again), ["unchanged"])

    def test_xml_says_the_same(self):
        source = published(modifications=[change(1, montant=1300000)])
        sheet = self._sheet(self._take_over(source))
        content = self._export(sheet, "xml")
        root = etree.fromstring(content)
        self.assertEqual(root.findtext(".//attributionAvance"), "oui")
        self.assertEqual(root.findtext(".//modification/montant"), "1300000")
        wizard = self._import(content, filename="marches.xml")
        self.assertEqual(self._statuses(wizard), ["unchanged"])

    def test_what_is_corrected_here_is_published_corrected(self):
        sheet = self._sheet(self._take_over(published()))
        sheet.offers_received = 5
        (record,) = self._contracts(self._export(sheet))
        self.assertEqual(record["offresRecues"], 5)
        self.assertEqual(record["procedure"], "Appel d'offres ouvert")

    def test_amendment_signed_here_is_chained(self):
        file = self._take_over(published(modifications=[change(1, montant=1300000)]))
        amendment = self.env["souverainete.amendment"].create(
            {"requisition_id": file.id, "name": "Avenant 2", "date": "2026-02-01"}
        )
        amendment._write_server(
            {
                "amount": 50000,
                "amount_known": True,
                "state": "signed",
                "amount_before": 1300000,
                "amount_before_known": True,
            }
        )
        sheet = self._sheet(file)
        self.assertFalse(sheet.missing)
        (record,) = self._contracts(self._export(sheet))
        first, second = (m["modification"] for m in record["modifications"])
        self.assertEqual((first["id"], second["id"]), (1, 2))
        self.assertEqual(record["montant"], 1200000)
        self.assertEqual(second["montant"], 1350000)
        self.assertEqual(second["dateNotificationModification"], "2026-02-01")
        today = self.company._souverainete_today()
        self.assertEqual(amendment.date_published, today)

    # === WHAT MISSES IS SAID === #

    def test_what_nobody_said_is_missing_and_stays_out(self):
        whole, lacking = self._take_over(
            published(), contract(id="2025M002", objet="Autre marché")
        )
        sheets = self._sheet(whole) | self._sheet(lacking)
        self.assertFalse(sheets[0].missing)
        for fact in ("ccag", "offresRecues", "attributionAvance", "lieuExecution"):
            self.assertIn(fact, sheets[1].missing)
        self.assertNotIn("False", sheets[1].missing)
        content = self._export(sheets)
        self.assertEqual([c["id"] for c in self._contracts(content)], ["2025M001"])
        self.assertTrue(sheets[0].date_published)
        self.assertFalse(sheets[1].date_published)
        with self.assertRaisesRegex(UserError, "ccag"):
            self._export(sheets[1])

    def test_no_answer_is_not_no(self):
        source = published()
        del source["marcheInnovant"]
        sheet = self._sheet(self._take_over(source))
        self.assertIn("marcheInnovant", sheet.missing)
        sheet.innovative = "no"
        self.assertFalse(sheet.missing)
        (record,) = self._contracts(self._export(sheet))
        self.assertIs(record["marcheInnovant"], False)

    def test_draft_has_no_essential_data(self):
        need = self.Requisition.create({"requisition_type": "blanket_order"})
        with self.assertRaisesRegex(UserError, "not signed"):
            need.action_essential_data()

    # === WHAT A FILE SAYS WRONG === #

    def test_faults_of_a_file_are_named_in_its_preview(self):
        wrong = published(dureeMois=36, offresRecues=0, _type="Marché")
        del wrong["marcheInnovant"]
        (line,) = self._preview(decp(wrong)).line_ids
        for words in (
            "offers received (offresRecues)",
            "_type",
            "To be filled in: Innovative (marcheInnovant).",
        ):
            self.assertIn(words.lower(), line.message.lower())
        (line,) = self._preview(decp(published())).line_ids
        self.assertNotIn("Format of the DECP", line.message)

    # === COMPARED WITH WHAT IS PUBLISHED === #

    def test_what_is_published_differently_is_shown_with_both_values(self):
        file = self._take_over(published())
        wizard = self._preview(decp(published(montant=1500000, dureeMois=48)))
        (line,) = wizard.line_ids
        self.assertEqual(line.status, "unchanged")
        self.assertIn("1,500,000.00 published, 1,200,000.00 here", line.message)
        self.assertIn("48 published, 36 here", line.message)
        self.assertEqual(file.amount_max, 1200000)

    def test_signed_here_and_not_published_is_shown(self):
        files = self._take_over(
            published(),
            published(id="2025M002", objet="B", dateNotification="2025-02-01"),
            published(id="2025M003", objet="C", dateNotification="2025-03-01"),
        )
        files._write_server({"is_prior": False})
        wizard = self._preview(
            decp(
                published(),
                published(id="2025M003", objet="C", dateNotification="2025-03-01"),
            )
        )
        absent = wizard.line_ids.filtered(lambda line: line.status == "absent")
        self.assertEqual(absent.mapped("title"), ["B"])
        self.assertIn("check its publication", absent.message)

    # === WHO === #

    def test_ministries_do_not_see_each_other_s(self):
        sheet = self._sheet(self._take_over(published()))
        other = self.env["res.company"].create({"name": "Autre ministère"})
        stranger = self._new_user("stranger", "purchase.group_purchase_user")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            sheet.with_user(stranger).read(["missing"])

    def test_day_of_publication_is_the_server_s(self):
        sheet = self._sheet(self._take_over(published()))
        with self.assertRaises(AccessError):
            sheet.with_user(self.buyer).write({"date_published": "2020-01-01"})

    # === REAL FILES === #

    def _read_sample(self, name):
        if not (SAMPLES / name).exists():
            self.skipTest("sample data folder ../shared/data not found")
        return (SAMPLES / name).read_bytes()

    def _get_validators(self):
        from jsonschema import Draft7Validator

        for version in ("2.0.3", "2.0.4"):
            schema = json.loads(self._read_sample(f"schema_decp_v{version}.json"))
            yield Draft7Validator(schema)

    def _get_words(self, sheets, fault):
        required = fault[1] == "required"
        return sheets._get_name(*fault) if required else sheets._explain_fault(*fault)

    def test_altered_sample_names_its_21_faults(self):
        content = self._read_sample("decp_test_2022.json")
        lines = self._preview(content).line_ids
        records = self._contracts(content)
        self.assertEqual(len(lines), len(records))
        validator = get_validator(self.env["souverainete.essential.word"]._get_words())
        sheets = self.env["souverainete.essential.data"]
        told = [
            (line, self._get_words(sheets, fault))
            for line, record in zip(lines, records, strict=True)
            for fault in get_faults(record, validator)
        ]
        self.assertEqual(len(told), 21)
        for line, words in told:
            self.assertIn(words, line.message)
        expected = next(self._get_validators()).iter_errors(json.loads(content))
        self.assertEqual(len(list(expected)), 21)

    def test_export_is_valid_against_the_published_schemas(self):
        source = published(
            modifications=[change(1, montant=1300000, titulaires=[titulaire(HOLDER)])]
        )
        sheet = self._sheet(self._take_over(source))
        document = json.loads(self._export(sheet))
        for validator in self._get_validators():
            self.assertEqual(list(validator.iter_errors(document)), [])
        schema = etree.XMLSchema(
            etree.fromstring(self._read_sample("schema_decp_v2.0.2.xsd"))
        )
        schema.assertValid(etree.fromstring(self._export(sheet, "xml")))

    def test_sample_with_modifications_comes_out_as_it_came_in(self):
        content = self._read_sample("marches_avec_modifications.json")
        records = json.loads(content)["marches"]["marche"]
        for rank, record in enumerate(records):
            record |= {"acheteur": {"id": OWN_SIRET}, "codeCPV": "72000000-5"}
            record["id"] = f"TEST{rank}"
            record["dateNotification"] = f"2024-05-1{rank}"
        files = self._take_over(*records)
        sheets = self._sheet(files[0]) | self._sheet(files[1])
        self.assertEqual(self._contracts(self._export(sheets)), records)
