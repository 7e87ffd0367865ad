"""The table of where rules apply: complete, coherent, readable, four eyes to change."""

from itertools import product

from lxml import html

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.policy.rule_part import (
    CIRCUITS,
    NATURES,
    ROUTES,
)

from ..common import ADDON, SouveraineteCase

_NATURES, _ROUTES, _CIRCUITS = (
    tuple(dict(axis)) for axis in (NATURES, ROUTES, CIRCUITS)
)
_UNPUBLISHED = set(_ROUTES) - {"own", "subsequent"}
_HOSTING = (
    "components_declared",
    "components_known",
    "data_owner",
    "data_questions",
    "hosting_expiring",
    "hosting_qualified",
    "hosting_review",
)


class TableCase(SouveraineteCase):
    def _get_rule(self, code):
        return self.env.ref(f"{ADDON}.rule_{code}")

    def _get_exempt(self, code):
        """The kinds of purchase that are not asked this rule."""
        rule = self._get_rule(code)
        cases = product(_NATURES, _ROUTES, _CIRCUITS)
        return [case for case in cases if not rule._applies_to(*case)]

    def _propose(self, code, user):
        rule = self._get_rule(code).with_user(user)
        return self._propose_version(rule)


@tagged("post_install", "-at_install")
class TestShippedTable(TableCase):
    def _get_shipped(self):
        rules = self.env["souverainete.rule"].search(
            [("stage", "in", ("launch", "award")), ("policy_state", "=", "active")]
        )
        return rules.filtered(lambda rule: not rule.company_id)

    def test_no_rule_is_left_out(self):
        for rule in self._get_shipped():
            with self.subTest(rule=rule.code):
                self.assertFalse(rule._is_table_incomplete())
                circuits = rule.applicability_ids.mapped("circuit")
                self.assertIn("light", circuits, "the light circuit is decided")

    def test_each_exemption_says_why(self):
        lines = self._get_shipped().applicability_ids
        spared = lines.filtered(lambda line: not line.applies and not line.reason)
        self.assertFalse(spared.mapped("rule_id.code"))

    def test_what_nothing_exempts_from(self):
        codes = ("scope", "mutualisation_search", "cloud_contradiction", "envelope")
        for code in (*codes, "need_covers", "need_closed", "dinum_opinion"):
            with self.subTest(rule=code):
                self.assertFalse(self._get_exempt(code))

    def test_no_route_escapes_study_project_nor_opinion(self):
        codes = ("mutualised_verdicts", "custom_last", "need", "sovereignty_statement")
        for code in (
            *codes,
            "project",
            "project_cost",
            "opinion_stale",
            "award_option",
        ):
            with self.subTest(rule=code):
                spared = {circuit for _n, _r, circuit in self._get_exempt(code)}
                self.assertEqual(spared, {"light"})

    def test_no_amount_nor_route_exempts_from_the_data(self):
        for code in ("data_questions", "components_declared", "hosting_qualified"):
            with self.subTest(rule=code):
                spared = {nature for nature, _r, _c in self._get_exempt(code)}
                self.assertEqual(spared, {"intellectual"})

    def test_intellectual_services_are_asked_no_hosting(self):
        for code, route, circuit in product(_HOSTING, _ROUTES, _CIRCUITS):
            rule = self._get_rule(code)
            self.assertFalse(rule._applies_to("intellectual", route, circuit), code)

    def test_each_nature_is_asked_its_own(self):
        for code, natures in (
            ("shared_support", {"hardware", "telecom"}),
            ("alternatives_review", {"maintenance"}),
            ("exit_plan", {"maintenance"}),
            ("chain_roles", {"cloud", "licence"}),
        ):
            rule = self._get_rule(code)
            asked = {
                nature
                for nature, route in product(_NATURES, _ROUTES)
                if rule._applies_to(nature, route, "standard")
            }
            self.assertEqual(asked, natures, code)

    def test_the_purchasing_body_is_asked_the_chain_not_the_ranking(self):
        for nature, circuit in product(_NATURES, ("standard", "reinforced")):
            for code in ("launched", "sovereignty_coverage", "answers_aged"):
                rule = self._get_rule(code)
                self.assertFalse(rule._applies_to(nature, "central_body", circuit))
        chain = self._get_rule("chain_roles")
        self.assertTrue(chain._applies_to("cloud", "central_body", "standard"))
        self.assertFalse(chain._applies_to("cloud", "own", "standard"))

    def test_what_is_not_published_is_not_launched_apart(self):
        """The table and the one click of unpublished routes say the same."""
        rule = self._get_rule("launched")
        for route in _ROUTES:
            file = self.env["purchase.requisition"].new({"purchase_route": route})
            self.assertEqual(file._is_published(), route not in _UNPUBLISHED)
            asked = rule._applies_to("cloud", route, "standard")
            self.assertEqual(asked, route not in _UNPUBLISHED)

    def test_what_is_not_stated_is_asked(self):
        """Neither an unknown nature nor an unknown route exempts from anything that
        some purchase above the light circuit is asked in general."""
        for rule in self._get_shipped():
            general = rule.applicability_ids.filtered(
                lambda line: not (line.nature or line.route or line.circuit)
            )
            asked = rule._applies_to(False, False, "standard")
            self.assertEqual(asked, general.applies, rule.code)

    def test_an_update_of_the_addon_keeps_what_was_decided(self):
        lines = self._get_shipped().applicability_ids
        names = self.env["ir.model.data"].search(
            [("model", "=", lines._name), ("res_id", "in", lines.ids)]
        )
        self.assertEqual(set(names.mapped("res_id")), set(lines.ids))
        self.assertTrue(all(names.mapped("noupdate")))
        line = self.env.ref(f"{ADDON}.applicability_need_light")
        line.applies = True
        data = {"xml_id": f"{ADDON}.applicability_need_light", "values": {}}
        line._load_records([{**data, "values": {"applies": False}}], update=True)
        self.assertTrue(line.applies)


