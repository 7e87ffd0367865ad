"""Every screen of the addon opens for whoever has the menu that leads to it."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ADDON, SouveraineteCase
from .flow import FlowCase

_ROOTS = (f"{ADDON}.menu_souverainete", f"{ADDON}.menu_digital_root")


@tagged("post_install", "-at_install")
class TestViews(SouveraineteCase):
    def _get_roles(self):
        return (
            self.buyer
            | self.purchase_manager
            | self.officer
            | self.ambassador
            | self.dinum
            | self.dae
            | self.referent
        )

    def _get_visible_menus(self, user):
        """The menus of the addon that `user` sees: those below a hidden one are not."""
        menus = self.env["ir.ui.menu"].with_user(user)
        shown = menus.load_menus(False)
        visible = menus.browse(id_ for id_ in shown if id_ != "root")
        roots = self.env["ir.ui.menu"].union(*map(self.env.ref, _ROOTS))
        own = self.env["ir.ui.menu"].search([("id", "child_of", roots.ids)])
        return visible.filtered(lambda menu: menu.id in own.ids)

    def _get_visible_actions(self, user):
        menus = self._get_visible_menus(user).sudo()
        actions = [menu.action for menu in menus if menu.action]
        return [action for action in actions if action.type != "ir.actions.server"]

    def test_everybody_has_a_way_in(self):
        for user in self._get_roles():
            with self.subTest(user=user.login):
                self.assertTrue(self._get_visible_actions(user))

    def test_each_visible_menu_opens_its_views(self):
        for user in self._get_roles():
            for action in self._get_visible_actions(user):
                with self.subTest(user=user.login, action=action.name):
                    self._open(user, action)

    def _open(self, user, action):
        """As the web client does: the views, then the records of a page."""
        model = self.env[action.res_model].with_user(user)
        modes = action.view_mode.split(",")
        views = model.get_views([(False, mode) for mode in (*modes, "search")])
        fields = views["models"][action.res_model]["fields"]
        self.env.invalidate_all()
        if not model._transient:
            specification = {name: {} for name in fields}
            model.web_search_read([], specification, limit=40)

    def test_everybody_has_the_app(self):
        root = self.env.ref(f"{ADDON}.menu_digital_root")
        employee = self._new_user("employee", "base.group_user")
        for user in self._get_roles() | employee:
            with self.subTest(user=user.login):
                self.assertIn(root, self._get_visible_menus(user))
        home = self.env.ref(f"{ADDON}.menu_home")
        self.assertEqual(self._get_visible_menus(employee), root | home)

    def test_at_most_seven_entries_a_menu(self):
        for user in self._get_roles():
            visible = self._get_visible_menus(user).sudo()
            for menu, entries in visible.grouped("parent_id").items():
                if menu in visible:
                    with self.subTest(user=user.login, menu=menu.complete_name):
                        self.assertLessEqual(len(entries), 7)

    def test_who_may_propose_reaches_the_referentials(self):
        names = "thresholds time_limits clauses grids questionnaire_texts"
        for user in self.officer | self.referent:
            visible = self._get_visible_menus(user)
            for name in (*names.split(), "referral_pieces"):
                with self.subTest(user=user.login, menu=name):
                    menu = self.env.ref(f"{ADDON}.menu_digital_app_{name}")
                    self.assertIn(menu, visible)

    def test_a_menu_leads_only_where_one_may_read(self):
        hidden = self.env.ref(f"{ADDON}.menu_digital_app_files")
        self.assertNotIn(hidden, self._get_visible_menus(self.referent))
        self.assertIn(hidden, self._get_visible_menus(self.dae))

    def test_buyers_read_the_rules(self):
        menu = self.env.ref(f"{ADDON}.menu_digital_app_rules")
        self.assertIn(menu, self._get_visible_menus(self.buyer))


@tagged("post_install", "-at_install")
class TestFormOfEachRole(FlowCase):
    def test_whoever_reads_a_file_opens_its_form(self):
        self._open_as_readers(self._confirmed_file())

    def test_whoever_reads_an_order_opens_its_form(self):
        order = self._new_order(requisition_id=self._confirmed_file().id, price=1000)
        order.button_confirm()
        self._open_as_readers(order)

    def _open_as_readers(self, record):
        readers = self.buyer | self.purchase_manager | self.officer
        for user in readers | self.ambassador | self.dae:
            with self.subTest(user=user.login):
                self._read_form(record.with_user(user))

    def _read_form(self, record):
        """Read what the form shows of a record and, in it, of its lines."""
        form = etree.fromstring(record.get_view(view_type="form")["arch"])
        self.env.invalidate_all()
        record.web_read(self._get_specification(form))
        for name in ("order_line", "line_ids"):
            for lines in form.iterfind(f".//field[@name='{name}']/list"):
                record[name].web_read(self._get_specification(lines))

    def _get_specification(self, node):
        """The fields of a view, but those of the views inside it."""
        depth = len(list(node.iterancestors("field")))
        return {
            field.get("name"): {}
            for field in node.iter("field")
            if len(list(field.iterancestors("field"))) == depth
        }

    def test_readers_see_no_button_they_may_not_use(self):
        files = self.env["purchase.requisition"]
        arch = files.with_user(self.dae).get_view(view_type="form")["arch"]
        for name in ("action_ask_launch", "action_confirm", "action_cancel"):
            self.assertNotIn(f'name="{name}"', arch)


@tagged("post_install", "-at_install")
class TestPrepareAgreement(FlowCase):
    def test_the_file_becomes_the_agreement_of_the_retained_offer(self):
        file = self._launched_file(vendor_id=False)
        offer = self._receive_offers(file)
        offer.write({"cost": 90000, "cost_known": True})
        action = file.action_prepare_agreement()
        self.assertEqual(action["res_id"], file.id)
        self.assertEqual(file.vendor_id, self.vendor)
        self.assertEqual(file.amount_max, 90000)
        file.action_confirm()
        self.assertEqual(file.state, "confirmed")

    def test_a_need_apart_gets_an_agreement_of_its_own(self):
        need = self._new_file(requisition_type="purchase_template", vendor_id=False)
        self._prepare_launch(need)
        need.action_launch()
        self._receive_offers(need)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        self.assertNotEqual(agreement, need)
        self.assertEqual(agreement.need_id, need)
        self.assertEqual(agreement.vendor_id, self.vendor)
        self.assertEqual(agreement.line_ids.product_id, self.software)
        agreement.action_confirm()
        self.assertEqual(need.outcome, "purchase")

    def test_without_a_retained_offer_it_says_what_to_do(self):
        file = self._launched_file(vendor_id=False)
        self._receive_offers(file).write({"verdict": "rejected", "reason": "Too dear"})
        with self.assertRaisesRegex(UserError, "verdict"):
            file.action_prepare_agreement()

    def test_each_holder_is_prepared_once(self):
        file = self._launched_file(vendor_id=False)
        self._receive_offers(file)
        file.action_prepare_agreement()
        with self.assertRaisesRegex(UserError, "left to sign"):
            file.action_prepare_agreement()
