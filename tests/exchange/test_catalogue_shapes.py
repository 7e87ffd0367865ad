"""Catalogues as their publishers write them, in every version read: invented content,
true field names. Sources: codegouvfr/catalogi and sill (api/src), betagouv/beta.gouv.fr
(api/, content/_startups), publiccodeyml/publiccode.yml, DISIC/sill."""

import io
import json
import random
import re
import zipfile
from unittest.mock import patch

from openpyxl import Workbook

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.souverainete_achat.wizard.exchange import yaml_reader
from odoo.addons.souverainete_achat.wizard.exchange.adapters import ADAPTERS, guess
from odoo.addons.souverainete_achat.wizard.exchange.json_records import read_records
from odoo.addons.souverainete_achat.wizard.exchange.source import SourceError
from odoo.addons.souverainete_achat.wizard.exchange.yaml_reader import read_documents

from .test_catalogues import CatalogueCase, beta, catalogi_item, startup

# The public API of Catalogi, version 2.
PUBLIC = {
    "id": 12,
    "name": "Parapheo",
    "description": {"fr": "Faire signer : pi&egrave;ces &amp; actes"},
    "image": "https://example.fr/logo.png",
    "latestVersion": {"version": "2.1", "releaseDate": "2026-01-13T00:00:00.000Z"},
    "addedTime": "2018-01-01T00:00:00.000Z",
    "updateTime": "2025-09-05T12:31:21.708Z",
    "applicationCategories": [],
    "customAttributes": {
        "versionMin": "19",
        "doRespectRgaa": None,
        "isFromFrenchPublicService": True,
        "isPresentInSupportContract": False,
    },
    "userAndReferentCountByOrganization": {
        "DINUM": {"userCount": 1, "referentCount": 0},
        "other": {"userCount": 3, "referentCount": 0},
    },
    "authors": [{"id": "Q1", "name": "Quelqu'un"}],
    "url": "https://parapheo.example.fr/",
    "license": "LGPL-2.0-only",
    "externalId": "Q42",
    "sourceSlug": "wikidata",
    "similarSoftwares": [
        {
            "externalId": "Q2",
            "sourceSlug": "wikidata",
            "name": {"en": "DocuSign"},
            "description": "x",
            "isLibreSoftware": None,
            "isInCatalogi": False,
        },
        {"externalId": "Q3", "sourceSlug": "wikidata", "name": "Yousign"},
    ],
    "keywords": ["signature", {"id": "Q9", "numeric-id": 9, "entity-type": "item"}],
    "providers": [{"@type": "Organization", "name": "Prestataire", "url": ""}],
    "identifiers": [
        {"@type": "PropertyValue", "value": "72", "url": "https://comptoir.example/72"}
    ],
    "repoMetadata": {},
}
# The whole export, kept for those who read it before (sill.json).
COMPILED = {
    "id": 12,
    "name": "Parapheo",
    "description": "Faire signer des actes",
    "referencedSinceTime": 1514764800000,
    "updateTime": 1514764800000,
    "isStillInObservation": False,
    "isFromFrenchPublicService": True,
    "isPresentInSupportContract": True,
    "license": "MIT",
    "softwareType": {"type": "cloud"},
    "categories": ["Signature"],
    "keywords": ["parapheur"],
    "workshopUrls": [],
    "serviceProviders": [],
    "softwareExternalData": {
        "externalId": "Q42",
        "sourceSlug": "wikidata",
        "label": "Parapheo",
        "websiteUrl": "https://parapheo.example.fr",
        "sourceUrl": "https://example.fr/parapheo.git",
        "developers": [],
    },
    "similarExternalSoftwares": [
        {"externalId": "Q2", "sourceSlug": "wikidata", "label": {"en": "DocuSign"}}
    ],
    "comptoirDuLibreSoftware": {"id": 72, "external_resources": {"website": None}},
    "annuaireCnllServiceProviders": None,
    "userAndReferentCountByOrganization": {},
    "hasExpertReferent": False,
    "instances": [{"id": 1, "organization": "Ministère B", "publicUrl": None}],
}
# The first interface (2022).
FIRST = {
    "softwareId": 12,
    "softwareName": "Parapheo",
    "softwareDescription": "Faire signer des actes",
    "officialWebsiteUrl": "https://parapheo.example.fr",
    "wikidataId": "Q42",
    "license": "MIT",
    "categories": [],
    "prerogatives": {
        "isFromFrenchPublicServices": True,
        "isPresentInSupportContract": True,
        "doRespectRgaa": False,
    },
    "userAndReferentCountByOrganization": {},
    "similarSoftwares": [
        {"wikidataLabel": "DocuSign", "wikidataDescription": "x", "wikidataId": "Q2"}
    ],
}
# The short export of code.gouv.fr (data/sill.json): no address, no Wikidata.
SHORT = {
    "id": 12,
    "n": "Parapheo",
    "l": "MIT",
    "f": "Faire signer",
    "fr": True,
    "s": True,
}
PAGE = """\
---
title: Parapheo
mission: >-
  Faire signer des actes
  entre administrations
sponsors:
  - /organisations/a
incubator: a
owner: Ministère A
phases:
  - name: investigation
    comment: null
    start: 2021-06-01
    end: null
  - name : success
    start: 2023-06-02
link: https://parapheo.example.fr
repository:
stats: false
contact: equipe@example.fr
usertypes:
  - etat
thematiques:
- Signature
events: []
---
## Contexte

- Un texte : pour les lecteurs
"""


