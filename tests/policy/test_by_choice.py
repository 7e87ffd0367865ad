"""A body of no State chooses the rules it applies, none at first, in its own words."""

import re

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import ADDON, SouveraineteCase

_STATE_WORDS = re.compile(r"CCP|\bRMA\b|DINUM|[Cc]ircul(ar|aire)|minist|SREN|loi ")


@tagged("post_install", "-at_install")
class TestByChoice(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.public_entity_type = "none"
        cls.company.public_entity_type = "voluntary"
        rules = cls.env["souverainete.rule"].search(
            [("own_name", "!=", False), ("company_id", "=", False)]
        )
        cls.offered = rules.with_user(cls.officer)

    def _adopt(self, codes=None):
        rules = self.offered.filtered(lambda r: not codes or r.code in codes)
        action = rules.action_adopt()
        versions = self.env["souverainete.rule"].search(action["domain"])
        versions.with_user(self.officer2).action_approve()
        return versions

    def test_it_starts_with_no_rule_at_all(self):
        order = self._new_order(price=500_000)
        self.assertEqual(order.scope_status, "in", "it is digital, and said to be")
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        file = self._new_file()
        self.assertFalse(file._findings("launch") + file._findings("award"))
        file.with_user(self.purchase_manager).action_confirm()
        self.assertEqual(file.state, "confirmed")

    def test_what_is_adopted_warns_and_is_four_eyes(self):
        rule = self.offered.filtered(lambda r: r.code == "mutualisation_search")
        action = rule.action_adopt()
        version = self.env["souverainete.rule"].search(action["domain"])
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            version.with_user(self.officer).action_approve()
        self.assertFalse(self._new_file()._findings("launch"), "a proposal only")
        version.with_user(self.officer2).action_approve()
        self.env.invalidate_all()
        [finding] = self._new_file()._findings("launch")
        self.assertEqual(finding.rule, version)
        self.assertFalse(finding.blocking)
        self.assertEqual(version.name, rule.own_name)

    def test_a_later_version_may_block(self):
        version = self._adopt({"mutualisation_search"}).with_user(self.officer)
        harder = self._propose_version(version)
        harder.severity = "blocking"
        harder.with_user(self.officer2).action_approve()
        self.assertIn("mutualisation_search", self._codes(self._new_file(), "launch"))

    def test_it_reads_nothing_of_the_state(self):
        versions = self._adopt()
        self.assertEqual(len(versions), len(self.offered))
        said = [
            text
            for version in versions
            for lang in ("en_US", "fr_FR")
            for text in (
                version.with_context(lang=lang).name,
                version.with_context(lang=lang).description,
                version.source or "",
            )
        ]
        file = self._new_file()
        said += [
            str(f.message)
            for stage in ("launch", "award")
            for f in file._findings(stage)
        ]
        self.assertFalse([text for text in said if _STATE_WORDS.search(text)])

    def test_no_menu_of_the_dinum(self):
        menu = self.env.ref(f"{ADDON}.menu_digital_projects")
        bodies = self.env["res.company"].search([]) - self.company
        self.env.cr.execute(
            "UPDATE res_company SET public_entity_type = 'none' WHERE id = ANY(%s)",
            [bodies.ids],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        menus = self.env["ir.ui.menu"].with_user(self.buyer)
        self.assertNotIn(menu.id, menus.load_menus(False))

    def test_a_ministry_adopts_nothing_and_does_not_become_one_that_does(self):
        self.company.public_entity_type = "ministry"
        with self.assertRaisesRegex(UserError, "by choice"):
            self.offered[:1].action_adopt()
        self.env["souverainete.rule"].search([]).flush_recordset()
        order = self._new_order(price=10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET state = 'purchase' WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "goes on applying"):
            self.company.public_entity_type = "voluntary"

    def test_a_part_of_a_ministry_chooses_nothing(self):
        ministry = self.env["res.company"].create(
            {"name": "Ministry", "public_entity_type": "ministry"}
        )
        part = self.env["res.company"].create(
            {
                "name": "Part",
                "parent_id": ministry.id,
                "public_entity_type": "voluntary",
            }
        )
        self.assertFalse(part._chooses_rules())
