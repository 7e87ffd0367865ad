"""Catalogues of solutions imported: every shape, nothing lost, nothing twice."""

import csv
import io
import json
import random
import zipfile

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..common import ADDON
from ..common_data import read_sample
from .common_import import ImportCase


def catalogi_item(**vals):
    """One software, of the shape Catalogi publishes; invented."""
    return {
        "id": 1,
        "name": {"fr": "Parapheo", "en": "Parapheo"},
        "description": {"fr": "Faire signer des documents", "en": "Sign documents"},
        "license": "AGPL-3.0-only",
        "isLibreSoftware": None,
        "keywords": ["parapheur"],
        "applicationCategories": ["Signature"],
        "providers": [],
        "similarSoftwares": [
            {"name": {"en": "DocuSign"}, "isLibreSoftware": None, "isInCatalogi": False}
        ],
        "dereferencing": None,
        "userAndReferentCountByOrganization": {
            "Ministère A": {"userCount": 2, "referentCount": 1}
        },
        "instances": [{"organization": "Ministère B", "instanceUrl": None}],
        "customAttributes": {"isPresentInSupportContract": True},
        "url": "https://parapheo.example.fr",
        "identifiers": [{"url": "https://www.wikidata.org/wiki/Q42"}],
        **vals,
    }


def startup(**attributes):
    """One product, of the shape of beta.gouv.fr's API; invented."""
    return {
        "type": "startup",
        "id": attributes.pop("id", "parapheo"),
        "attributes": {
            "name": "Parapheo",
            "pitch": "Faire signer des documents entre administrations",
            "link": "https://parapheo.example.fr/",
            "contact": "contact@parapheo.example.fr",
            "phases": [
                {"name": "construction", "start": "2024-01-01"},
                {"name": "acceleration", "start": "2025-01-01"},
            ],
            **attributes,
        },
        "relationships": {"incubator": {"data": {"type": "incubator", "id": "i"}}},
    }


def beta(*items):
    included = [{"type": "incubator", "id": "i", "attributes": {"title": "Incubateur"}}]
    return json.dumps({"version": "2.6", "data": items, "included": included})


PUBLICCODE = """\
publiccodeYmlVersion: "0.4"
name: Parapheo
url: 'https://example.fr/parapheo.git'   # the repository
landingURL: https://parapheo.example.fr
developmentStatus: beta
categories:
  - document-management
usedBy: ["Ministère A", 'Ministère B']
description:
  en:
    shortDescription: Sign documents
  fr:
    genericName: parapheur
    shortDescription: >
      Faire signer
      des documents.
    longDescription: |
      Un parapheur
      partagé.
    features:
    - Signature : simple et groupée
    - "Relance \\"automatique\\""
legal:
  license: AGPL-3.0-or-later
maintenance:
  type: internal
  contacts:
    - name: Équipe Parapheo
      email: equipe@example.fr
"""
SHEET = (
    "Nom;Besoin;Mots-clés;Produits similaires;Étape;État;Utilisé par;Référence\n"
    "Parapheo;Faire signer des documents;parapheur;DocuSign, Yousign;mutualisée;"
    "stable;Ministère A;P1\n"
    "Vieux parapheur;Signer;;;sur étagère;abandonné;;P2\n"
)


