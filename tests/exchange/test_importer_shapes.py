"""Facts as real files give them: other names, placeholders, several publications."""

import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_data import read_sample
from .common_import import OWN_SIRET, ImportCase, contract, decp, titulaire

HOLDER, OTHER = "10000000100018", "10000000200016"


def amendment(day, **vals):
    return {"modification": {"dateNotificationModification": day, **vals}}


def first_format(*contracts):
    return json.dumps({"marches": [{"_type": "Marché", **c} for c in contracts]})


class ShapesCase(ImportCase):
    def _one(self, content, **vals):
        wizard = self._import(content, **vals)
        file = self._files(wizard)
        self.assertEqual(len(file), 1, wizard.line_ids.mapped("message"))
        return file

    def _message(self, wizard):
        return "\n".join(wizard.line_ids.mapped("message"))


@tagged("post_install", "-at_install")
class TestNames(ShapesCase):
    def test_one_contract_under_all_its_names(self):
        nested = contract()
        flat = {n: v for n, v in nested.items() if n not in ("acheteur", "titulaires")}
        holder = {"id": HOLDER, "typeIdentifiant": "SIRET"}
        shapes = (
            {**flat, "acheteur.id": OWN_SIRET, "titulaires": [holder]},
            {**flat, "acheteur_id": OWN_SIRET, "titulaire_id_1": HOLDER},
            {**flat, "idAcheteur": OWN_SIRET, "titulaires": {"titulaire": holder}},
            {
                **flat,
                "acheteur": {"id": OWN_SIRET, "nom": "Ministère"},
                "titulaires.0.titulaire.id": HOLDER,
            },
        )
        for number, shape in enumerate(shapes):
            with self.subTest(shape=sorted(shape)):
                file = self._one(decp({**shape, "id": f"2025M00{number}"}))
                self.assertEqual(file.holder_ids.company_registry, HOLDER)

    def test_a_foreign_buyer_is_seen_whatever_its_name(self):
        for name in ("acheteur.id", "acheteur_id", "siretAcheteur"):
            foreign = contract(acheteur=None) | {name: "21500222100012"}
            with self.subTest(name=name):
                wizard = self._import(decp(foreign))
                self.assertEqual(self._statuses(wizard), ["refused"])

    def test_what_says_nothing_is_unknown(self):
        for nothing in ("NC", "Sans objet", "non communiqué", "-", "0", "N/A", None):
            with self.subTest(nothing=nothing):
                file = self._one(
                    decp(contract(id=f"A{nothing}", montant=nothing, dureeMois=nothing))
                )
                self.assertFalse(file.amount_max_known or file.duration_months)
                file.origin_ids.unlink()

    def test_values_without_their_accents(self):
        file = self._one(decp(contract(nature="MARCHE SUBSEQUENT")))
        self.assertEqual(file.purchase_route, "subsequent")

    def test_holders_by_company_or_without_their_zero(self):
        numbers = ("100000009", 5012345600018, "0", "NC")
        file = self._one(decp(contract(titulaires=[titulaire(n) for n in numbers])))
        self.assertEqual(
            set(file.holder_ids.mapped("company_registry")),
            {"100000009", "05012345600018"},
        )

    def test_a_fault_in_what_nobody_reads_costs_nothing(self):
        content = decp(contract()).replace(
            '"dureeMois"', '"tauxAvance": NaN, "offresRecues": -Infinity, "dureeMois"'
        )
        self._one(content)

    def test_a_number_that_is_none_is_refused_where_it_is_read(self):
        content = decp(contract()).replace("1200000", "NaN")
        wizard = self._import(content)
        self.assertEqual(self._statuses(wizard), ["refused"])
        self.assertIn("montant", self._message(wizard))

    def test_what_was_not_read_is_named(self):
        wizard = self._import(decp(contract(clauseSociale="oui")))
        self.assertRegex(
            self._message(wizard), "Not read in this file: .*clauseSociale"
        )

    def test_a_contract_to_come_is_not_signed(self):
        wizard = self._import(decp(contract(dateNotification="2090-01-01")))
        self.assertEqual(self._statuses(wizard), ["refused"])
        self.assertIn("it is not signed", self._message(wizard))


