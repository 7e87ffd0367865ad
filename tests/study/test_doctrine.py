from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import format_date

from ..common import ADDON, SouveraineteCase


class DoctrineCase(SouveraineteCase):
    """A digital file of the buyer, and ways to study options on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file(analyst_ids=cls.buyer.ids)
        cls.visio = cls.env.ref(f"{ADDON}.solution_visio")
        cls.tchap = cls.env.ref(f"{ADDON}.solution_tchap")

    def _new_option(self, path="mutualised", file=None, **vals):
        return (
            self.env["souverainete.option"]
            .with_user(self.buyer)
            .create(
                {
                    "name": f"Option {path}",
                    "requisition_id": (file or self.file).id,
                    "path": path,
                    **vals,
                }
            )
        )

    def _missing(self, code, file=None, options=None):
        """What one rule finds missing, as {key: message}."""
        file = (file or self.file).sudo()
        options = options or file._get_judged_options()
        rule = self.env.ref(f"{ADDON}.rule_{code}")
        return rule._get_missing(file, options)

    def _sign(self, file):
        """The state of an agreement that passed the gate, whatever rooms ask."""
        file = file.sudo()
        if not file.need_id.date_launch:
            file.need_id._record_launch()
        file._write_server({"gate_state": "confirmed"})
        file.state = "confirmed"
        file._record_gate()


@tagged("post_install", "-at_install")
class TestCatalogue(DoctrineCase):
    def _found(self, text, **kwargs):
        found = self.env["souverainete.solution"].with_user(self.buyer)
        return found._search_need(text, **kwargs).mapped("name")

    def test_video_meetings_find_visio_first(self):
        self.assertEqual(self._found("visioconférence pour réunions")[0], "Visio")

    def test_instant_messaging_finds_tchap_first(self):
        self.assertEqual(self._found("messagerie instantanée")[0], "Tchap")

    def test_hosting_finds_the_internal_clouds_first(self):
        found = self._found("héberger une application cloud interne")
        self.assertEqual(set(found[:2]), {"Nubo", "Pi"})

    def test_accents_and_capitals_do_not_matter(self):
        self.assertEqual(
            self._found("VISIOCONFERENCE POUR REUNIONS"),
            self._found("visioconférence pour réunions"),
        )

    def test_word_forms_do_not_matter(self):
        self.assertIn("France Transfert", self._found("envoi d'un gros fichier")[:1])

    def test_nothing_answers_laser_printers(self):
        self.assertEqual(self._found("imprimantes laser couleur"), [])

    def test_empty_text_finds_nothing(self):
        for text in ("", "   ", None, False, "à la", "& | !( ' \\ \x00"):
            self.assertEqual(self._found(text), [], repr(text))

    def test_very_long_need_is_searched(self):
        self.assertIn("Visio", self._found("visioconférence " * 200000))

    def test_limit(self):
        self.assertEqual(len(self._found("partager des documents", limit=2)), 2)

    def test_abandoned_or_archived_is_never_proposed(self):
        self.visio.development_status = "obsolete"
        self.tchap.active = False
        self.assertNotIn("Visio", self._found("visioconférence visio"))
        self.assertNotIn("Tchap", self._found("messagerie instantanée tchap"))

    def test_what_exists_comes_before_a_concept(self):
        self.visio.development_status = "concept"
        found = self._found("visioconférence réunion")
        self.assertEqual(found[-1], "Visio")
        self.assertGreater(len(found), 1)

    def test_just_declared_is_found(self):
        self.env["souverainete.solution"].with_user(self.ambassador).create(
            {
                "name": "Paie partagée",
                "need": "Calculer la paie des agents",
                "source": "Ministère",
            }
        )
        self.assertEqual(self._found("logiciel de paie"), ["Paie partagée"])

    def test_one_entry_per_reference_of_a_source(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.visio.copy(
                {"source": self.visio.source, "external_ref": self.visio.external_ref}
            )

    def test_declarer_is_named_and_keeps_it_up_to_date(self):
        vals = {"name": "Outil", "need": "Compter", "source": "Ministère"}
        Solution = self.env["souverainete.solution"]
        for user in (self.buyer, self.ambassador):
            declared = Solution.with_user(user).create(vals)
            self.assertEqual(declared.declared_by_company_id, self.company)
            declared.need = "Compter juste"
        curated = Solution.with_user(self.referent).create(vals)
        self.assertFalse(curated.declared_by_company_id)

    def test_only_managers_change_what_others_entered(self):
        for user in (self.buyer, self.officer, self.ambassador, self.dae, self.dinum):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                self.visio.with_user(user).development_status = "obsolete"
        self.visio.with_user(self.referent).need = "Se réunir à distance"
        self.assertEqual(self.visio.need, "Se réunir à distance")

    def test_readers_declare_nothing(self):
        for user in (self.dae, self.dinum):
            with self.assertRaises(AccessError):
                self.env["souverainete.solution"].with_user(user).create(
                    {"name": "X", "need": "Y", "source": "Z"}
                )

    def test_resana_is_in_no_circle_and_the_core_is_known(self):
        core = self.env["souverainete.solution"].search([("circle", "!=", False)])
        self.assertEqual(
            {(s.name, s.circle) for s in core},
            {("Tchap", "core"), ("Visio", "core"), ("France Transfert", "core")},
        )


@tagged("post_install", "-at_install")
class TestSearchTrace(DoctrineCase):
    def test_trace_says_who_what_and_when(self):
        search = self.file._run_search("visioconférence pour réunions")
        self.assertRecordValues(
            search,
            [
                {
                    "text": "visioconférence pour réunions",
                    "user_id": self.buyer.id,
                    "requisition_id": self.file.id,
                    "company_id": self.company.id,
                    "result_count": len(search.result_ids),
                }
            ],
        )
        self.assertTrue(search.date)
        self.assertIn("1. Visio", search.snapshot_text)
        read_on = format_date(search.env, self.visio.snapshot_date)
        self.assertIn(read_on, search.snapshot_text)

    def test_snapshot_keeps_what_the_catalogue_said(self):
        search = self.file._run_search("visioconférence")
        self.visio.name = "Renamed"
        self.assertIn("Visio", search.snapshot_text)

    def test_nothing_found_is_evidence(self):
        search = self.file._run_search("imprimantes laser")
        self.assertEqual(search.result_count, 0)
        self.assertGreater(search.catalogue_count, 10)
        self.assertFalse(self._missing("mutualisation_search"))

    def test_nothing_to_search_is_refused_with_the_way_out(self):
        with self.assertRaisesRegex(UserError, "Need and doctrine"):
            self.file._run_search("  ")

    def test_button_searches_the_need_when_no_word_is_given(self):
        self.file.need_effect = "Tenir des réunions en visioconférence"
        action = self.file.action_search_catalogue()
        search = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn(self.file.need_effect, search.text)
        self.assertIn("Video meetings", search.text, "its products are searched too")

    def test_five_solutions_proposed_at_most_best_first(self):
        self.env["souverainete.solution"].create(
            [
                {"name": f"Outil {n}", "need": "Tenir la zorgue", "source": "Test"}
                for n in range(7)
            ]
        )
        search = self.file._run_search("tenir une zorgue")
        self.assertGreater(search.result_count, 5)
        self.assertEqual(
            search.proposed_ids.ids, [found["id"] for found in search.snapshot[:5]]
        )

    def test_no_one_makes_a_trace_but_by_searching(self):
        vals = {
            "text": "x",
            "date": "2026-01-01",
            "user_id": self.buyer.id,
            "requisition_id": self.file.id,
        }
        Search = self.env["souverainete.catalogue.search"]
        for user in (self.buyer, self.purchase_manager, self.referent, self.env.user):
            for values in (vals, {}):
                with self.assertRaises(AccessError):
                    Search.with_user(user).create(values)
        with self.assertRaises(AccessError):
            Search.sudo().with_context(
                souverainete_server=True, default_result_count=0
            ).create(vals)

    def test_no_one_alters_a_trace(self):
        search = self.file._run_search("visioconférence")
        for user in (self.buyer, self.purchase_manager, self.referent, self.env.user):
            for vals in ({"text": "x"}, {"result_ids": [(5,)]}, {"snapshot": []}):
                with self.assertRaises(AccessError):
                    search.with_user(user).sudo().write(vals)
                with self.assertRaises(AccessError):
                    search.with_user(user).write(vals)

    def test_no_one_deletes_a_trace_nor_what_it_found(self):
        search = self.file._run_search("visioconférence")
        for user in (self.buyer, self.purchase_manager, self.referent):
            with self.assertRaises(AccessError):
                search.with_user(user).unlink()
            with self.assertRaisesRegex(UserError, "each search has its own"):
                search.with_user(user).sudo().unlink()
        with self.assertRaisesRegex(UserError, "decisions were recorded"):
            self.file.unlink()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.visio.with_user(self.referent).unlink()

    def test_readers_cannot_search_for_a_file(self):
        for user in (self.ambassador, self.dae):
            with self.assertRaises(AccessError):
                self.file.with_user(user)._run_search("visioconférence")

    def test_lots_search_for_their_need(self):
        lot = self._new_file(need_id=self.file.id)
        self.assertEqual(lot._run_search("visio").requisition_id, self.file)

    def test_other_companies_see_nothing(self):
        search = self.file._run_search("visioconférence")
        other = self.env["res.company"].create(
            {"name": "Other ministry", "public_entity_type": "ministry"}
        )
        user = self._new_user(
            "elsewhere",
            "purchase.group_purchase_user",
            company_id=other.id,
            company_ids=other.ids,
        )
        option = self._new_option()
        for record in (search, option):
            self.assertFalse(record.with_user(user).search([("id", "in", record.ids)]))


@tagged("post_install", "-at_install")
class TestOption(DoctrineCase):
    def _new_offer(self, **vals):
        vals = {"partner_id": self.vendor.id, **vals}
        return self._new_option("off_the_shelf", kind="offer", **vals)

    def _reads(self, option, user):
        return bool(option.with_user(user).search([("id", "=", option.id)]))

    def test_proposals_become_options_to_examine_once(self):
        search = self.file._run_search("visioconférence pour réunions")
        search.action_add_options()
        search.action_add_options()
        self.visio.with_user(self.buyer).with_context(
            requisition_id=self.file.id
        ).action_add_as_option()
        self.assertEqual(self.file.option_ids.solution_id, search.proposed_ids)
        self.assertEqual(len(self.file.option_ids), len(search.proposed_ids))
        self.assertRecordValues(
            self.file.option_ids[0],
            [
                {
                    "kind": "studied",
                    "path": "mutualised",
                    "verdict": "pending",
                    "verdict_date": False,
                }
            ],
        )

    def test_verdict_is_dated_and_signed_by_the_server(self):
        option = self._new_option()
        option.write({"verdict": "rejected", "reason": "Too small"})
        self.assertEqual(option.verdict_user_id, self.buyer)
        self.assertTrue(option.verdict_date)
        option.verdict = "pending"
        self.assertFalse(option.verdict_date)

    def test_each_verdict_is_journalled_and_bids_stay_unnamed(self):
        option = self._new_option()
        option.write({"verdict": "rejected", "reason": "Too small"})
        option.reason = "Too small by far"
        self._new_offer(name="Secret bid", verdict="retained")
        self.file._journal_flush()
        entries = self.env["souverainete.journal"].search(
            [("requisition_id", "=", self.file.id), ("event", "=", "verdict")]
        )
        self.assertEqual(len(entries), 3)
        for entry in entries:
            self.assertNotIn("Secret", entry.summary)
            self.assertNotIn("Secret", entry.with_user(self.dae).content)

    def test_verdict_cannot_be_signed_for_another(self):
        option = self._new_option()
        for vals in (
            {"verdict_user_id": self.officer.id},
            {"verdict_date": "2020-01-01"},
            {"awarded": True},
        ):
            with self.assertRaises(AccessError):
                option.sudo().write(vals)
            with self.assertRaises(AccessError):
                self._new_option(**vals)

    def test_kind_and_need_are_fixed(self):
        offer, studied = self._new_offer(), self._new_option()
        with self.assertRaisesRegex(UserError, "keeps its kind"):
            offer.kind = "studied"
        with self.assertRaisesRegex(UserError, "keeps its kind"):
            studied.requisition_id = self._new_file()
        studied.write({"kind": "studied", "requisition_id": self.file.id})
        self.assertEqual(studied.kind, "studied")
        self.assertEqual(studied.requisition_id, self.file)

    def test_offers_are_for_the_analysts_until_award(self):
        self.file.analyst_ids = self.buyer | self.officer | self.dae
        offer = self._new_offer()
        readers = (self.buyer, self.officer)
        others = (self.officer2, self.purchase_manager, self.ambassador, self.dae)
        for user in readers:
            self.assertTrue(self._reads(offer, user), user.name)
        for user in others:
            self.assertFalse(self._reads(offer, user), user.name)
            with self.assertRaises(AccessError):
                offer.with_user(user).read(["name"])
            self.assertNotIn(offer, self.file.with_user(user).offer_ids)
        self._sign(self.file)
        for user in (*readers, *others):
            self.assertTrue(self._reads(offer, user), user.name)

    def test_studied_options_are_open(self):
        option = self._new_option()
        for user in (self.officer2, self.ambassador, self.dae):
            self.assertTrue(self._reads(option, user), user.name)

    def test_dinum_reads_the_study_of_what_was_submitted(self):
        option = self._new_option()
        search = self.file._run_search("visioconférence")
        for record in (option, search):
            self.assertFalse(self._reads(record, self.dinum))
        project = self.env["souverainete.project"].create({"name": "Meetings"})
        opinion = self.env["souverainete.opinion"].create({"project_id": project.id})
        opinion._write_server({"state": "submitted"})
        self.file.sudo().project_id = project
        for record in (option, search):
            self.assertTrue(self._reads(record, self.dinum))
        self.assertFalse(self._reads(self._new_offer(), self.dinum))

    def test_offers_wait_for_the_last_lot(self):
        lot = self._new_file(need_id=self.file.id)
        offer = self._new_offer()
        self._sign(self.file)
        self.assertFalse(self._reads(offer, self.dae))
        self._sign(lot)
        self.assertTrue(self._reads(offer, self.dae))

    def test_launching_a_template_awards_nothing(self):
        need = self._new_file(
            requisition_type="purchase_template", analyst_ids=self.buyer.ids
        )
        offer = self._new_offer(file=need)
        self._sign(need)
        self.assertFalse(self._reads(offer, self.dae))
        need.sudo()._record_purchase()
        self.assertTrue(self._reads(offer, self.dae), "an order was placed")

    def test_offers_after_an_award_are_confidential_again(self):
        self._sign(self.file)
        self.assertFalse(self._reads(self._new_offer(), self.dae))

    def test_judged_option_of_a_launched_file_stays(self):
        option = self._new_option(verdict="rejected", reason="Too small")
        pending = self._new_option("off_the_shelf")
        self.file.sudo()._write_server({"date_launch": fields.Datetime.now()})
        with self.assertRaisesRegex(UserError, "part of what was decided"):
            option.unlink()
        self.assertTrue(pending.exists())

    def test_option_of_an_order_stays(self):
        option = self._new_option("off_the_shelf", partner_id=self.vendor.id)
        option.verdict = "retained"
        order = self._new_order(need_id=self.file.id)
        self.assertEqual(order.option_id, option)
        with self.assertRaisesRegex(UserError, "part of what was decided"):
            option.unlink()

    def test_pending_option_of_a_draft_can_go(self):
        self._new_option().unlink()
        self.assertFalse(self.file.option_ids)

    def test_readers_write_no_option(self):
        option = self._new_option()
        for user in (self.ambassador, self.dae, self.dinum, self.referent):
            with self.assertRaises(AccessError):
                option.with_user(user).name = "x"

    def test_choosing_a_solution_fills_the_option(self):
        option = Form(
            self.env["souverainete.option"]
            .with_user(self.buyer)
            .with_context(default_requisition_id=self.file.id)
        )
        option.solution_id = self.visio
        self.assertEqual((option.name, option.path), ("Visio", "mutualised"))


@tagged("post_install", "-at_install")
class TestDoctrineFindings(DoctrineCase):
    def test_need_is_an_effect_and_its_measure(self):
        self.file.need_effect = "  "
        self.assertEqual(set(self._missing("need")), {"effect", "measure"})
        self.file.write({"need_effect": "Se réunir", "need_measure": "Enquête"})
        self.assertFalse(self._missing("need"))
        self.assertNotIn("need", self._codes(self.file, "launch"))

    def test_no_launch_without_a_search(self):
        self.assertIn("mutualisation_search", self._codes(self.file, "launch"))
        self.file._run_search("imprimantes laser")
        self.assertNotIn("mutualisation_search", self._codes(self.file, "launch"))

    def test_each_mutualised_option_needs_a_reasoned_verdict(self):
        option, other = self._new_option(), self._new_option()
        self._new_option("off_the_shelf")
        keys = {str(option.id), str(other.id)}
        self.assertEqual(set(self._missing("mutualised_verdicts")), keys)
        option.verdict = "rejected"
        self.assertEqual(set(self._missing("mutualised_verdicts")), keys)
        (option | other).write({"verdict": "rejected", "reason": "Too small"})
        self.assertFalse(self._missing("mutualised_verdicts"))

    def test_mutualised_found_cannot_all_be_ignored(self):
        self.file._run_search("visioconférence pour réunions")
        self._new_option("off_the_shelf")
        missing = self._missing("mutualised_verdicts")
        self.assertIn("Visio", missing["none"])
        self._new_option(verdict="rejected", reason="x", solution_id=self.visio.id)
        self.assertFalse(self._missing("mutualised_verdicts"))

    def test_filing_a_mutualised_solution_elsewhere_changes_nothing(self):
        option = self._new_option("off_the_shelf", solution_id=self.visio.id)
        self.assertIn(str(option.id), self._missing("mutualised_verdicts"))

    def test_offers_are_never_named_by_the_study(self):
        self._new_option("mutualised", kind="offer", name="Secret bid")
        self._new_option("custom", kind="offer", name="Secret", verdict="retained")
        for code in ("mutualised_verdicts", "custom_last", "award_option"):
            for message in self._missing(code).values():
                self.assertNotIn("Secret", message)

    def test_develop_last(self):
        custom = self._new_option("custom")
        self.assertFalse(self._missing("custom_last"))
        custom.verdict = "retained"
        self.assertEqual(set(self._missing("custom_last")), {"compared", "ground"})
        self.assertIn("custom_last", self._codes(self.file, "launch"))
        shelf = self._new_option("off_the_shelf")
        self.assertEqual(set(self._missing("custom_last")), {"pending", "ground"})
        shelf.write({"verdict": "rejected", "reason": "Lacks the register"})
        custom.custom_ground = "no_solution"
        self.assertFalse(self._missing("custom_last"))

    def test_nothing_found_allows_developing(self):
        self._new_option("custom", verdict="retained", custom_ground="resilience")
        self.file._run_search("visioconférence")
        self.assertEqual(set(self._missing("custom_last")), {"compared"})
        self.file._run_search("imprimantes laser")
        self.assertFalse(self._missing("custom_last"))

    def test_unfinished_work_can_be_saved(self):
        self._new_option("custom", verdict="retained")
        self._new_option("mutualised", verdict="rejected")
        self.env.flush_all()
        verdicts = self.file.studied_ids.mapped("verdict")
        self.assertEqual(set(verdicts), {"retained", "rejected"})
        # Saved, and what is missing is told.
        self.assertTrue(self._missing("custom_last"))
        self.assertTrue(self._missing("mutualised_verdicts"))

    def test_award_goes_to_a_retained_option(self):
        option = self._new_option(
            "off_the_shelf", kind="offer", partner_id=self.other_vendor.id
        )
        option.verdict = "retained"
        self.assertIn("award_option", self._codes(self.file, "award"))
        agency = self.env["res.partner"].create(
            {"name": "Agency", "parent_id": self.vendor.id}
        )
        option.partner_id = agency
        self.assertNotIn("award_option", self._codes(self.file, "award"))
        option.verdict = "rejected"
        self.assertIn("award_option", self._codes(self.file, "award"))

    def test_templates_and_umbrellas_have_no_holder_to_check(self):
        template = self._new_file(requisition_type="purchase_template")
        umbrella = self._new_file(is_umbrella=True)
        for file in (template, umbrella):
            self.assertFalse(self._missing("award_option", file))
        for code in ("need", "mutualisation_search", "mutualised_verdicts"):
            self.assertFalse(self._missing(code, umbrella))

    def test_lots_share_the_study_of_their_need(self):
        lot = self._new_file(need_id=self.file.id)
        self.assertIn("mutualisation_search", self._codes(lot))
        self.file._run_search("imprimantes laser")
        self.assertNotIn("mutualisation_search", self._codes(lot))

    def test_an_ambassador_is_advice_only(self):
        self.file._run_search("imprimantes laser")
        self.assertTrue(self._missing("ambassador"))
        self.assertNotIn("ambassador", self._codes(self.file, "launch"))

    def test_findings_cost_the_same_for_many_files(self):
        files = self.file
        for _i in range(5):
            file = self._new_file()
            file._run_search("imprimantes laser")
            self._new_option(file=file, solution_id=self.visio.id)
            files |= file
        codes = ("need", "mutualisation_search", "mutualised_verdicts", "custom_last")
        rules = [self.env.ref(f"{ADDON}.rule_{code}") for code in codes]

        def count(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for file in records.sudo():
                for rule in rules:
                    rule._get_missing(file, file.option_ids)
            return self.cr.sql_log_count - before

        count(files[:2])
        self.assertEqual(count(files[:2]), count(files))

    def test_study_is_frozen_at_launch_and_offers_are_not(self):
        option = self._new_option(verdict="rejected", reason="Too small")
        self.file._run_search("imprimantes laser")
        frozen = self.file.sudo()._get_launch_content()["doctrine"]
        self.assertEqual(frozen["options"][0]["reason"], "Too small")
        self.file.sudo()._record_launch()
        self.file._run_search("toner")
        self._new_option("off_the_shelf", kind="offer")
        content = self.file.sudo()._get_launch_content()["doctrine"]
        self.assertEqual(content, frozen)
        with self.assertRaisesRegex(ValidationError, "frozen"):
            option.reason = "Another reason"
        with self.assertRaisesRegex(ValidationError, "frozen"):
            self.file.need_effect = "Another effect"

    def test_late_verdict_that_repairs_is_accepted(self):
        option = self._new_option()
        self.file.sudo()._record_launch()
        option.write({"verdict": "rejected", "reason": "Too small"})
        self.assertFalse(self._missing("mutualised_verdicts"))


@tagged("post_install", "-at_install")
class TestOutcome(DoctrineCase):
    def _close(self, file=None, user=None, **vals):
        file = file or self.file
        action = file.action_close_need()
        wizard = self.env[action["res_model"]].with_user(user or self.buyer)
        if vals["outcome"] == "mutualised":
            vals = {"answered_on": "2026-09-01", "respondent": "DINUM", **vals}
        wizard.with_context(**action["context"]).create(vals).action_close()

    def _retain_visio(self):
        return self._new_option(
            name="Visio",
            solution_id=self.visio.id,
            verdict="retained",
            reason="Meets the need",
        )

    def test_need_met_by_visio_closes_well(self):
        """Nothing else is asked: no need, search nor measure was recorded."""
        option = self._retain_visio()
        self._close(outcome="mutualised", option_id=option.id, reason="Visio suffit")
        self.assertRecordValues(
            self.file,
            [
                {
                    "outcome": "mutualised",
                    "outcome_option_id": option.id,
                    "outcome_reason": "Visio suffit",
                    "state": "cancel",
                }
            ],
        )

    def test_mutualised_needs_a_retained_mutualised_option(self):
        shelf = self._new_option("off_the_shelf", verdict="retained")
        pending = self._new_option()
        for option in (self.env["souverainete.option"], shelf, pending):
            with self.assertRaisesRegex(UserError, "retained"):
                self._close(outcome="mutualised", option_id=option.id, reason="x")

    def test_a_reason_is_asked(self):
        with self.assertRaisesRegex(UserError, "reason"):
            self._close(outcome="abandoned", reason="  ")

    def test_other_outcomes_only_need_a_reason(self):
        for outcome in ("existing_contract", "internal", "abandoned"):
            file = self._new_file()
            self._close(file, outcome=outcome, reason="Because")
            self.assertEqual(file.outcome, outcome)

    def test_launched_need_can_be_given_up(self):
        self.file.sudo()._write_server({"date_launch": fields.Datetime.now()})
        self._close(outcome="abandoned", reason="Budget withdrawn")
        self.assertEqual(self.file.state, "cancel")

    def test_outcome_cannot_be_written(self):
        for user in (self.buyer, self.purchase_manager, self.env.user):
            for vals in ({"outcome": "mutualised"}, {"outcome_reason": "x"}):
                with self.assertRaises(AccessError):
                    self.file.with_user(user).sudo().write(vals)

    def test_no_order_for_a_closed_need(self):
        self._close(outcome="internal", reason="Done by us")
        order = self._new_order(need_id=self.file.id)
        with self.assertRaisesRegex(UserError, "takes no order"):
            order.button_confirm()

    def test_no_lot_is_signed_for_a_closed_need(self):
        lot = self._new_file(need_id=self.file.id)
        self._close(outcome="internal", reason="Done by us")
        self.assertIn("need_closed", self._codes(lot))

    def test_closing_cancels_quotations(self):
        order = self._new_order(requisition_id=self.file.id)
        self._close(outcome="internal", reason="Done by us")
        self.assertEqual(order.state, "cancel")

    def test_reopened_need_has_no_outcome(self):
        for reopen in (
            lambda file: file.action_draft(),
            lambda file: file.write({"state": "draft"}),
        ):
            self._close(outcome="internal", reason="Done by us")
            reopen(self.file)
            self.assertFalse(self.file.outcome)
            self.assertEqual(self.file.state, "draft")

    def test_signed_agreement_is_not_closed_without_a_purchase(self):
        self._sign(self.file)
        with self.assertRaisesRegex(UserError, "A purchase was made"):
            self.file.action_close_need()

    def test_need_with_a_confirmed_order_is_not_closed(self):
        need = self._new_file(requisition_type="purchase_template")
        self._new_option(
            "off_the_shelf", file=need, partner_id=self.vendor.id, verdict="retained"
        )
        need.sudo()._record_launch()
        order = self._new_order(need_id=need.id).sudo()
        order._write_server(
            {"gate_state": "purchase", "gate_envelope": order._prepare_envelope()}
        )
        order.state = "purchase"
        with self.assertRaisesRegex(UserError, order.name):
            need.action_close_need()

    def test_the_only_option_that_meets_the_need_is_proposed(self):
        option = self._retain_visio()
        context = self.file.action_close_need()["context"]
        self.assertEqual(context["default_option_id"], option.id)

    def test_readers_close_nothing(self):
        for user in (self.ambassador, self.dae):
            with self.assertRaises(AccessError):
                self.file.with_user(user)._close_need("abandoned", "x")

    def test_signing_is_a_purchase(self):
        self.file.sudo()._record_gate()
        self.assertEqual(self.file.outcome, "purchase")

    def test_outcome_and_its_withdrawal_are_journalled(self):
        option = self._retain_visio()
        self._close(outcome="mutualised", option_id=option.id, reason="Visio suffit")
        self.file.action_draft()
        self.file._journal_flush()
        entries = self.env["souverainete.journal"].search(
            [("requisition_id", "=", self.file.id), ("event", "=", "outcome")]
        )
        self.assertEqual(len(entries), 2)
        self.assertIn("Visio suffit", entries[-1].with_user(self.dae).content)

    def test_out_of_scope_files_have_no_outcome(self):
        chairs = self._new_file(self.chair)
        chairs.action_confirm()
        self.assertFalse(chairs.outcome)
