"""Published contracts (DECP of all buyers): loaded whatever their number, searched for
a need, kept as evidence of its study."""

import base64
import gzip
import io
import json
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.wizard.exchange import published_loading

from ..common_data import read_sample
from .common_import import ImportCase, contract, decp, titulaire

BUYER = "21330063500017"
CSV = (
    "uid,id,acheteur_id,acheteur_nom,objet,codeCPV,montant,dureeMois,dateNotification,"
    "datePublicationDonnees,titulaire_id,titulaire_typeIdentifiant,titulaire_nom\n"
)


def bought(title, **vals):
    """A contract of another buyer."""
    buyer = {"id": BUYER, "nom": "Ville de Bordeaux"}
    return contract(**{"acheteur": buyer, "objet": title, **vals})


class PublishedCase(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Contract = cls.env["souverainete.published.contract"]

    def _file(self, content, filename="decp.json", user=None):
        content = content.encode() if isinstance(content, str) else content
        return (
            self.env["souverainete.published.file"]
            .with_user(user or self.referent)
            .create({"data": base64.b64encode(content), "filename": filename})
        )

    def _load(self, content, filename="decp.json", **kwargs):
        file = self._file(content, filename, **kwargs)
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            file.action_load()
            file._cron_load()
        return file

    def _counts(self, file):
        return (
            file.created_count,
            file.updated_count,
            file.unchanged_count,
            file.refused_count,
        )


@tagged("post_install", "-at_install")
class TestPublishedLoading(PublishedCase):
    def test_a_manager_sees_then_loads(self):
        file = self._file(
            decp(bought("Licences Zorgue"), bought("Sans CPV", codeCPV=""))
        )
        file.action_preview()
        self.assertIn("Of the first 2 records, 1 can be loaded.", file.preview)
        self.assertIn("Licences Zorgue – 72000000 – Ville de Bordeaux", file.preview)
        self.assertIn("Sans CPV – codeCPV is missing.", file.preview)
        self.assertFalse(self.Contract.search_count([]))
        with patch.object(self.env.registry["ir.cron"], "_commit_progress"):
            file.action_load()
            file._cron_load()
        self.assertEqual((file.state, self._counts(file)), ("done", (1, 0, 0, 1)))
        [rejected] = file.rejected_ids
        self.assertEqual(rejected.title, "Sans CPV")
        self.assertEqual(rejected.reason, "codeCPV is missing.")
        self.assertIn("Record 2", rejected.place)

    def test_what_is_known_of_a_contract(self):
        self._load(
            decp(bought("Infogérance", titulaires=[titulaire("55204599900869")]))
        )
        found = self.Contract.search([])
        self.assertEqual(found.buyer_siren, BUYER[:9])
        self.assertEqual(found.holder_siren, "552045999")
        self.assertEqual((found.amount, found.cpv_code), (1200000, "72000000"))
        self.assertEqual(found.date_end, date(2028, 1, 31))
        self.assertEqual(found.source, "decp.json")

    def test_every_shape_and_packing(self):
        """The same contract, as each format gives it, is one contract."""
        item = bought("Licences Zorgue", datePublicationDonnees="2025-02-10")
        flat = {**item, "titulaires": [{"id": "10000000100018"}]}
        whole = decp(item)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as out:
            out.writestr("decp.json", whole)
        xml = (
            "<marches><marche><id>2025M001</id><acheteur><id>21330063500017</id>"
            "</acheteur><objet>Licences Zorgue</objet><codeCPV>72000000-5</codeCPV>"
            "<dureeMois>36</dureeMois><dateNotification>2025-01-31</dateNotification>"
            "<datePublicationDonnees>2025-02-10</datePublicationDonnees><montant>1200000"
            "</montant><titulaires><titulaire><typeIdentifiant>SIRET</typeIdentifiant>"
            "<id>10000000100018</id></titulaire></titulaires></marche></marches>"
        )
        row = (
            f"{BUYER}2025M001,2025M001,{BUYER},Ville de Bordeaux,Licences Zorgue,"
            "72000000,1200000,36,2025-01-31,2025-02-10,10000000100018,SIRET,\n"
        )
        for name, content in {
            "dictionary": whole,
            "list": json.dumps({"marches": [item]}),
            "bare list": json.dumps([flat]),
            "indented": json.dumps(json.loads(whole), indent=4),
            "gzip": gzip.compress(whole.encode()),
            "zip": packed.getvalue(),
            "xml": xml,
            "csv": CSV + row,
            "excel": (CSV + row).replace(",", ";").encode("cp1252"),
        }.items():
            with self.subTest(name):
                file = self._load(content, "same.json")
                self.assertEqual(file.state, "done", file.error)
                self.assertEqual(file.position, 1)
                found = self.Contract.search([])
                self.assertEqual(found.reference, "2025M001")
                self.assertEqual(found.holders, [["SIRET", "10000000100018", ""]])

    def test_loading_again_changes_nothing(self):
        content = decp(
            bought("A", id="1"), bought("B", id="2", modifications=[_later()])
        )
        self._load(content)
        before = self.Contract.search([]).read()
        self.assertEqual(self._counts(self._load(content)), (0, 0, 2, 0))
        self.assertEqual(self.Contract.search([]).read(), before)

    def test_the_latest_publication_counts(self):
        first = bought("Infogérance", montant=100, datePublicationDonnees="2025-02-10")
        later = bought("Infogérance", montant=900, datePublicationDonnees="2025-06-01")
        for order in ((first, later), (later, first)):
            with self.subTest(order[0]["montant"]):
                for item in order:
                    self._load(decp(item), f"{item['montant']}.json")
                self.assertEqual(self.Contract.search([]).amount, 900)

    def test_an_amendment_counts(self):
        self._load(decp(bought("Infogérance")))
        self._load(decp(bought("Infogérance", modifications=[_later()])))
        found = self.Contract.search([])
        self.assertEqual(found.amount, 1500000)
        self.assertEqual(found.date_amended, date(2025, 6, 1))

    def test_a_correction_of_the_same_day_counts(self):
        self._load(decp(bought("Infogérance", montant=12)), "monday.json")
        file = self._load(decp(bought("Infogérance", montant=1200)), "tuesday.json")
        self.assertEqual(self._counts(file), (0, 1, 0, 0))
        self.assertEqual(self.Contract.search([]).amount, 1200)

    def test_rows_of_one_contract_add_their_holders(self):
        """Whatever the batches they fall in; again, nothing changes."""
        days = "2025-01-31,2025-02-10"
        row = f"{BUYER}1,1,{BUYER},Bordeaux,Licences,48000000,100,12,{days}"
        content = f"{CSV}{row},552045999,SIRET,Un\n{row},542107651,SIRET,Deux\n"
        with patch.object(published_loading, "BATCH", 1):
            self._load(content, "decp.csv")
            self.assertEqual(self.Contract.search([]).holder_name, "Un, Deux")
            self.assertEqual(
                self._counts(self._load(content, "decp.csv")), (0, 0, 2, 0)
            )

    def test_two_contracts_under_one_number_are_two(self):
        other = bought("Nettoyage", dateNotification="2024-01-01", codeCPV="90910000")
        with patch.object(published_loading, "BATCH", 1):
            for _time in range(2):
                self._load(decp(bought("Infogérance"), other))
                self.assertEqual(self.Contract.search_count([]), 2)

    def test_a_file_that_is_cut_keeps_what_stands_before(self):
        content = decp(*(bought("A", id=str(n)) for n in range(3)))
        file = self._load(content[: content.rindex('"objet"')])
        self.assertEqual((file.state, file.position), ("stopped", 2))
        self.assertIn("no valid JSON after its record 2", file.error)
        self.assertEqual(self.Contract.search_count([]), 2)

    def test_what_is_no_file_of_contracts_is_said(self):
        for content in ("{}", '{"marches": []}', "<autre/>", "<a><b></a>", "PK\3\4"):
            with self.subTest(content):
                file = self._load(content)
                self.assertEqual(file.state, "stopped")
                self.assertTrue(file.error)

    def test_a_document_type_is_refused(self):
        file = self._load("<!DOCTYPE a [<!ENTITY b 'c'>]><marches><marche/></marches>")
        self.assertIn("DOCTYPE", file.error)

    def test_a_load_goes_on_from_where_it_stopped(self):
        file = self._file(decp(*(bought("A", id=str(n)) for n in range(5))))
        cron = self.env.registry["ir.cron"]
        with (
            patch.object(cron, "_commit_progress"),
            patch.object(published_loading, "BATCH", 2),
        ):
            self.assertFalse(file._load(end=1))
            self.assertEqual(file.position, 2)
            self.assertTrue(file._load())
        self.assertEqual(self._counts(file), (5, 0, 0, 0))

    def test_real_files(self):
        """Each of the 155 contracts of the State's purchasing office, once."""
        content = read_sample(self, "decp/decp_dae.json")
        self.assertEqual(self._counts(self._load(content)), (155, 0, 0, 0))
        self.assertEqual(self._counts(self._load(content)), (0, 0, 155, 0))
        given = {item["uid"] for item in json.loads(content)["marches"]}
        self.assertEqual(len(given), self.Contract.search_count([]))
        altered = self._load(read_sample(self, "decp/decp_test_2022.json"))
        self.assertEqual(self._counts(altered), (4, 0, 0, 1))

    def test_only_managers_load(self):
        for user in (self.buyer, self.officer, self.ambassador):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._file(decp(bought("A")), user=user)
        file = self._load(decp(bought("A")))
        with self.assertRaises(AccessError):
            self.Contract.with_user(self.referent).create({"title": "A"})
        with self.assertRaisesRegex(AccessError, "state|State"):
            file.write({"state": "draft", "created_count": 12})


@tagged("post_install", "-at_install")
class TestWhoElse(PublishedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(reference="Licences Zorgue", cpv_code="48000000")

    def setUp(self):
        super().setUp()
        self._load(
            decp(
                bought("Licences Zorgue pour les agents", id="1", codeCPV="48000000"),
                bought("Licence du logiciel Zorgue", id="2", codeCPV="48517000"),
                bought("Maintenance de Zorgue", id="3", codeCPV="72267000"),
                bought("Réfection de la toiture", id="4", codeCPV="45000000"),
            )
        )

    def _search(self, user=None):
        action = self.file.with_user(user or self.buyer).action_who_else()
        return self.env[action["res_model"]].search(action["domain"])

    def _get_payloads(self):
        self.file._journal_flush()
        entries = self.file.sudo().journal_ids.sorted("seq")
        return [json.loads(e.payload) for e in entries if e.event == "published"]

    def test_who_bought_the_same(self):
        self.env["res.partner"].create(
            {"name": "Éditions Zorgue", "company_registry": "100000001"}
        )
        hits = self._search()
        self.assertEqual(hits.mapped("reference"), ["1", "2", "3"])
        best = hits[0]
        self.assertEqual(best.rank, 1)
        self.assertEqual(best.buyer_name, "Ville de Bordeaux")
        self.assertEqual(best.holder_name, "Éditions Zorgue (100000001)")
        self.assertEqual((best.amount, best.date_end), (1200000, date(2028, 1, 31)))
        self.assertEqual(best.why, "Zorgue")

    def test_a_holder_nobody_knows_is_a_siren(self):
        self.assertEqual(self._search()[0].holder_name, "SIREN 100000001")

    def test_the_search_is_evidence(self):
        hits = self._search()
        search = hits.trace_id
        self.assertIn("Licences Zorgue", search.text)
        self.assertEqual((search.cpv_code, search.user_id), ("48000000", self.buyer))
        self.assertEqual((search.result_count, search.contract_count), (3, 4))
        self.assertEqual(search.published_date, date(2025, 2, 10))
        self.assertEqual(self._get_payloads()[0]["trace_id"], search.id)
        for record in (search, hits):
            with self.assertRaises(AccessError):
                record.with_user(self.buyer).write({"company_id": self.company.id})
            with self.assertRaises(UserError):
                record.unlink()

    def test_one_click_keeps_rows(self):
        hits = self._search()
        hits[:2].with_user(self.buyer).action_keep()
        self.assertEqual(hits.mapped("kept"), [True, True, False])
        self.assertEqual(hits[0].kept_by_id, self.buyer)
        self.assertEqual(hits.trace_id.kept_count, 2)
        kept = self._get_payloads()[-1]["kept"]
        self.assertEqual([hit["reference"] for hit in kept], ["1", "2"])
        when = hits[0].kept_on
        hits.with_user(self.officer).action_keep()
        self.assertEqual(hits.mapped("kept"), [True, True, True])
        self.assertEqual((hits[0].kept_by_id, hits[0].kept_on), (self.buyer, when))

    def test_what_was_found_stays_as_it_was_published(self):
        hit = self._search()[0]
        self._load(
            decp(
                bought(
                    "Licences Zorgue pour les agents",
                    id="1",
                    codeCPV="48000000",
                    montant=5,
                    datePublicationDonnees="2026-01-01",
                )
            )
        )
        self.assertEqual((hit.contract_id.amount, hit.amount), (5, 1200000))

    def test_the_code_alone_finds_the_latest(self):
        self.file.write({"reference": False, "cpv_code": "72267000"})
        self.file.line_ids.unlink()
        self.assertEqual(self._search().mapped("reference"), ["3"])

    def test_no_search_of_the_catalogue(self):
        """It stands for none: the need is still asked to search the catalogue."""
        self._search()
        self.assertFalse(self.file.search_ids)

    def test_nothing_loaded_says_who_can(self):
        self.env.cr.execute("DELETE FROM souverainete_published_contract")
        with self.assertRaisesRegex(UserError, "manager of the referentials"):
            self._search()

    def test_nobody_reads_the_searches_of_another_ministry(self):
        hits = self._search()
        other = self.env["res.company"].create({"name": "Another ministry"})
        stranger = self._new_user(
            "stranger",
            "purchase.group_purchase_user",
            company_id=other.id,
            company_ids=[other.id],
        )
        self.assertTrue(self.Contract.with_user(stranger).search_count([]))
        for record in (hits[0], hits.trace_id):
            self.assertFalse(record.with_user(stranger).has_access("read"))

    def test_queries_do_not_grow_with_what_is_found(self):
        contracts = self.Contract
        contracts._find_same("Licences Zorgue", "48000000")
        with self.assertQueryCount(7):
            contracts._find_same("Licences Zorgue", "48000000")
        more = [bought(f"Licences Zorgue {n}", id=f"M{n}") for n in range(50)]
        self._load(decp(*more))
        with self.assertQueryCount(7):
            found, count = contracts._find_same("Licences Zorgue", "48000000")
        self.assertEqual((len(found), count), (40, 53))

    def test_words_of_the_list(self):
        found = self.Contract.search([("said", "ilike", "licence zorgue")])
        self.assertEqual(set(found.mapped("reference")), {"1", "2"})


def _later():
    """An amendment that raises the amount."""
    return {
        "modification": {
            "id": 1,
            "montant": 1500000,
            "dateNotificationModification": "2025-06-01",
        }
    }