@tagged("post_install", "-at_install")
class TestShapes(CatalogueCase):
    def _read(self, content, filename="x.json"):
        """(adapter guessed, solutions made)."""
        wizard = self._import(content, filename=filename)
        self.assertNotIn("refused", self._statuses(wizard))
        return wizard.adapter, self._solutions(wizard)

    def test_catalogi_in_all_its_versions(self):
        for number, item in enumerate((PUBLIC, COMPILED, FIRST), 100):
            item = {**item, "id": number, "softwareId": number, "name": f"P{number}"}
            item["softwareName"] = item["name"]
            with self.subTest(number):
                adapter, found = self._read(json.dumps([item]))
                self.assertEqual(adapter, "catalogi")
                self.assertRecordValues(
                    found,
                    [{"path": "mutualised", "wikidata": "Q42", "active": True}],
                )
                self.assertIn("parapheo.example.fr", found.url)
                self.assertIn("DocuSign", found.similar_to)
                self.assertIn("Faire signer", found.need)

    def test_catalogi_says_who_uses_it_and_how_to_get_it(self):
        _adapter, found = self._read(json.dumps([COMPILED]))
        self.assertEqual(found.used_by, "Ministère B")
        self.assertIn("support", found.contract_vehicle)
        _adapter, found = self._read(json.dumps([{**PUBLIC, "id": 13, "name": "B"}]))
        self.assertEqual(found.used_by, "DINUM")
        self.assertFalse(found.contract_vehicle)
        self.assertEqual(found.need, "Faire signer : pièces & actes")
        self.assertEqual(found.keywords, "signature")

    def test_short_export_of_the_sill(self):
        adapter, found = self._read(json.dumps([SHORT]), "sill.json")
        self.assertEqual((adapter, found.name), ("catalogi", "Parapheo"))
        self.assertRecordValues(found, [{"licence": "MIT", "path": "mutualised"}])

    def test_withdrawn_in_all_versions(self):
        for number, vals in enumerate(
            (
                {"dereferencing": {"reason": "x", "time": "2025-09-04T09:50:48.708Z"}},
                {"dereferencing": {"time": 1514764800000}},
                {"status": {"name": "archived", "changed": {"time": "2025-01-01"}}},
                {"status": {"name": "rejected", "changed": {}}},
            ),
            200,
        ):
            item = catalogi_item(id=number, name=f"W{number}", identifiers=[], **vals)
            _adapter, found = self._read(json.dumps([item]))
            self.assertFalse(found.active, vals)
        item = catalogi_item(id=9, name="V", status={"name": "published"})
        self.assertTrue(self._read(json.dumps([item]))[1].active)

    def test_lists_wherever_they_are(self):
        wrappers = (
            lambda items: {"softwares": items},
            lambda items: {"meta": {"total": 1}, "data": items},
            lambda items: {"result": {"data": {"json": items}}},
            lambda items: [{"result": {"data": {"json": items}}}],
            lambda items: {"data": {"items": items}},
        )
        for number, wrap in enumerate(wrappers, 300):
            items = [catalogi_item(id=number, name=f"L{number}", identifiers=[])]
            for text in (json.dumps(wrap(items)), json.dumps(wrap(items), indent=2)):
                wizard = self._import(text)
                self.assertEqual(self._solutions(wizard).name, f"L{number}")

    def test_json_lines(self):
        items = [catalogi_item(id=n, name=f"J{n}", identifiers=[]) for n in range(5)]
        lines = [json.dumps(item) for item in items]
        lines[2] = lines[2][:-5]
        wizard = self._import("\r\n".join(lines) + "\n", filename="sill.jsonl")
        self.assertEqual(self._statuses(wizard).count("created"), 4)
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertIn("line 3", refused.line)

    def test_the_line_of_each_refused_record(self):
        items = [catalogi_item(id=n, name=f"R{n}", identifiers=[]) for n in range(3)]
        items[1]["name"] = " "
        text = json.dumps({"a": [1, {"b": "]"}], "softwares": items}, indent=1)
        line = text[: text.index('"id": 1,')].count("\n")
        wizard = self._import(text)
        refused = wizard.line_ids.filtered(lambda line: line.status == "refused")
        self.assertEqual(len(refused), 1)
        self.assertIn(f"Software 2 (line {line})", refused.line)
        self.assertIn("name", refused.message)

    def test_every_writing_of_one_file(self):
        text = json.dumps([PUBLIC], ensure_ascii=False)
        for content in (
            text.encode(),
            b"\xef\xbb\xbf" + text.encode(),
            text.encode("utf-16"),
            b"\xfe\xff" + text.encode("utf-16-be"),
            text.encode("utf-32"),
            json.dumps([PUBLIC], indent=4).replace("\n", "\r\n").encode(),
        ):
            wizard = self._import(content)
            self.assertEqual(wizard.adapter, "catalogi")
            self.assertEqual(self._solutions(wizard).external_ref, "12")
        self.assertEqual(self.Solution.search_count([("name", "=", "Parapheo")]), 1)
        with self.assertRaisesRegex(UserError, "UTF-8.*line 1"):
            self._import(text.replace("&egrave;", "è").encode("cp1252"))

    def test_identifiers_in_figures_or_text_are_one(self):
        for identifier in (7, "7", 7.0, " 7 "):
            self._import(json.dumps([catalogi_item(id=identifier)]))
        self.assertEqual(self.Solution.search_count([("external_ref", "=", "7")]), 1)

    def test_beta_gouv_as_its_templates_write_it(self):
        operator = self.env["res.partner"].create(
            {"name": "Incubateur A", "is_company": True}
        )
        text = """
{ "links":
    { "self": "https://beta.gouv.fr/startups" }
, "data":
    [

        { "id"        : "parapheo"
        , "type"      : "startup"
        , "attributes":
            { "name"  : "Parapheo"
            , "pitch" : "Faire signer l&#39;acte
 en ligne"
            , "stats_url": ""
            , "contact": "equipe@example.fr"
            , "content_url_encoded_markdown": "%23%23%20Contexte"
            , "events": []
            , "phases": [
                    { "name": "construction", "start": "2024-01-01", "end": ""},
                    { "name": "alumni", "start": "2025-01-01 00:00:00 +0000", "end": ""}
                ]
            , "sponsors": ["/organisations/a"]
            , "thematiques": ["Signature"]
            }
        , "relationships":
            { "incubator": { "data": { "type": "incubator", "id": "a" } } }
        }
    ]
, "included":
    [
        { "id"        : "/incubateurs/a"
        , "type"      : "incubator"
        , "attributes": { "title"  : "Incubateur A", "owner"  : "" }
        }
    ]
}"""
        adapter, found = self._read(text, "export.json")
        self.assertEqual(adapter, "beta_gouv")
        self.assertRecordValues(
            found,
            [
                {
                    "need": "Faire signer l'acte en ligne",
                    "operator_id": operator.id,
                    "development_status": "obsolete",
                    "keywords": "Signature",
                }
            ],
        )

    def test_beta_gouv_of_other_versions(self):
        first = startup(id="a", name="A", phases=None, status="consolidation")
        flat = {
            "id": "/startups/b",
            "title": "B",
            "mission": "Compter",
            "phases": [{"name": "transfer", "start": "2020-01-01"}],
        }
        table = (
            "id;name;mission;start;status;incubator;stats;link;repository;contact\n"
            'c;"C";"Peser; mesurer";2020-01-01;acceleration;a;null;null;null;x@y.fr\n\n'
        )
        for text, filename in (
            (beta(first), "startups.json"),
            (json.dumps([flat]), "startups.json"),
            (table, "export.csv"),
        ):
            adapter, found = self._read(text, filename)
            self.assertEqual(adapter, "beta_gouv")
            self.assertRecordValues(
                found, [{"development_status": "stable", "path": "mutualised"}]
            )
        self.assertRecordValues(
            found, [{"external_ref": "c", "need": "Peser; mesurer", "url": False}]
        )

    def test_beta_gouv_pages(self):
        adapter, found = self._read(PAGE, "parapheo.md")
        self.assertEqual(adapter, "beta_pages")
        self.assertRecordValues(
            found,
            [
                {
                    "name": "Parapheo",
                    "need": "Faire signer des actes entre administrations",
                    "development_status": "stable",
                    "external_ref": "parapheo",
                    "used_by": "etat",
                    "contact": "equipe@example.fr",
                }
            ],
        )

    def test_beta_gouv_pages_in_a_zip(self):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("_startups/parapheo.md", PAGE.replace("\n", "\r\n"))
            archive.writestr("_startups/broken.md", "---\ntitle: A\n\tb: c\n---\n")
            archive.writestr("_startups/plain.md", "# Nothing")
            archive.writestr("logo.png", b"\x89PNG")
        wizard = self._import(content.getvalue(), filename="_startups.zip")
        self.assertEqual(wizard.adapter, "beta_pages")
        self.assertEqual(
            self._statuses(wizard), ["refused", "created", "refused"], "by name"
        )
        self.assertIn("broken.md", wizard.line_ids[0].line)
        self.assertIn("line 3", wizard.line_ids[0].message)

    def test_sill_of_other_years(self):
        for text, name in (
            ("ID,nom,fonction,statut,licence,similaire-a\n1,A1,Signer,R,MIT,2\n", "A1"),
            ("id;Nom;Fonction;Statut;Public;Support\n2;A2;Signer;R;oui;OUI\n", "A2"),
            ("logiciel\tfonction\tcas-usage\tstatut\nA3\tSigner\tActes\tR\n", "A3"),
        ):
            adapter, found = self._read(text.encode("cp1252"), "sill-2019.csv")
            self.assertEqual((adapter, found.name), ("sill_csv", name))
        self.assertEqual(found.need, "Signer. Actes")

    def test_the_sill_is_recognised_by_its_columns(self):
        sill = "ID;nom;fonction;annees;statut\n1;Outil;Signer;2020;R\n2;B;C;2019;FR\n"
        self.assertEqual(guess(sill.encode(), "export.csv"), "sill_csv")
        own = "Nom;Fonction;Statut\nOutil;Signer;abandonné\n"
        self.assertEqual(guess(own.encode(), "export.csv"), "solution_sheet")

    def test_the_guess(self):
        sheet = b"Nom;Besoin\nA;B\n"
        for content, filename, code in (
            (b"[]", "startups.json", "beta_gouv"),
            (b"[]", "sill.json", "catalogi"),
            (b"[]", "catalogi.json", "catalogi"),
            (b"ID,nom,fonction,statut\n", "sill.csv", "sill_csv"),
            (sheet, "marches_logiciels.csv", "solution_sheet"),
            (sheet, "startups_de_chez_nous.tsv", "beta_gouv"),
            (b"name: A\n", "publiccode.yaml", "publiccode"),
            (PAGE.encode(), "a.md", "beta_pages"),
            (json.dumps([PUBLIC]).encode("utf-16"), "a.bin", "catalogi"),
            (json.dumps([COMPILED]).encode(), "startups.json", "catalogi"),
            (b"%PDF-1.4", "a.pdf", False),
            (b"", "", False),
        ):
            self.assertEqual(guess(content, filename), code, filename)


