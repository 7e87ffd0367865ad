"""Who is concerned: nobody by installing, until an administrator says as what."""

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ADDON, EMPTY, SouveraineteCase


class UnconcernedCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.public_entity_type = "none"


@tagged("post_install", "-at_install")
class TestUnconcerned(UnconcernedCase):
    def test_nobody_is_concerned_by_installing(self):
        self.assertEqual(
            self.env["res.company"].create({"name": "New"}).public_entity_type, "none"
        )

    def test_a_digital_agreement_meets_nothing(self):
        file = self._new_file(price=20_000_000)
        self.assertEqual(file.scope_status, "out")
        self.assertFalse(file.is_digital)
        self.assertFalse(file._findings("launch") + file._findings("award"))
        file.with_user(self.purchase_manager).action_confirm()
        self.assertEqual(file.state, "confirmed")
        self.assertFalse(file.is_prior)

    def test_a_digital_order_meets_nothing(self):
        order = self._new_order(price=20_000_000, scope_override="in")
        self.assertEqual(order.scope_status, "out")
        self.assertFalse(order.gate_banner)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        order.order_line.with_user(self.purchase_manager).product_qty = 40
        self.assertFalse(order.activity_ids)

    def test_words_ask_nothing(self):
        product = self.env["product.product"].create({"name": "Progiciel de paie"})
        order = self._new_order(product, partner_ref="Logiciel SaaS")
        self.assertEqual(order.scope_status, "out")

    def test_no_screen_asks_whether_it_is_digital(self):
        for model in ("purchase.requisition", "purchase.order"):
            form = Form(self.env[model].with_user(self.buyer))
            self.assertTrue(form._get_modifier("scope_override", "invisible"), model)

    def test_no_menu_shows_before_and_all_do_after(self):
        root = self.env.ref(f"{ADDON}.menu_digital_root")
        self.env["res.company"].search([]).public_entity_type = "none"
        menus = self.env["ir.ui.menu"].with_user(self.buyer)
        self.assertNotIn(root.id, menus.load_menus(False))
        self.company.public_entity_type = "ministry"
        self.assertIn(root.id, menus.load_menus(False))

    def test_whoever_buys_reclassifies_where_nobody_is_concerned(self):
        self.env["res.company"].search([]).public_entity_type = "none"
        groups = "purchase.group_purchase_manager,product.group_product_manager"
        user = self._new_user("products", groups)
        self.software.with_user(user).cpv_code = "39112000"
        self.assertEqual(self.software.cpv_code, "39112000")

    def test_the_nightly_list_is_empty(self):
        order = self._new_order()
        order.with_user(self.purchase_manager).button_confirm()
        facts = self.env["souverainete.reconciliation"]
        facts.with_user(self.officer).action_look_now()
        self.assertFalse(facts.search([("company_id", "=", self.company.id)]))

    def test_an_administrator_says_as_what_in_the_settings(self):
        draft, signed = self._new_file(), self._new_file()
        signed.with_user(self.purchase_manager).action_confirm()
        admin = self.env.ref("base.user_admin")
        admin.company_ids = [Command.link(self.company.id)]
        admin.company_id = self.company
        settings = self.env["res.config.settings"].with_user(admin)
        settings = settings.with_company(self.company).create({})
        self.assertEqual(settings.public_entity_type, "none")
        settings.public_entity_type = "ministry"
        settings.execute()
        self.assertEqual(self.company.public_entity_type, "ministry")
        self.assertEqual(draft.scope_status, "in", "drafts follow")
        self.assertTrue(signed.is_prior, "what was signed is taken over")
        with self._refused(*EMPTY):
            draft.with_user(self.purchase_manager).action_confirm()
        order = self._new_order(requisition_id=signed.id, price=10)
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase", "orders of what was signed go on")

    def test_the_settings_show_who_and_from_what_amounts(self):
        self.company.public_entity_type = "ministry"
        settings = self.env["res.config.settings"].create({})
        self.assertIn(self.officer, settings.officer_ids)
        light = self.env["souverainete.threshold"]._get(
            "light", self.company, self.company._souverainete_today()
        )
        self.assertEqual(settings.light_ceiling, light.amount)

    def test_the_channel_of_the_dinum_is_what_a_request_proposes(self):
        self.company.opinion_channel = "here"
        project = self.env["souverainete.project"].create({"name": "Payroll"})
        opinion = self.env["souverainete.opinion"].create({"project_id": project.id})
        self.assertEqual(opinion.channel, "here")


@tagged("post_install", "-at_install")
class TestLeaving(SouveraineteCase):
    def test_a_mistake_is_taken_back_before_anything_was_judged(self):
        draft = self._new_file()
        self.assertEqual(draft.scope_status, "in")
        self.company.public_entity_type = "none"
        self.assertEqual(draft.scope_status, "out")

    def test_who_bought_under_it_does_not_leave_by_a_setting(self):
        order = self._new_order(price=10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET state = 'purchase' WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(ValidationError, "goes on applying"):
            self.company.public_entity_type = "none"

    def test_a_part_of_a_ministry_is_no_way_out(self):
        bodies = self.env["res.company"]
        part = bodies.create({"name": "Directorate", "parent_id": self.company.id})
        self.assertEqual(part.public_entity_type, "ministry")
        with self.assertRaisesRegex(ValidationError, "is a part of"):
            part.public_entity_type = "none"
        with self.assertRaisesRegex(ValidationError, "is a part of"):
            bodies.create(
                {
                    "name": "Way out",
                    "parent_id": self.company.id,
                    "public_entity_type": "none",
                }
            )

    def test_parts_follow_the_body_that_becomes_concerned(self):
        self.company.public_entity_type = "none"
        bodies = self.env["res.company"]
        part = bodies.create({"name": "Directorate", "parent_id": self.company.id})
        self.assertEqual(part.public_entity_type, "none")
        self.company.public_entity_type = "supervised_body"
        self.assertEqual(part.public_entity_type, "supervised_body")