@tagged("post_install", "-at_install")
class TestPublications(ShapesCase):
    LATER = "2026-02-10"

    def _publications(self):
        later = contract(
            datePublicationDonnees=self.LATER,
            modifications=[amendment("2026-01-15", montant=2_400_000, dureeMois=48)],
        )
        return contract(), later

    def test_the_latest_publication_counts_in_any_order(self):
        first, later = self._publications()
        for order in ((first, later), (later, first)):
            file = self._one(decp(*order))
            self.assertEqual((file.amount_max, file.duration_months), (2_400_000, 48))
            file.origin_ids.unlink()
            file.ref_contract = False

    def test_the_latest_amendment_counts_in_any_order(self):
        old = amendment("2025-06-01", montant=1_300_000)
        new = amendment("2026-01-15", montant=2_400_000)
        for rank, order in enumerate(([old, new], [new, old])):
            file = self._one(decp(contract(id=f"O{rank}", modifications=order)))
            self.assertEqual(file.amount_max, 2_400_000)

    def test_old_names_of_the_day_of_an_amendment(self):
        changes = [
            {"dateSignatureModification": "2026-01-15", "montant": 2_400_000},
            {"datePublicationDonneesModification": "2025-06-01", "montant": 1_300_000},
        ]
        file = self._one(decp(contract(modifications=changes)))
        self.assertEqual(file.amount_max, 2_400_000)

    def test_an_amendment_that_cannot_be_is_said_and_not_kept(self):
        for day, words in (
            ("2025-12-28", "would end the contract before that day"),
            ("2024-01-01", "is older than the contract"),
        ):
            change = amendment(day, dureeMois=1, montant=1)
            wizard = self._import(
                decp(contract(id=day, dureeMois=12, modifications=[change]))
            )
            self.assertIn(words, self._message(wizard))
            self.assertEqual(str(self._files(wizard).date_end), "2026-01-31")

    def test_the_number_of_revision_is_no_other_contract(self):
        signed = {"id": "2019S1234500", "uid": f"{OWN_SIRET}2019S1234500"}
        revised = {"id": "2019S1234501", "uid": f"{OWN_SIRET}2019S1234501"}
        first = self._one(first_format(contract(**signed)))
        again = self._one(
            first_format(
                contract(
                    **revised, modifications=[amendment("2026-01-05", montant=1.5e6)]
                )
            )
        )
        self.assertEqual(first, again)

    def test_figures_that_end_another_contract_are_no_revision(self):
        ids = ("2019S1234500", "2019S1234501")
        first = self._one(first_format(contract(id=ids[0])))
        other = self._one(
            first_format(
                contract(id=ids[1], objet="Licences", dateNotification="2024-05-02")
            )
        )
        self.assertNotEqual(first, other)

    def test_two_contracts_under_one_identifier_are_both_kept(self):
        other = {"objet": "Licences", "montant": 3e5, "dateNotification": "2025-03-03"}
        for number in ("0" * 16, "2025M009"):
            wizard = self._import(
                decp(contract(id=number), contract(id=number, **other))
            )
            self.assertEqual(self._statuses(wizard), ["created", "created"])
            again = self._import(
                decp(contract(id=number), contract(id=number, **other))
            )
            self.assertEqual(self._statuses(again), ["unchanged", "unchanged"])


