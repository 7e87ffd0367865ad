"""Searching the catalogue as buyers write: words, synonyms, products, typing errors."""

import base64
import json
import re
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON
from ..common_data import read_sample
from ..study.test_doctrine import DoctrineCase

NEEDS = json.loads(Path(__file__).with_name("needs.json").read_text())
HELD_OUT = json.loads(Path(__file__).with_name("needs_held_out.json").read_text())


class SearchCase(DoctrineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Solution = cls.env["souverainete.solution"].with_user(cls.buyer)
        cls.Synonym = cls.env["souverainete.synonym"]

    def _found(self, text, **kwargs):
        return self.Solution._search_need(text, **kwargs).mapped("name")

    def _why(self, text, name):
        explained = self.Solution._explain_need(text)
        return next(
            [(w["kind"], w["asked"], w["found"]) for w in why]
            for found, why in explained
            if self.Solution.browse(found).name == name
        )

    def _new_solution(self, **vals):
        return self.env["souverainete.solution"].create(
            {"need": "Autre chose", "source": "Test", **vals}
        )


@tagged("post_install", "-at_install")
class TestNeeds(SearchCase):
    """Needs as buyers write them: those the search was made with, and others, written
    apart, half of which no mutualised service answers."""

    def _get_missed(self, needs):
        return {
            need["need"]: found.mapped("name")
            for need in needs
            if not self._is_answered(
                need, found := self.Solution._search_need(need["need"])
            )
        }

    def _is_answered(self, need, found):
        """The right service in the first three; for what no service answers, none
        that the doctrine would have the buyer set aside with a reason."""
        if need["answers"]:
            return bool(set(need["answers"]) & set(found[:3].mapped("name")))
        return "mutualised" not in found[:5].mapped("path")

    def _import_sill(self):
        content = read_sample(self, "sill/sill-2020.csv")
        wizard = (
            self.env["souverainete.import"]
            .with_user(self.referent)
            .create({"data": base64.b64encode(content), "filename": "sill-2020.csv"})
        )
        wizard.action_import()

    def test_the_right_service_is_in_the_first_three(self):
        self.assertEqual(len(NEEDS), 25)
        self.assertFalse(self._get_missed(NEEDS))

    def test_needs_written_apart(self):
        self.assertGreaterEqual(len(HELD_OUT), 25)
        self.assertFalse(self._get_missed(HELD_OUT))

    def test_free_software_of_the_sill_hides_no_state_service(self):
        self._import_sill()
        self.assertFalse(self._get_missed(NEEDS + HELD_OUT))

    def test_planned_purchases_that_are_not_digital_find_nothing(self):
        planned = json.loads(read_sample(self, "approch/approch_projets_dae.json"))
        for purchase in planned:
            if re.search(
                r"(?i)[ée]nergie|[ée]lectricit|gaz|nettoyage", purchase["label"]
            ):
                with self.subTest(purchase["label"]):
                    self.assertFalse(self._found(purchase["label"]))

    def test_searching_costs_the_same_whatever_is_asked(self):
        counts = set()
        self._found("Zoom")
        for text in ("visio", " ".join(need["need"] for need in NEEDS)):
            before = self.env.cr.sql_log_count
            self._found(text)
            counts.add(self.env.cr.sql_log_count - before)
        self.assertLessEqual(max(counts), 14)


@tagged("post_install", "-at_install")
class TestMeaning(SearchCase):
    def test_a_product_finds_its_mutualised_counterpart(self):
        for product, service in (
            ("Slack", "Tchap"),
            ("licences ZOOM", "Visio"),
            ("Microsoft Teams", "Visio"),
            ("google  drive", "Fichiers"),
            ("Trello", "Projets"),
            ("WeTransfer", "France Transfert"),
            ("Doodle", "RDV Service Public"),
            ("Google Docs", "Docs"),
            ("Office 365", "Docs"),
            ("Dropbox", "Fichiers"),
            ("WordPress", "Sites Conformes"),
            ("Calendly", "RDV Service Public"),
            ("ChatGPT", "Assistant IA"),
            ("location de licences Excel", "Grist"),
        ):
            self.assertIn(service, self._found(product)[:3], product)
        self.assertIn(("similar", "Slack", "Slack"), self._why("Slack", "Tchap"))

    def test_part_of_a_product_name_is_not_the_product(self):
        self.assertNotIn("Fichiers", self._found("Google"))

    def test_a_product_declared_by_a_buyer_is_found_at_once(self):
        self.assertFalse(self._found("Zarbiflex"))
        self._new_solution(name="Outil", similar_to="Autre; Zarbiflex 3000")
        self.assertEqual(self._found("besoin de zarbiflex 3000 vite"), ["Outil"])

    def test_typing_errors_are_corrected_and_said(self):
        self.assertEqual(self._found("visioconferance")[0], "Visio")
        self.assertEqual(self._found("messagerie instantanée")[0], "Tchap")
        why = self._why("autentification", "ProConnect")
        self.assertIn(("typo", "autentification", "authentification"), why)

    def test_another_word_is_no_typing_error(self):
        self.assertFalse(self._found("imprimantes laser couleur"))
        self.assertFalse(self._found("menuiserie charpente plomberie"))

    def test_synonyms_are_followed_and_said(self):
        self._new_solution(name="Outil", need="Tenir la zorgue des agents")
        self.assertFalse(self._found("frumiste"))
        synonym = self.Synonym.with_user(self.referent).create(
            {"terms": "frumiste, zorgue"}
        )
        self.assertEqual(self._found("frumistes"), ["Outil"])
        self.assertEqual(
            self._why("frumistes", "Outil"), [("synonym", "frumistes", "zorgue")]
        )
        synonym.active = False
        self.assertFalse(self._found("frumistes"))

    def test_a_synonym_of_several_words(self):
        self._new_solution(name="Outil", need="Conférer en bilobe multiple")
        self.Synonym.create({"terms": "zibule à plusieurs, bilobe multiple"})
        self.assertEqual(self._found("une zibule à plusieurs"), ["Outil"])
        self.assertFalse(self._found("zibule"))

    def test_words_of_purchasing_say_nothing_of_a_need(self):
        self._new_solution(name="Outil", need="Achat de licence logiciel zorgue")
        self.assertEqual(self._found("achat de licences logiciel zorgue"), ["Outil"])
        self.assertNotIn("Outil", self._found("achat de licences de visioconférence"))
        self.assertIn("Outil", self._found("licence"), "nothing else was written")

    def test_synonyms_are_kept_by_managers(self):
        for user in (self.buyer, self.officer, self.ambassador, self.dae):
            with self.assertRaises(AccessError):
                self.Synonym.with_user(user).create({"terms": "a, b"})
            self.assertTrue(self.Synonym.with_user(user).search([], limit=1))
        with self.assertRaisesRegex(ValidationError, "Write at least two terms"):
            self.Synonym.create({"terms": "seul"})

    def test_rare_words_count_more_than_common_ones(self):
        for number in range(5):
            self._new_solution(name=f"Outil {number}", need="Suivre le parc zorgue")
        self._new_solution(name="Rare", need="Suivre la bilobe")
        self.assertEqual(self._found("suivre une zorgue, une bilobe")[0], "Rare")

    def test_mutualised_first_at_equal_answers(self):
        vals = {"need": "Tenir la zorgue"}
        self._new_solution(name="A acheter", path="off_the_shelf", **vals)
        self._new_solution(name="Mutualisé", **vals)
        self.assertEqual(self._found("zorgue"), ["Mutualisé", "A acheter"])

    def test_no_product_is_proposed_dead(self):
        self.env.ref(f"{ADDON}.solution_tchap").development_status = "obsolete"
        self.assertNotIn("Tchap", self._found("Slack"))

    def test_what_is_dead_hides_nothing(self):
        self._new_solution(name="Zorglubo", need="Ranger des zorglubs sur un drive")
        before = self.Solution._explain_need("zorglub drive")
        self.assertTrue(before)
        for dead in ({"development_status": "obsolete"}, {"active": False}):
            self._new_solution(name="Vieux", similar_to="Zorglub Drive", **dead)
            self.assertEqual(self.Solution._explain_need("zorglub drive"), before)

    def test_nothing_a_buyer_types_breaks_the_search(self):
        for text in (
            "'",
            "\\'",
            "a' | b",
            "!(x) & :*",
            "%s %(x)s %%",
            "\x00\u2028",
            "½ ² ﬁ",
            "Ω≈ç√ кириллица 漢字",
            "'; DROP TABLE x; --",
            "x" * 5000,
            "été " * 3000,
            "xsimslack",
            "1e5 0x10 3.14 2026-01-01 a@b.fr https://x.fr/?a=b",
        ):
            self._found(text)

    def test_changed_words_are_found_at_once(self):
        found = self._new_solution(name="Outil", keywords="zorgue")
        self.assertEqual(self._found("zorgue"), ["Outil"])
        found.keywords = "bilobe"
        self.assertFalse(self._found("zorgue"))
        self.assertEqual(self._found("bilobe"), ["Outil"])


@tagged("post_install", "-at_install")
class TestOwnWords(SearchCase):
    """What buyers were seen to write, and what an empty answer proves."""

    def test_surveys_archives_and_portals_find_what_they_should(self):
        forms, archives = {"Grist", "Démarche Numérique"}, {"Vitam"}
        for text, services in (
            ("enquête", forms),
            ("sondage", forms),
            ("sondage en ligne auprès des agents", forms),
            ("enquêtes en ligne auprès des agents", forms),
            ("archivage", archives),
            ("archivage électronique", archives),
            (
                "portail des agents, démarches et site",
                {"Sites Conformes", "Démarche Numérique"},
            ),
        ):
            with self.subTest(text):
                self.assertLessEqual(services, set(self._found(text)[:3]))

    def test_words_that_say_nothing_weigh_nothing(self):
        self.assertNotIn("Messagerie", self._found("archivage électronique"))
        for alone in ("satisfaction", "satisfaction en ligne", "outil de satisfaction"):
            self.assertFalse(self._found(alone), alone)

    def test_what_nothing_answers_shows_the_three_nearest(self):
        search = self.file._run_search("enquête de satisfaction des usagers")
        self.assertEqual(search.result_count, 0)
        nearest = search.proposed_ids.mapped("name")
        self.assertLessEqual(len(nearest), 3)
        self.assertIn("Grist", nearest)
        action = search.with_user(self.buyer).action_none_fits()
        self.env[action["res_model"]].with_user(self.buyer).with_context(
            **action["context"]
        ).create({"reason_code": "function", "reason": "Ne mesure pas"}).action_apply()
        self.assertEqual(
            set(self.file.studied_ids.mapped("verdict")),
            {"rejected"},
            "none fits: said once",
        )

    def test_the_need_is_searched_in_each_way_it_is_said(self):
        self.software.sudo().name = "Questiona"
        self.file.reference = "Sondages auprès des agents"
        self.file.need_effect = "Connaître l'avis des agents sur leur poste"
        text = self.file._get_search_text()
        self.assertEqual(len(text.split("\n\n")), 3)
        self.assertIn("Grist", self.file._run_search(text).proposed_ids.mapped("name"))

    def test_nothing_found_for_words_foreign_to_the_need_proves_nothing(self):
        self.file.amount_estimated = 120000
        self.file.need_effect = "Peser les truites des bassins"
        self.file._run_search("zorgue bilobe")
        self.assertTrue(self._missing("search_foreign"))
        self.file._run_search("pesée de la truite")
        self.assertFalse(self._missing("search_foreign"))


@tagged("post_install", "-at_install")
class TestSmallOrder(SearchCase):
    def test_the_strip_shows_the_two_best_and_the_order_keeps_them(self):
        product = self.env["product.product"].create(
            {"name": "Enquêtes en ligne", "cpv_code": "48000000"}
        )
        order = self._new_order(
            product,
            300,
            light_mutualised="yes",
            light_cloud="no",
            light_sensitive="no",
        )
        self.assertIn("Grist", order.catalogue_hits)
        self.assertEqual(len(order.catalogue_hits.splitlines()), 2)
        self.assertFalse(order.search_ids, "looking writes nothing")
        order.button_confirm()
        [search] = order.search_ids
        self.assertEqual(search.company_id, order.company_id)
        self.assertIn("Grist", search.result_ids.mapped("name"))
        self.assertIn("Grist", order.catalogue_hits)


@tagged("post_install", "-at_install")
class TestExplained(SearchCase):
    def test_the_trace_says_why(self):
        search = self.file._run_search("Zoom pour visioconferance")
        self.assertEqual(search.method, "full")
        self.assertIn("similar to “Zoom”", search.snapshot_text)
        self.assertIn(
            "“visioconferance” read as “visioconférence”", search.snapshot_text
        )

    def test_the_screen_says_why(self):
        search = self.file._run_search("Zoom")
        shown = search.web_read({"proposed_ids": {"fields": {"found_because": {}}}})
        found = shown[0]["proposed_ids"][0]
        self.assertEqual(found["found_because"], "similar to “Zoom”")
        self.assertFalse(search.proposed_ids[0].with_context({}).found_because)

    def test_the_form_says_why_of_each_solution(self):
        search = self.file._run_search("Zoom")
        self.env.invalidate_all()
        specification = {"proposed_ids": {"fields": {"found_because": {}}}}
        [read] = search.with_user(self.buyer).web_read(specification)
        self.assertEqual(read["proposed_ids"][0]["found_because"], "similar to “Zoom”")

    def test_no_one_reads_the_search_of_others_through_a_solution(self):
        search = self.file._run_search("Zoom")
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        stranger = self._new_user(
            "stranger",
            "purchase.group_purchase_user",
            company_id=other.id,
            company_ids=other.ids,
        )
        found = self.visio.with_user(stranger).with_context(
            catalogue_search_id=search.id
        )
        self.assertFalse(found.found_because)

    def test_without_trigrams_it_searches_whole_words_and_says_so(self):
        Word = type(self.env["souverainete.solution.word"])
        with patch.object(Word, "_can_correct", lambda self: False):
            search = self.file._run_search("visioconférence")
            self.assertEqual(search.method, "plain")
            self.assertEqual(search.proposed_ids[0].name, "Visio")
            self.assertFalse(self.file._run_search("visioconferance").result_count)

    def test_a_refused_extension_stops_nothing(self):
        Word = self.env["souverainete.solution.word"]
        execute = type(self.env.cr).execute

        def refuse(cursor, query, *args, **kwargs):
            if "CREATE EXTENSION" in str(query):
                query = "SELECT refused"
            return execute(cursor, query, *args, **kwargs)

        with patch.object(type(self.env.cr), "execute", refuse):
            Word.init()
        self.assertTrue(self._found("visioconférence"))

    def test_what_died_since_the_search_is_no_longer_proposed(self):
        dead = self._new_solution(name="Truitomètre", need="Peser des truites")
        living = self._new_solution(name="Truitagramme", need="Peser des truites")
        search = self.file._run_search("peser des truites")
        self.assertEqual(set(search.proposed_ids), {dead, living})
        for vals in ({"development_status": "obsolete"}, {"active": False}):
            dead.write({"active": True, "development_status": False})
            dead.write(vals)
            search.invalidate_recordset()
            self.assertEqual(search.proposed_ids, living)
        search.action_add_options()
        self.assertEqual(self.file.studied_ids.solution_id, living)
        self.assertIn("Truitomètre", search.snapshot_text)
        with self.assertRaisesRegex(UserError, "No longer proposed: Truitomètre"):
            dead.with_context(requisition_id=self.file.id).action_add_as_option()

    def test_searches_made_before_still_show(self):
        search = self.file._run_search("visioconférence")
        snapshot = [
            {name: value for name, value in found.items() if name != "why"}
            for found in search.snapshot
        ]
        search.sudo()._write_server({"snapshot": snapshot, "method": False})
        self.assertIn("1. Visio", search.snapshot_text)


@tagged("post_install", "-at_install")
class TestOneVerdict(SearchCase):
    def setUp(self):
        super().setUp()
        self.file._run_search("partager des documents").action_add_options()
        self.options = self.file.studied_ids

    def _wizard(self, options, user=None, **vals):
        return (
            self.env["souverainete.option.verdict"]
            .with_user(user or self.buyer)
            .with_context(**options.action_give_verdict()["context"])
            .create({"reason_code": "function", "reason": "Sans workflow", **vals})
        )

    def test_one_verdict_answers_several(self):
        self.assertGreater(len(self.options), 1)
        self.assertTrue(self._missing("mutualised_verdicts"))
        self._wizard(self.options).action_apply()
        self.assertFalse(self._missing("mutualised_verdicts"))
        for option in self.options:
            self.assertRecordValues(
                option,
                [
                    {
                        "verdict": "rejected",
                        "reason_code": "function",
                        "reason": "Sans workflow",
                        "verdict_user_id": self.buyer.id,
                    }
                ],
            )
        self.file._journal_flush()
        entries = self.env["souverainete.journal"].search(
            [("requisition_id", "=", self.file.id), ("event", "=", "verdict")]
        )
        self.assertEqual(len(entries), len(self.options), "each is journalled")
        self.assertIn("function", entries[0].content)

    def test_the_file_offers_those_left_to_examine(self):
        self.options[0].write({"verdict": "retained", "reason": "Convient"})
        context = self.file.action_give_verdict()["context"]
        self.assertEqual(context["default_option_ids"], self.options[1:].ids)

    def test_a_code_alone_is_no_reason(self):
        with self.assertRaisesRegex(UserError, "Write the reason of the verdict"):
            self._wizard(self.options, reason="  ").action_apply()

    def test_needs_are_judged_one_by_one(self):
        other = self._new_option(file=self._new_file())
        with self.assertRaisesRegex(UserError, "need by need"):
            self._wizard(self.options | other).action_apply()

    def test_only_who_writes_options_gives_verdicts(self):
        for user in (self.ambassador, self.dae, self.dinum, self.referent):
            with self.assertRaises(AccessError):
                self._wizard(self.options, user).action_apply()
            with self.assertRaises(AccessError):
                self.options.with_user(user)._give_verdict({"verdict": "rejected"})

    def test_the_code_is_frozen_with_the_verdict(self):
        self._wizard(self.options).action_apply()
        content = self.options[0]._get_study_content()
        self.assertEqual(content["reason_code"], "function")