class CatalogueCase(ImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Solution = cls.env["souverainete.solution"].with_context(active_test=False)

    def _import(self, content, user=None, **vals):
        return super()._import(content, user or self.referent, **vals)

    def _preview(self, content, user=None, **vals):
        return super()._preview(content, user or self.referent, **vals)

    def _solutions(self, wizard):
        """Those of the file; lines of what it no longer gives are left out."""
        given = wizard.line_ids.filtered(lambda x: x.res_id and x.status != "absent")
        return self.Solution.browse(given.mapped("res_id"))

    def _new_solution(self, **vals):
        return self.env["souverainete.solution"].create(
            {"name": "Parapheo", "need": "Signer", "source": "Test", **vals}
        )


@tagged("post_install", "-at_install")
class TestCatalogueSources(CatalogueCase):
    def _assert_twice_is_once(self, content, **vals):
        first = self._import(content, **vals)
        count = self.Solution.search_count([])
        second = self._import(content, **vals)
        self.assertNotIn("created", self._statuses(second))
        self.assertNotIn("updated", self._statuses(second))
        self.assertEqual(self.Solution.search_count([]), count)
        return first

    def test_real_sill(self):
        content = read_sample(self, "sill/sill-2020.csv")
        wizard = self._assert_twice_is_once(content, filename="sill-2020.csv")
        self.assertEqual(wizard.adapter, "sill_csv")
        statuses = self._statuses(wizard)
        self.assertEqual(len(statuses), 225)
        self.assertNotIn("refused", statuses)
        # Grammalecte has two lines. Survey has the Wikidata identifier of GLPI: kept,
        # and someone decides.
        self.assertEqual(statuses.count("skipped"), 1)
        survey = self._solutions(wizard).filtered(lambda s: "Survey" in s.name)
        pairs = self.env["souverainete.solution.duplicate"].search(
            [("other_id", "in", self._solutions(wizard).ids)]
        )
        pair = pairs.filtered(lambda pair: pair.other_id == survey)
        self.assertEqual(pair.solution_id.name, "GLPI")
        # Beside a catalogue of 22 others, nothing is proposed that shares no identity.
        self.assertLess(len(pairs), 5, pairs.mapped("display_name"))
        archifiltre = self._solutions(wizard).filtered(
            lambda s: s.name == "Archifiltre"
        )
        self.assertRecordValues(
            archifiltre,
            [
                {
                    "path": "mutualised",
                    "wikidata": "Q77064547",
                    "similar_to": "VITAM",
                    "licence": "MIT",
                    "confirmed_on": self.company._souverainete_today(),
                }
            ],
        )
        ended = self._solutions(wizard).filtered(lambda s: not s.active)
        self.assertEqual(len(ended), 10, "no longer recommended: never proposed")

    def test_catalogi(self):
        wizard = self._assert_twice_is_once(json.dumps([catalogi_item()]))
        self.assertEqual(wizard.adapter, "catalogi")
        self.assertRecordValues(
            self._solutions(wizard),
            [
                {
                    "name": "Parapheo",
                    "need": "Faire signer des documents",
                    "keywords": "parapheur, Signature",
                    "similar_to": "DocuSign",
                    "used_by": "Ministère A, Ministère B",
                    "wikidata": "Q42",
                    "path": "off_the_shelf",
                    "external_ref": "1",
                    "active": True,
                }
            ],
        )
        self.assertTrue(self._solutions(wizard).contract_vehicle)

    def test_catalogi_feed_with_duplicates_gives_each_software_once(self):
        items = [
            catalogi_item(id=n, name=f"Logiciel {n}", identifiers=[]) for n in range(50)
        ]
        again = [{**item, "id": item["id"] + 1000} for item in items]
        wizard = self._import(json.dumps([*items, *items, *again]))
        self.assertEqual(self._statuses(wizard).count("created"), 50)
        self.assertEqual(self._statuses(wizard).count("skipped"), 100)
        skipped = wizard.line_ids.filtered(lambda line: line.status == "skipped")[0]
        self.assertIn("Software 51", skipped.line)
        self.assertIn("Software 1", skipped.message)

    def test_catalogi_of_public_services_and_dereferenced(self):
        wizard = self._import(
            json.dumps(
                [
                    catalogi_item(
                        identifiers=[],
                        prerogatives={"isFromFrenchPublicServices": True},
                    ),
                    catalogi_item(
                        id=2,
                        name="Autre",
                        identifiers=[],
                        dereferencing={"reason": "x", "time": 1},
                    ),
                ]
            )
        )
        self.assertRecordValues(
            self._solutions(wizard),
            [
                {"path": "mutualised", "active": True},
                {"path": "off_the_shelf", "active": False},
            ],
        )

    def test_beta_gouv(self):
        operator = self.env["res.partner"].create(
            {"name": "Incubateur", "is_company": True}
        )
        wizard = self._assert_twice_is_once(beta(startup()), filename="startups.json")
        self.assertEqual(wizard.adapter, "beta_gouv")
        self.assertRecordValues(
            self._solutions(wizard),
            [
                {
                    "name": "Parapheo",
                    "path": "mutualised",
                    "development_status": "stable",
                    "contact": "contact@parapheo.example.fr",
                    "operator_id": operator.id,
                    "declared_by_company_id": False,
                }
            ],
        )

    def test_abandoned_products_are_never_proposed(self):
        text = "faire signer des documents"
        ended = startup(phases=[{"name": "alumni", "start": "2025-01-01"}])
        wizard = self._import(beta(ended))
        found = self._solutions(wizard)
        self.assertEqual(found.development_status, "obsolete")
        self.assertNotIn(found, self.Solution._search_need(text))
        self._import(beta(startup()))
        self.assertEqual(found.development_status, "stable")
        self.assertIn(found, self.Solution._search_need(text))

    def test_the_phase_of_a_product_is_the_last_begun(self):
        living = {"name": "construction", "start": "2019-01-01"}
        for phases, status in (
            ([living, {"name": "alumni"}], "obsolete"),
            ([living, {"name": "alumni", "start": ""}], "obsolete"),
            ([living, {"name": "alumni", "start": None}], "obsolete"),
            ([living, {"name": "alumni", "start": "2999-01-01"}], "beta"),
            ([{"name": "acceleration", "start": "2020-01-01"}, living], "stable"),
            ([living, {"name": "Abandonné", "start": "2020-01-01"}], "obsolete"),
            ([living, {"name": "arrêt", "start": "2020-01-01"}], "obsolete"),
        ):
            wizard = self._import(beta(startup(phases=phases)))
            found = self._solutions(wizard)
            self.assertEqual(found.development_status, status, phases)

    def test_publiccode(self):
        wizard = self._assert_twice_is_once(PUBLICCODE, filename="publiccode.yml")
        self.assertEqual(wizard.adapter, "publiccode")
        self.assertRecordValues(
            self._solutions(wizard),
            [
                {
                    "name": "Parapheo",
                    "need": "Faire signer des documents. Un parapheur partagé. "
                    'Signature: simple et groupée Relance "automatique"',
                    "keywords": "parapheur, document-management",
                    "used_by": "Ministère A, Ministère B",
                    "development_status": "beta",
                    "licence": "AGPL-3.0-or-later",
                    "contact": "Équipe Parapheo, equipe@example.fr",
                    "url": "https://parapheo.example.fr",
                    "external_ref": "https://example.fr/parapheo.git",
                }
            ],
        )

    def test_own_table_in_every_writing(self):
        utf8 = SHEET.encode()
        for content in (
            utf8,
            b"\xef\xbb\xbf" + utf8,
            SHEET.encode("cp1252"),
            SHEET.encode("utf-16"),
            SHEET.replace(";", "\t").encode(),
            SHEET.replace("\n", "\r\n").encode(),
        ):
            wizard = self._import(content, filename="catalogue.csv")
            self.assertEqual(wizard.adapter, "solution_sheet")
            found = self._solutions(wizard)
            self.assertEqual(found.mapped("name"), ["Parapheo", "Vieux parapheur"])
            self.assertEqual(found[0].used_by, "Ministère A")
        self.assertRecordValues(
            found,
            [
                {"path": "mutualised", "development_status": "stable"},
                {"path": "off_the_shelf", "development_status": "obsolete"},
            ],
        )
        self.assertEqual(
            self.Solution.search_count([("source", "=", "catalogue.csv")]), 2
        )

    def test_each_line_keeps_its_own_source(self):
        content = (
            "Nom;Besoin;Référence;Source\nOutil;Compter;1;Portail\n"
            "Autre;Signer;1;SILL maison\nTiers;Archiver;2;\n"
        )
        found = self._solutions(self._import(content, filename="catalogue.csv"))
        self.assertEqual(
            found.mapped("source"), ["Portail", "SILL maison", "catalogue.csv"]
        )

    def test_a_table_copied_again_is_the_same_source(self):
        first = self._import(SHEET, filename="catalogue.csv")
        for name in ("catalogue (1).csv", "catalogue 2026-11-25 (2).csv"):
            again = self._import(SHEET, filename=name)
            self.assertEqual(set(self._statuses(again)), {"unchanged"})
            self.assertEqual(self._solutions(again), self._solutions(first))

    def test_every_way_to_write_abandoned(self):
        states = (
            "Abandonnée, abandonnés, Abandoned, Retiré, Arrêté, Fin de vie, "
            "décommissionné, Archived, Obsolète, service en fin de vie"
        ).split(", ")
        rows = "".join(
            f"Truite {n};Saler des truites;{state}\n" for n, state in enumerate(states)
        )
        wizard = self._import(f"Nom;Besoin;État\n{rows}", filename="catalogue.csv")
        found = self._solutions(wizard)
        self.assertEqual(found.mapped("development_status"), ["obsolete"] * 10)
        self.assertFalse(self.Solution._search_need("saler des truites"))

    def test_states_and_steps_as_the_form_shows_them(self):
        content = (
            "Nom;Étape;État\nA1;Solution mutualisée;En développement\n"
            "B2;Sur étagère (SaaS);In development\nC3;Sur mesure;Fleurissant\n"
        )
        wizard = self._import(content, filename="catalogue.csv")
        self.assertRecordValues(
            self._solutions(wizard),
            [
                {"path": "mutualised", "development_status": "development"},
                {"path": "off_the_shelf", "development_status": "development"},
                {"path": "mutualised", "development_status": False},
            ],
        )
        self.assertIn("Sur mesure", wizard.line_ids[2].message)

    def test_own_workbook(self):
        book = Workbook()
        for row in csv.reader(io.StringIO(SHEET), delimiter=";"):
            book.active.append(row)
        content = io.BytesIO()
        book.save(content)
        wizard = self._assert_twice_is_once(
            content.getvalue(), filename="catalogue.xlsx"
        )
        self.assertEqual(self._statuses(wizard), ["created", "created"])

    def test_templates_can_be_filled_in(self):
        folder = f"{ADDON}/static/templates/catalogue"
        for name in ("csv", "xlsx"):
            with file_open(f"{folder}.{name}", "rb") as template:
                content = template.read()
            with self.assertRaisesRegex(UserError, "Nom"):
                self._import(content, filename=f"catalogue.{name}")
        with file_open(f"{folder}.csv", "rb") as template:
            filled = template.read() + b"Outil;Compter"
        wizard = self._import(filled, filename="catalogue.csv")
        self.assertEqual(self._statuses(wizard), ["created"])


@tagged("post_install", "-at_install")
class TestCatalogueImport(CatalogueCase):
    def test_preview_writes_nothing(self):
        before = self.Solution.search_count([])
        wizard = self._preview(SHEET, filename="a.csv")
        self.assertEqual(self._statuses(wizard), ["created", "created"])
        self.assertEqual(self.Solution.search_count([]), before)

    def test_what_people_wrote_is_kept_and_the_rest_follows(self):
        self._import(json.dumps([catalogi_item()]))
        found = self.Solution.search([("external_ref", "=", "1")])
        found.need = "Signer, écrit ici"
        item = catalogi_item(description="Changé", license="MIT")
        wizard = self._import(json.dumps([item]))
        self.assertEqual(self._statuses(wizard), ["updated"])
        self.assertRecordValues(
            found, [{"need": "Signer, écrit ici", "licence": "MIT"}]
        )

    def test_a_step_that_the_source_changed_follows(self):
        for public, path in ((False, "off_the_shelf"), (True, "mutualised")):
            origin = {"isFromFrenchPublicService": public}
            item = catalogi_item(customAttributes=origin)
            wizard = self._import(json.dumps([item]))
            self.assertEqual(self._solutions(wizard).path, path)
        self.assertIn("Way", wizard.line_ids.message)

    def test_an_entry_repeated_says_its_need_where_it_says_it(self):
        items = [catalogi_item(description=None), catalogi_item(description="Signer")]
        found = self._solutions(self._import(json.dumps(items)))
        self.assertEqual(found.mapped("need"), ["Signer"])
        named = catalogi_item(id=9, name="Seul", description=None, identifiers=[])
        found = self._solutions(self._import(json.dumps([named])))
        self.assertEqual(found.need, "Seul")

    def test_what_someone_archived_stays_archived(self):
        self._import(json.dumps([catalogi_item()]))
        found = self.Solution.search([("external_ref", "=", "1")])
        found.active = False
        self._import(json.dumps([catalogi_item(license="MIT")]))
        self.assertFalse(found.active)

    def test_managers_and_ambassadors_import(self):
        for user in (self.referent, self.ambassador):
            wizard = self._import(SHEET, user, filename=f"{user.login}.csv")
            self.assertEqual(self._statuses(wizard), ["created", "created"])
            declared = self._solutions(wizard).declared_by_company_id
            own = user == self.ambassador
            self.assertEqual(declared, self.company if own else declared.browse())
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                self._import(SHEET, user, filename="b.csv")
        for user in (self.dae, self.dinum):
            with self.assertRaises(AccessError):
                self._wizard(SHEET, user)

    def test_managers_import_no_purchase(self):
        for user in (self.referent, self.ambassador):
            with self.assertRaises(AccessError):
                self._import(self._approch(), user)

    def test_an_ambassador_changes_nothing_others_entered(self):
        self._import(json.dumps([catalogi_item()]))
        item = catalogi_item(license="MIT")
        wizard = self._import(json.dumps([item]), self.ambassador)
        self.assertEqual(self._statuses(wizard), ["refused"])
        self.assertIn("manager", wizard.line_ids.message)

    def test_each_refused_record_is_named_with_its_line(self):
        content = "Nom;Wikidata\nBon;Q1\n;Q2\nAutre;Q3\n"
        wizard = self._import(content, filename="a.csv")
        self.assertEqual(self._statuses(wizard), ["created", "refused", "created"])
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn("Line 3", refused.line)
        self.assertIn("name", refused.message)

    def test_no_client_writes_what_the_import_knows(self):
        found = self._new_solution()
        for vals in (
            {"imported": {"name": "x"}},
            {"confirmed_on": "2030-01-01"},
            {"merged_into_id": found.id},
            {"search_strong": "visio"},
            {"name_key": "visio"},
        ):
            with self.assertRaises(AccessError):
                found.with_user(self.referent).write(vals)
            with self.assertRaises(AccessError):
                self._new_solution(**vals)


@tagged("post_install", "-at_install")
class TestDuplicates(CatalogueCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Pair = cls.env["souverainete.solution.duplicate"]

    def _pair_of(self, one, two):
        return self.Pair.search(
            [("solution_id", "=", one.id), ("other_id", "=", two.id)]
        )

    def _two(self, **vals):
        one = self._new_solution(contact="equipe@example.fr", keywords="signature")
        two = self._new_solution(
            **{"source": "Autre", "keywords": "parapheur", "licence": "MIT", **vals}
        )
        self.Pair._find_pairs()
        return one, two

    def test_two_catalogues_propose_their_duplicates(self):
        self._import(json.dumps([catalogi_item()]))
        self._import(beta(startup()))
        one, two = self.Solution.search([("name", "=", "Parapheo")], order="id")
        pair = self._pair_of(one, two)
        self.assertEqual((pair.ground, pair.state), ("url", "proposed"))

    def test_name_address_and_wikidata_make_pairs(self):
        one = self._new_solution(url="https://www.a.fr/x/", wikidata="Q1")
        for vals, ground in (
            ({"name": "PARAPHÉO"}, "name"),
            ({"name": "Autre", "url": "http://a.fr/x"}, "url"),
            ({"name": "Encore", "wikidata": "Q1"}, "wikidata"),
        ):
            two = self._new_solution(source=ground, **vals)
            self.Pair._find_pairs()
            self.assertEqual(self._pair_of(one, two).ground, ground)

    def test_merging_keeps_the_evidence(self):
        one, two = self._two()
        file = self._new_file(analyst_ids=self.buyer.ids)
        file._add_options(two)
        search = file._run_search("parapheur")
        self.assertIn(two, search.result_ids)
        self._pair_of(one, two).with_user(self.referent).action_keep_first()
        self.assertRecordValues(two, [{"active": False, "merged_into_id": one.id}])
        self.assertRecordValues(
            one,
            [{"licence": "MIT", "keywords": "signature, parapheur"}],
        )
        search.invalidate_recordset()
        self.assertIn(two, search.result_ids)
        self.assertEqual(file.studied_ids.solution_id, two)
        self.assertEqual(self._pair_of(one, two).decided_by_id, self.referent)
        self.assertNotIn(two, self.Solution._search_need("parapheur"))
        self.assertIn(one, self.Solution._search_need("parapheur"))

    def test_what_the_merged_entry_said_is_still_found(self):
        one, two = self._two(
            need="Peser des truites",
            path="mutualised",
            similar_to="Truitomètre",
            similar_source="Autre",
        )
        one.write({"path": "off_the_shelf"})
        self._pair_of(one, two).action_keep_first()
        self.assertIn(one, self.Solution._search_need("peser des truites"))
        self.assertIn(one, self.Solution._search_need("signer"))
        self.assertRecordValues(
            one, [{"path": "mutualised", "similar_source": "Autre"}]
        )

    def test_a_merged_entry_is_not_imported_again(self):
        self._import(json.dumps([catalogi_item()]))
        two = self.Solution.search([("external_ref", "=", "1")])
        one = self._new_solution()
        two._merge_into(one)
        wizard = self._import(json.dumps([catalogi_item(license="MIT")]))
        self.assertEqual(self._statuses(wizard), ["skipped"])
        self.assertFalse(two.active)

    def test_merging_can_be_undone(self):
        one, two = self._two()
        self._pair_of(one, two).action_keep_second()
        with self.assertRaisesRegex(UserError, "Separate again"):
            one.with_user(self.referent).active = True
        one.with_user(self.referent).action_separate()
        self.assertRecordValues(one, [{"active": True, "merged_into_id": False}])

    def test_a_pair_set_aside_is_not_proposed_again(self):
        one, two = self._two()
        pair = self._pair_of(one, two)
        pair.with_user(self.referent).action_dismiss()
        self.Pair._find_pairs()
        self.assertEqual(self._pair_of(one, two).state, "dismissed")
        with self.assertRaisesRegex(UserError, "Already decided"):
            pair.with_user(self.referent).action_keep_first()

    def test_the_next_of_a_name_is_proposed_when_the_first_is_another(self):
        one, two = self._two()
        three = self._new_solution(source="Encore")
        self._pair_of(one, two).action_dismiss()
        self.Pair._find_pairs()
        self._pair_of(one, three).action_dismiss()
        self.assertFalse(self._pair_of(two, three))
        self.Pair._find_pairs()
        self.assertEqual(self._pair_of(two, three).state, "proposed")
        count = self.Pair.search_count([])
        self.Pair._find_pairs()
        self.assertEqual(self.Pair.search_count([]), count)

    def test_a_pair_with_a_merged_entry_judges_the_one_that_stands(self):
        one, two = self._two()
        three = self._new_solution(source="Encore")
        self.Pair._find_pairs()
        self._pair_of(one, two).action_keep_second()
        self._pair_of(one, three).action_keep_second()
        self.assertEqual(two.merged_into_id, three)
        self.assertEqual(one.merged_into_id, three)
        self.assertTrue(three.active)

    def test_options_say_who_uses_it_and_how_to_get_it(self):
        one = self._new_solution(contact="equipe@example.fr", used_by="Ministère A")
        file = self._new_file(analyst_ids=self.buyer.ids)
        file._add_options(one)
        option = file.studied_ids.with_user(self.buyer)
        self.assertEqual(option.solution_contact, "equipe@example.fr")
        self.assertEqual(option.solution_used_by, "Ministère A")
        one.contact = "autre@example.fr"
        self.assertEqual(option.solution_contact, "autre@example.fr", "as of today")

    def test_only_who_keeps_both_entries_decides(self):
        one, two = self._two()
        pair = self._pair_of(one, two)
        for user in (self.buyer, self.ambassador, self.dae, self.dinum):
            for action in ("action_keep_first", "action_dismiss"):
                with self.assertRaises(AccessError):
                    getattr(pair.with_user(user), action)()
        for user in (self.referent, self.env.user):
            with self.assertRaises(AccessError):
                pair.with_user(user).write({"state": "dismissed"})

    def test_still_available_is_dated_by_the_server(self):
        found = self._new_solution()
        found.with_user(self.referent).action_confirm_available()
        self.assertEqual(found.confirmed_on, self.company._souverainete_today())
        with self.assertRaises(AccessError):
            found.with_user(self.dae).action_confirm_available()


@tagged("post_install", "-at_install")
class TestHostileCatalogues(CatalogueCase):
    SOURCES = {
        "catalogi": json.dumps([catalogi_item(), catalogi_item(id=2, name="B")]),
        "beta_gouv": beta(startup(), startup(id="b", name="B")),
        "publiccode": PUBLICCODE,
        "solution_sheet": SHEET,
        "sill_csv": "ID,nom,fonction,statut\n1,Parapheo,Signer,R\n",
    }

    def _survives(self, adapter, content):
        """Imported, or refused in one sentence that says where: never a crash."""
        wizard = self._wizard(content, self.referent, adapter=adapter, filename="x.csv")
        try:
            wizard.action_import()
        except UserError as error:
            self.assertRegex(str(error), "[Ll]ine", adapter)
            return
        for line in wizard.line_ids:
            self.assertTrue(line.line)
            self.assertNotIn("unexpected", line.message or "", content[:300])

    def test_cut_anywhere(self):
        for adapter, content in self.SOURCES.items():
            data = content.encode()
            for end in range(0, len(data), max(1, len(data) // 40)):
                self._survives(adapter, data[:end])

    def test_every_shape_in_the_place_of_another(self):
        strange = (None, True, 0, -1.5, "", "x" * 100_000, [], {}, [None], {"a": []})
        for adapter in ("catalogi", "beta_gouv"):
            document = json.loads(self.SOURCES[adapter])
            for path in list(self._get_paths(document)):
                for value in strange:
                    self._survives(adapter, self._replaced(document, path, value))

    def _get_paths(self, node, path=()):
        yield path
        items = (
            node.items()
            if isinstance(node, dict)
            else enumerate(node[:1])
            if isinstance(node, list)
            else ()
        )
        for key, child in items:
            yield from self._get_paths(child, (*path, key))

    def _replaced(self, document, path, value):
        if not path:
            return json.dumps(value)
        copy = json.loads(json.dumps(document))
        node = copy
        for key in path[:-1]:
            node = node[key]
        node[path[-1]] = value
        return json.dumps(copy)

    def test_noise(self):
        rng = random.Random(7)
        for adapter, content in self.SOURCES.items():
            for _round in range(40):
                data = bytearray(content.encode())
                for _n in range(rng.randint(1, 12)):
                    data[rng.randrange(len(data))] = rng.randrange(256)
                self._survives(adapter, bytes(data))

    def test_same_identifier_twice_is_one(self):
        content = "Nom;Référence\nA;1\nB;1\nA;2\n"
        wizard = self._import(content, filename="x.csv")
        self.assertEqual(self._statuses(wizard), ["created", "skipped", "skipped"])

    def test_no_yaml_that_builds_objects(self):
        for line in (
            "a: *x",
            "a: !!python/object:os.system x",
            "\ta: 1",
            "a: &x [1, *x]",
            "a: b: c",
        ):
            content = f"publiccodeYmlVersion: 1\nname: A\n{line}\n"
            with self.assertRaisesRegex(UserError, "line 3"):
                self._import(content, filename="publiccode.yml")

    def test_workbook_bombs_are_refused(self):
        def zipped(name, data):
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(name, data)
            return content.getvalue()

        for content in (
            zipped("xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            zipped("xl/workbook.xml", "<!DOCTYPE a><a/>".encode("utf-16")),
            zipped("a.bin", b"0" * (101 * 2**20)),
            zipped("a.txt", b"no workbook"),
            b"PK\x03\x04 not a zip",
        ):
            with self.assertRaisesRegex(UserError, "workbook"):
                self._import(content, filename="x.xlsx", adapter="solution_sheet")

    def test_too_large_is_refused(self):
        with self.assertRaisesRegex(UserError, "MB"):
            self._import(b"a" * (51 * 2**20), filename="a.csv")
        with self.assertRaisesRegex(UserError, "lines"):
            self._import("Nom\n" + "A\n" * 50_001, filename="a.csv")