@tagged("post_install", "-at_install")
class TestPublicCode(CatalogueCase):
    def _solution(self, text):
        wizard = self._import(text, filename="publiccode.yml")
        self.assertEqual(self._statuses(wizard), ["created"])
        return self._solutions(wizard)

    def test_versions_and_localisations(self):
        found = self._solution(
            "# A comment\n---\npubliccodeYmlVersion: 0.4\nname: aitema|Outil\n"
            "url: https://example.fr/a\nreleaseDate: 2025-01-01\n"
            "description:\n  de:\n    shortDescription: Etwas\n"
            "  fr-FR:\n    localisedName: L'outil\n    shortDescription: >-\n"
            "      Faire signer\n\n      des actes.\n"
            "    features:\n      - >-\n        suivre (art. 7)\n      - PEC, Email\n"
            "legal:\n  license: EUPL-1.2\n  repoOwner: Ville A\n"
            "maintenance:\n  type: contract\n  contractors:\n"
            "    - name: Société B\n      until: '2026-12-31'\n"
            "usedBy:\n  - Gemeente 's-Hertogenbosch\n  - Ville A \n"
        )
        self.assertRecordValues(
            found,
            [
                {
                    "name": "aitema|Outil",
                    "need": "Faire signer des actes. suivre (art. 7) PEC, Email",
                    "contract_vehicle": "Société B, 2026-12-31",
                    "used_by": "Gemeente 's-Hertogenbosch, Ville A",
                }
            ],
        )

    def test_first_version(self):
        found = self._solution(
            'publiccode-yaml-version: "http://w3id.org/publiccode/version/0.1"\n'
            "name: Outil\nurl: https://example.fr/b\n"
            "description:\n  en: {shortDescription: 'To sign', features: [a, 'b, c']}\n"
        )
        self.assertEqual(found.need, "To sign a b, c")

    def test_what_is_anchored_may_be_repeated(self):
        found = self._solution(
            "publiccodeYmlVersion: '0.2'\nname: Outil\nurl: https://example.fr/c\n"
            "description:\n  en: &text\n    shortDescription: &short |\n      To sign\n"
            "    features:\n      - a\n  fr:\n    <<: *text\n    longDescription: x\n"
            "usedBy: [*short]\n".replace("usedBy: [*short]\n", "roadmap: *short\n")
        )
        self.assertEqual(found.need, "To sign x a")

    def test_no_file_grows_by_repeating(self):
        lines = ["a0: &a0 [x]"]
        lines += [f"a{n}: &a{n}\n  - *a{n - 1}\n  - *a{n - 1}" for n in range(1, 40)]
        with self.assertRaisesRegex(UserError, "line"):
            self._import(
                "publiccodeYmlVersion: 1\nname: A\n" + "\n".join(lines),
                filename="publiccode.yml",
            )

    def test_every_value_stays_text(self):
        for text, expected in (
            ("a: 2025-01-01\nb: no\nc: 012\nd: 1.50\ne: 12:30:45", None),
            ("a: ~\nb:\nc: null", {"a": None, "b": None, "c": None}),
            ("a: b # c\nd: 'e''f' # g", {"a": "b", "d": "e'f"}),
            ("a: [b, [c, d], {e: f}]", {"a": ["b", ["c", "d"], {"e": "f"}]}),
            ("a: >-\n  b\n  c\nd: |-\n  e\n  f", {"a": "b c", "d": "e\nf"}),
            ("a:\r\n  b: c\r\n", {"a": {"b": "c"}}),
        ):
            [(_line, document)] = read_documents(text)
            if expected is None:
                pairs = (line.split(": ") for line in text.splitlines())
                expected = dict(pairs)
            self.assertEqual(document, expected, text)

    def test_the_line_of_what_cannot_be_read(self):
        for text, line in (
            ("a: é\nb: \0", 2),
            ("a: b\nc: d: e", 2),
            ("a: b\nc: !!binary ZA==", 2),
            ("a: " + "[" * 1000, 1),
            ("a: " + "{b: " * 40 + "c" + "}" * 40, 1),
            ("a: &b c\nd: [" + "*b, " * 501 + "]", 2),
        ):
            with self.assertRaises(SourceError) as refused:
                read_documents(text)
            self.assertIn(f"line {line}.", str(refused.exception.message), text)

    def test_a_server_without_the_library_says_so(self):
        with (
            patch.object(yaml_reader, "yaml", None),
            self.assertRaisesRegex(UserError, "PyYAML"),
        ):
            self._import("publiccodeYmlVersion: 1\n", filename="publiccode.yml")

    def test_several_in_one_file(self):
        text = "".join(
            f"---\npubliccodeYmlVersion: 1\nname: D{n}\nurl: https://e.fr/{n}\n"
            for n in range(3)
        )
        wizard = self._import(text, filename="publiccode.yml")
        self.assertEqual(self._solutions(wizard).mapped("name"), ["D0", "D1", "D2"])
        self.assertIn("line 6", wizard.line_ids[1].line)