@tagged("post_install", "-at_install")
class TestTables(ShapesCase):
    HEAD = (
        "uid;id;acheteur_id;nature;objet;codeCPV;dureeMois;dateNotification;"
        "datePublicationDonnees;montant;titulaire_id;titulaire_typeIdentifiant;"
        "titulaire_denominationSociale;lieuExecution_code\n"
    )
    ROW = (
        f"{OWN_SIRET}2025M001;2025M001;{OWN_SIRET};Marché;Infogérance;72000000-5;36;"
        "2025-01-31;2025-02-10;1200000,50;{holder};SIRET;Éditeur {holder};75001\n"
    )

    def test_a_flat_table_gives_the_contract_and_all_its_holders(self):
        content = self.HEAD + "".join(
            self.ROW.format(holder=h) for h in (HOLDER, OTHER)
        )
        wizard = self._import(content, filename="decp.csv")
        self.assertEqual(wizard.adapter, "decp")
        self.assertEqual(self._statuses(wizard), ["created", "skipped"])
        file = self._files(wizard)
        self.assertEqual((file.amount_max, len(file.holder_ids)), (1_200_000.5, 2))
        self.assertIn("lieuExecution_code", self._message(wizard))

    def test_commas_and_latin_1(self):
        content = (self.HEAD + self.ROW.format(holder=HOLDER)).replace(",50", "")
        content = content.replace(";", ",").encode("cp1252")
        self.assertEqual(self._one(content, filename="a.csv").reference, "Infogérance")

    def test_an_empty_table_is_said_to_be_empty(self):
        with self.assertRaisesRegex(UserError, "Nothing is written below"):
            self._import(self.HEAD, filename="decp.csv")

    def test_an_encoding_declared_wrongly_is_named(self):
        content = '<?xml version="1.0" encoding="UTF-8"?>\n<marches><marche>é'
        with self.assertRaisesRegex(UserError, "written in UTF-8, and it is not"):
            self._import(content.encode("latin-1"), adapter="decp", filename="x.xml")


@tagged("post_install", "-at_install")
class TestRealShapes(ShapesCase):
    """The same real contracts, in the two writings that were published."""

    def test_a_table_made_of_real_rows_gives_the_same_plans(self):
        sample = json.loads(read_sample(self, "decp/decp_dae.json"))
        rows, buyer = sample["marches"], sample["acheteur"]["id"]
        self.company.company_registry = buyer
        names = [n for n in rows[0] if n != "modifications"]
        lines = ["\t".join([*names, "acheteur_id"])]
        for row in rows:
            cells = ["" if row.get(n) is None else str(row[n]) for n in names]
            cells = [" ".join(cell.replace('"', "'").split()) for cell in cells]
            lines.append("\t".join([*cells, buyer]))
        table = self._preview("\n".join(lines), filename="decp.csv", adapter="decp")
        whole = self._preview(json.dumps(sample), adapter="decp")
        self.assertEqual(self._statuses(table), self._statuses(whole))
        self.assertEqual(table.line_ids.mapped("key"), whole.line_ids.mapped("key"))