@tagged("post_install", "-at_install")
class TestReading(TableCase):
    def setUp(self):
        super().setUp()
        self.rule = self._get_rule("need").copy()
        self.rule.applicability_ids.unlink()

    def _add(self, *named, applies=True):
        nature, route, circuit = named
        self.rule.applicability_ids = [
            Command.create(
                {
                    "nature": nature,
                    "route": route,
                    "circuit": circuit,
                    "applies": applies,
                }
            )
        ]

    def test_what_no_line_speaks_of_is_asked(self):
        self.assertTrue(self.rule._applies_to("cloud", "own", "light"))
        self._add("cloud", False, False, applies=False)
        self.assertTrue(self.rule._applies_to("licence", "own", "light"))
        self.assertTrue(self.rule._applies_to(False, "own", "light"))

    def test_the_line_that_names_most_wins(self):
        self._add(False, False, False)
        self._add("cloud", False, False, applies=False)
        self._add("cloud", "central_body", False)
        self.assertTrue(self.rule._applies_to("cloud", "central_body", "standard"))
        self.assertFalse(self.rule._applies_to("cloud", "own", "standard"))
        self.assertTrue(self.rule._applies_to("licence", "own", "standard"))

    def test_between_equals_an_exclusion_wins(self):
        self._add("cloud", False, False)
        self._add(False, False, "light", applies=False)
        self.assertFalse(self.rule._applies_to("cloud", "own", "light"))

    def test_reading_again_after_each_change(self):
        self._add("cloud", False, False, applies=False)
        self.assertFalse(self.rule._applies_to("cloud", "own", "light"))
        self.rule.applicability_ids.applies = True
        self.assertTrue(self.rule._applies_to("cloud", "own", "light"))
        self.rule.applicability_ids.applies = False
        self.assertFalse(self.rule._applies_to("cloud", "own", "light"))
        self.rule.applicability_ids.unlink()
        self.assertTrue(self.rule._applies_to("cloud", "own", "light"))

    def test_reading_costs_no_query(self):
        rules = self.env["souverainete.rule"].search([("stage", "!=", "order")])
        for rule in rules:
            rule._applies_to("cloud", "own", "standard")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            for rule in rules:
                rule._applies_to("licence", "central_body", "light")