@tagged("post_install", "-at_install")
class TestAgain(CatalogueCase):
    """The same source imported again: nothing twice, nothing lost."""

    def _feed(self, *items):
        return self._import(json.dumps(items))

    def test_the_public_feed_with_its_repetitions(self):
        items = [
            catalogi_item(id=n, name=f"F{n}", identifiers=[], url=None)
            for n in range(586)
        ]
        repeated = [{**item, "url": f"https://e.fr/{item['id']}"} for item in items]
        feed = [*items, *repeated[:475]]
        random.Random(1).shuffle(feed)
        first = self._feed(*feed)
        self.assertEqual(self._statuses(first).count("created"), 586)
        self.assertEqual(self._statuses(first).count("skipped"), 475)
        zero = self._solutions(first).filtered(lambda s: s.external_ref == "0")
        self.assertEqual(zero.url, "https://e.fr/0", "what one entry left out")
        random.Random(2).shuffle(feed)
        again = self._feed(*feed)
        self.assertEqual(set(self._statuses(again)), {"unchanged", "skipped"})

    def test_entries_numbered_anew_are_the_same(self):
        self._feed(catalogi_item(id=1, identifiers=[]))
        wizard = self._feed(catalogi_item(id=901, identifiers=[]))
        self.assertEqual(self._statuses(wizard), ["unchanged"])
        self.assertEqual(self.Solution.search_count([("name", "=", "Parapheo")]), 1)

    def test_two_of_one_name_are_kept_and_shown_to_someone(self):
        items = [
            catalogi_item(id=1, identifiers=[], url="https://a.fr"),
            catalogi_item(id=2, identifiers=[], url="https://b.fr"),
        ]
        wizard = self._feed(*items)
        self.assertEqual(self._statuses(wizard), ["created", "created"])
        one, two = self._solutions(wizard)
        pair = self.env["souverainete.solution.duplicate"].search(
            [("solution_id", "=", one.id), ("other_id", "=", two.id)]
        )
        self.assertEqual(pair.ground, "name")
        self.assertEqual(self._statuses(self._feed(*items)), ["unchanged"] * 2)

    def test_what_the_source_no_longer_gives_is_reported(self):
        first = self._feed(
            catalogi_item(id=1, name="A", identifiers=[]),
            catalogi_item(id=2, name="B", identifiers=[]),
        )
        kept, gone = self._solutions(first)
        before = self.env["souverainete.solution"].browse(gone.id)
        before.sudo()._write_server({"confirmed_on": "2020-01-01"})
        kept.sudo()._write_server({"confirmed_on": "2020-01-01"})
        content = json.dumps([catalogi_item(id=1, name="A", identifiers=[])])
        for wizard in (self._preview(content), self._import(content)):
            line = wizard.line_ids.filtered(lambda line: line.status == "absent")
            self.assertEqual((line.title, line.res_id), ("B", gone.id))
            self.assertIn("01/01/2020", line.message)
        self.assertEqual(kept.confirmed_on, self.company._souverainete_today())
        self.assertEqual(str(gone.confirmed_on), "2020-01-01")
        self.assertTrue(gone.active)

    def test_an_old_file_confirms_as_of_its_day(self):
        content = json.dumps([catalogi_item(id=1, name="A", identifiers=[])])
        [found] = self._solutions(self._import(content, file_date="2021-05-04"))
        self.assertEqual(str(found.confirmed_on), "2021-05-04")
        self.assertEqual(str(found.snapshot_date), "2021-05-04")

    def test_an_older_file_changes_nothing_of_a_newer_one(self):
        recent = [catalogi_item(id=1, name="A", identifiers=[], license="MIT")]
        older = [catalogi_item(id=1, name="A", identifiers=[], license="GPL")]
        [found] = self._solutions(self._import(json.dumps(recent)))
        day = found.confirmed_on
        wizard = self._import(json.dumps(older), file_date="2021-05-04")
        self.assertEqual(self._statuses(wizard), ["skipped"])
        self.assertEqual((found.licence, found.confirmed_on), ("MIT", day))
        absent = self._import(
            json.dumps([catalogi_item(id=2, name="B", identifiers=[])]),
            file_date="2021-05-04",
        )
        self.assertNotIn("absent", self._statuses(absent))

    def test_no_file_is_of_the_future(self):
        content = json.dumps([catalogi_item(id=1, name="A", identifiers=[])])
        with self.assertRaisesRegex(ValidationError, "future"):
            self._import(content, file_date="2999-01-01")

    def test_one_software_says_nothing_of_the_others(self):
        text = "publiccodeYmlVersion: 1\nname: {0}\nurl: https://e.fr/{0}\n"
        self._import(text.format("a"), filename="publiccode.yml")
        wizard = self._import(text.format("b"), filename="publiccode.yml")
        self.assertEqual(self._statuses(wizard), ["created"])