@tagged("post_install", "-at_install")
class TestCatalogueFiles(ShapesCase):
    COMPTOIR = json.dumps(
        {
            "date_of_export": "2026-10-01",
            "number_of_software": 1,
            "softwares": [
                {
                    "id": 27,
                    "name": "Parapheo",
                    "licence": "AGPL-3.0",
                    "external_resources": {
                        "website": "https://parapheo.example.org",
                        "wikidata": {"id": "Q123456"},
                        "sill": {"id": 27},
                    },
                    "providers": [{"id": 1, "name": "Coopérative"}],
                    "users": [{"id": 2, "name": "Ville d'Exemple"}],
                    "screenshots": ["a.png"],
                }
            ],
        }
    )

    def _solutions(self, wizard):
        given = wizard.line_ids.filtered(lambda x: x.res_id and x.status != "absent")
        return self.env["souverainete.solution"].browse(given.mapped("res_id"))

    def _read(self, content, filename, **vals):
        return self._import(content, self.ambassador, filename=filename, **vals)

    def test_comptoir_du_libre(self):
        wizard = self._read(self.COMPTOIR, "comptoir.json")
        found = self._solutions(wizard)
        self.assertEqual(wizard.adapter, "comptoir")
        self.assertEqual(
            (found.source, found.external_ref), ("Comptoir du Libre", "27")
        )
        self.assertEqual(found.path, "off_the_shelf")
        self.assertEqual(found.used_by, "Ville d'Exemple")
        self.assertIn("Coopérative", found.contract_vehicle)
        self.assertEqual(found.wikidata, "Q123456")
        self.assertIn("Not read in this file: screenshots", self._message(wizard))

    def test_one_number_in_two_catalogues_is_two_entries(self):
        sill = "ID;nom;fonction;statut\n27;Autre outil;chiffrer;R\n"
        one = self._solutions(self._read(self.COMPTOIR, "comptoir.json"))
        two = self._solutions(self._read(sill, "sill-2021.csv", adapter="sill_csv"))
        self.assertNotEqual(one, two)
        self.assertEqual((one.name, two.name), ("Parapheo", "Autre outil"))

    def test_the_first_tables_of_the_sill(self):
        head = "Secteur,Composant,FONCTIONNALITÉ,CAS D’USAGE,LOGICIEL,STATUT,LICENCE"
        row = "Postes,Texte,Éditer des textes,Rédiger,Texteur,R,MPL2"
        wizard = self._read(f"{head}\n{row}\n", "sources.csv")
        found = self._solutions(wizard)
        self.assertEqual(wizard.adapter, "sill_csv")
        self.assertEqual(found.need, "Éditer des textes. Rédiger")
        self.assertEqual(found.path, "off_the_shelf")

    def test_products_known_by_their_slug_and_every_phase(self):
        for phase, status in (
            ("transfere", "stable"),
            ("PÉRENNISATION", "stable"),
            ("abandonné", "obsolete"),
        ):
            product = {
                "title": f"Outil {phase}",
                "mission": "Aider",
                "slug": f"outil-{phase}",
                "phases": [{"name": phase, "start": "2025-09-19"}],
            }
            found = self._solutions(
                self._read(json.dumps([product]), "startups.json", adapter="beta_gouv")
            )
            self.assertEqual(found.development_status, status)
            self.assertEqual(found.external_ref, f"outil-{phase}")
        product |= {"phases": [{"name": "hibernation"}], "slug": "x", "title": "X"}
        wizard = self._read(json.dumps([product]), "s.json", adapter="beta_gouv")
        self.assertIn("phase is unknown here: hibernation", self._message(wizard))

    def test_columns_that_nobody_reads_are_named(self):
        table = "Nom;Besoin;Sponsor;Couleur\nOutil;signer;DINUM;\n"
        message = self._message(self._read(table, "catalogue.csv"))
        self.assertIn("Not read in this file: Sponsor.", message)

    def test_namesakes_without_a_reference_stay_two(self):
        table = "Nom;Besoin;Adresse web\nA;signer;https://a.fr\nA;payer;https://b.fr\n"
        self.assertEqual(self._statuses(self._read(table, "c.csv")), ["created"] * 2)
        self.assertEqual(self._statuses(self._read(table, "c.csv")), ["unchanged"] * 2)

    def test_a_software_is_not_like_itself(self):
        table = "Nom;Besoin;Produits similaires\nA;signer;a, B\n"
        found = self._solutions(self._read(table, "c.csv"))
        self.assertEqual(found.similar_to, "B")

    def test_an_empty_template_is_said_to_be_empty(self):
        with self.assertRaisesRegex(UserError, "Nothing is written below"):
            self._read("Nom;Besoin\n", "catalogue.csv")

    def test_a_mark_of_utf_8_on_another_encoding(self):
        table = b"\xef\xbb\xbfNom;Besoin\nOutil;\xe9crire\n"
        with self.assertRaisesRegex(UserError, "not the one it declares"):
            self._read(table, "catalogue.csv")