@tagged("post_install", "-at_install")
class TestChangingTheTable(TableCase):
    """From the table to a rule, a proposal, its lines, and another person."""

    def _get_general(self, rule):
        return rule.applicability_ids.filtered(
            lambda line: not (line.nature or line.route or line.circuit)
        )

    def test_two_managers_change_what_everybody_is_asked(self):
        proposal = self._propose("exit_plan", self.referent)
        proposal.applicability_ids = [
            Command.create({"nature": "licence", "reason": "Policy of 2027"})
        ]
        with self.assertRaises(AccessError):
            proposal.action_approve()
        proposal.with_user(self.referent2).action_approve()
        file = self._new_file(purchase_nature="licence")
        self.assertIn("exit_plan", self._get_asked(file))

    def _get_asked(self, file):
        return {finding.rule.code for finding in file._findings("launch")}

    def test_an_officer_proposes_for_their_own_ministry(self):
        """The common version is not theirs: the copy is for the ministry."""
        proposal = self._propose("exit_plan", self.officer)
        self.assertEqual(proposal.company_id, self.company)
        proposal.applicability_ids = [Command.create({"nature": "licence"})]
        proposal.with_user(self.officer2).action_approve()
        self.assertIn("exit_plan", self._get_asked(self._new_file()))

    def test_a_ministry_only_asks_more(self):
        proposal = self._propose("exit_plan", self.officer)
        proposal.applicability_ids.filtered("nature").unlink()
        with self.assertRaisesRegex(ValidationError, "can be hardened for a ministry"):
            proposal.with_user(self.officer2).action_approve()

    def test_a_version_without_general_line_is_not_approved(self):
        proposal = self._propose("need", self.referent)
        self._get_general(proposal).unlink()
        with self.assertRaisesRegex(UserError, "in general"):
            proposal.with_user(self.referent2).action_approve()

    def test_a_rule_made_by_rpc_without_any_line(self):
        rules = self.env["souverainete.rule"].with_user(self.referent)
        forged = rules.create(
            {
                "code": "custom_last",
                "name": "Soft",
                "stage": "launch",
                "basis": "ministry",
                "severity": "warning",
            }
        )
        with self.assertRaisesRegex(UserError, "in general"):
            forged.with_user(self.referent2).action_approve()

    def test_the_proposal_shows_what_it_changes(self):
        proposal = self._propose("exit_plan", self.referent)
        proposal.applicability_ids = [Command.create({"nature": "licence"})]
        rows = html.fromstring(proposal.applicability_preview).findall(".//tbody/tr")
        texts = [" ".join(row.text_content().split()) for row in rows]
        self.assertEqual(len(texts), 2)
        self.assertIn("In force", texts[0])
        self.assertIn("Proposed", texts[1])
        self.assertEqual(texts[0].count("always"), 1, "maintenance")
        self.assertEqual(texts[1].count("always"), 2, "maintenance and licence")


@tagged("post_install", "-at_install")
class TestOverview(TableCase):
    def _open(self, user, **chosen):
        overview = self.env["souverainete.applicability.overview"].with_user(user)
        return html.fromstring(overview.create(chosen).matrix)

    def _get_rows(self, page):
        return page.xpath(".//tbody/tr[td]")

    def test_one_screen_with_every_rule(self):
        for user in self.referent | self.officer | self.dae | self.buyer:
            page = self._open(user)
            shown = {link.text for link in page.iterfind(".//th//a")}
            rules = self.env["souverainete.rule"]._get_rules(
                self.company, self.company._souverainete_today(), ("launch", "award")
            )
            off = rules.filtered(lambda rule: rule.code == "data_countersigned")
            self.assertEqual(shown, set((rules - off).mapped("name")))
            self.assertIn(off.name, page.text_content(), "spared, and said to be")
            for row in self._get_rows(page):
                self.assertEqual(len(row.findall("td")), 17)

    def test_each_row_leads_to_its_rule(self):
        rule = self._get_rule("need")
        page = self._open(self.referent)
        links = [
            a.get("href") for a in page.iterfind(".//th//a") if a.text == rule.name
        ]
        self.assertEqual(len(links), 1)
        self.assertTrue(links[0].endswith(f"/digital-purchase-rules/{rule.id}"))

    def test_a_word_in_each_cell(self):
        page = self._open(self.referent)
        cells = {cell.text_content().strip() for cell in page.iterfind(".//td")}
        self.assertEqual(cells, {"always", "partly", "never"})

    def test_exactly_what_a_purchase_is_asked(self):
        page = self._open(
            self.officer, nature="intellectual", route="own", circuit="standard"
        )
        shown = {link.text for link in page.iterfind(".//th//a")}
        self.assertNotIn(self._get_rule("data_questions").name, shown)
        self.assertIn(self._get_rule("mutualisation_search").name, shown)
        for row in self._get_rows(page):
            words = [cell.text_content().strip() for cell in row.findall("td")]
            self.assertEqual(words, ["always"] * 3)
        spared = page.text_content()
        self.assertIn(self._get_rule("data_questions").name, spared)

    def test_the_ministry_chosen_is_one_of_the_reader(self):
        other = self.env["res.company"].create(
            {"name": "Another ministry", "public_entity_type": "ministry"}
        )
        own = self._get_rule("need").copy(
            {"company_id": other.id, "name": "Secret rule", "severity": "blocking"}
        )
        own._write_server({"policy_state": "active"})
        self.env.registry.clear_cache()
        page = self._open(self.officer, company_id=other.id)
        self.assertNotIn("Secret rule", page.text_content())

    def test_it_prints(self):
        overview = self.env["souverainete.applicability.overview"].with_user(self.dae)
        overview = overview.create({"nature": "cloud"})
        self.assertEqual(overview.action_print()["type"], "ir.actions.report")
        report = self.env.ref(f"{ADDON}.action_report_applicability")
        content, _kind = report._render_qweb_html(report.report_name, overview.ids)
        self.assertIn(self._get_rule("need").name, content.decode())