@tagged("post_install", "-at_install")
class TestTables(CatalogueCase):
    """Tables as spreadsheets and hands leave them."""

    def _workbook(self, edit, count=5):
        """A catalogue of `count` lines, its sheet changed by `edit`."""
        book = Workbook()
        book.active.append(["Nom", "Besoin"])
        for n in range(count):
            book.active.append([f"Outil {n}", "Compter"])
        plain, edited = io.BytesIO(), io.BytesIO()
        book.save(plain)
        with zipfile.ZipFile(plain) as old, zipfile.ZipFile(edited, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    part = edit(part.decode()).encode()
                new.writestr(name, part)
        return edited.getvalue()

    def test_a_workbook_that_misstates_its_size_is_read_whole(self):
        for size in ("A1", "A1:B3"):
            content = self._workbook(
                lambda xml, size=size: re.sub(
                    r'<dimension ref="[^"]*"', f'<dimension ref="{size}"', xml
                )
            )
            wizard = self._preview(content, filename="catalogue.xlsx")
            self.assertEqual(self._statuses(wizard), ["created"] * 5)

    def test_a_workbook_formatted_to_its_last_row_is_read(self):
        last = '<row r="1048576"><c r="A1048576"/></row></sheetData>'
        content = self._workbook(lambda xml: xml.replace("</sheetData>", last))
        wizard = self._preview(content, filename="catalogue.xlsx")
        self.assertEqual(self._statuses(wizard), ["created"] * 5)

    def test_the_sheet_that_holds_the_catalogue_is_read(self):
        book = Workbook()
        book.active.append(["Nom", "Caché"])
        book.active.append(["Outil caché", "x"])
        book.active.sheet_state = "hidden"
        book.create_sheet("Lisez-moi").append(["Comment remplir ce fichier"])
        sheet = book.create_sheet("Catalogue")
        sheet.append(["Nom", "Besoin"])
        sheet.append(["Outil", "Compter"])
        content = io.BytesIO()
        book.save(content)
        wizard = self._preview(content.getvalue(), filename="catalogue.xlsx")
        self.assertEqual(wizard.line_ids.mapped("title"), ["Outil"])

    def test_a_separator_stated_on_the_first_line(self):
        content = "sep=;\nNom;Besoin\nOutil, suite, bureau;Compter\n"
        wizard = self._preview(content, filename="catalogue.csv")
        self.assertEqual(wizard.line_ids.mapped("title"), ["Outil, suite, bureau"])
        self.assertIn("Line 3", wizard.line_ids.line)

    def test_a_quotation_mark_never_closed_loses_nothing_in_silence(self):
        content = 'Nom;Besoin\nA;"Un\nbesoin"\nB;"Un autre\nC;Signer\nD;Trier\n'
        with self.assertRaisesRegex(UserError, "line 4.* never closed"):
            self._import(content, filename="catalogue.csv")
        raw = 'Nom;Besoin\nA;"le "besoin" de\nB;Dire "oui"\nC;"Trier"'
        wizard = self._import(raw, filename="catalogue.csv")
        self.assertEqual(self._statuses(wizard), ["created"] * 3)


@tagged("post_install", "-at_install")
class TestMutations(CatalogueCase):
    """Thousands of damaged files: read, or refused in one sentence; never a crash."""

    SEEDS = {
        "catalogi": json.dumps([PUBLIC, {**COMPILED, "id": 2}, {**FIRST, "id": 3}]),
        "beta_gouv": beta(startup(), startup(id="b", name="B")),
        "publiccode": "publiccodeYmlVersion: '0.2'\nname: &n Outil # x\nurl: *n\n"
        "description:\n  fr: {a: [b, 'c''d'], e: \"f\\u00e9\"}\n  en:\n"
        "    longDescription: |\n      Un\n\n      deux\n"
        "    features:\n    - g: h\n    - i\n",
        "beta_pages": PAGE,
        "sill_csv": "ID,nom,fonction,statut\n1,Outil,Signer,R\n",
        "solution_sheet": "Nom;Besoin;Référence\nOutil;Signer;1\n",
    }
    PIECES = (
        *"{}[]\"':,-#|>&*!%\n\t \\\0\r;",
        "null",
        "1e999",
        "NaN",
        "- ",
        ": ",
        "\u2028",
        "\ud83d",
        "[" * 300,
        "é" * 50,
    )

    def _mutate(self, rng, text):
        for _n in range(rng.randint(1, 6)):
            start = rng.randrange(len(text) + 1)
            end = min(len(text), start + rng.choice((0, 0, 1, 3, 30)))
            piece = rng.choice(self.PIECES)
            if rng.random() < 0.2:
                piece = text[start : start + rng.randint(0, 60)] * rng.randint(1, 4)
            text = text[:start] + piece + text[end:]
        return text.encode("utf-8", "surrogatepass")

    def test_reading(self):
        rng = random.Random(20261125)
        read = 0
        for code, seed in self.SEEDS.items():
            for _round in range(1000):
                content = self._mutate(rng, seed)
                try:
                    guess(content, "x")
                    document = ADAPTERS[code].parse(content, "x")
                    records = list(ADAPTERS[code].get_records(document))
                except SourceError:
                    continue
                read += 1
                for record in records:
                    self.assertTrue(record.refused or record.values["name"])
        self.assertGreater(read, 1000, "the damage is not always total")

    def test_importing_writes_all_or_nothing_of_a_record(self):
        rng = random.Random(4)
        for code, seed in self.SEEDS.items():
            for _round in range(40):
                before = self.Solution.search_count([])
                content = self._mutate(rng, seed)
                wizard = self._wizard(content, self.referent, adapter=code)
                try:
                    wizard.action_import()
                except UserError as error:
                    self.assertRegex(str(error), "(?i)line")
                    self.assertEqual(self.Solution.search_count([]), before)
                    continue
                made = self._statuses(wizard).count("created")
                self.assertEqual(self.Solution.search_count([]) - before, made)
                for line in wizard.line_ids:
                    self.assertTrue(line.line)
                    self.assertNotIn("unexpected", line.message or "", content)

    def test_long_lines_end(self):
        for text in (
            "a" * 200_000,
            "- " * 3000,
            "[" * 50_000,
            "'" * 50_001,
            "a: b" * 9999,
        ):
            for prefix in ("", "a: ", "- "):
                try:
                    read_documents(f"v: 1\n{prefix}{text}")
                except SourceError:
                    continue

    def test_fifty_megabytes(self):
        item = json.dumps(catalogi_item(description="é" * 4000))
        count = 50 * 2**20 // len(item.encode())
        content = f"[{','.join([item] * (count - 1))}]".encode()
        records, _around = read_records(content)
        self.assertEqual(len(records), count - 1)
