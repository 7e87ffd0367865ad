"""The guided new purchase: one question a page, over the file itself."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import ADDON
from ..flow import FlowCase

EFFECT = "Tenir des réunions à distance en vidéo, 40 agents. Avec les préfectures."


@tagged("post_install", "-at_install")
class TestGuided(FlowCase):
    def _new_guided(self, **vals):
        return (
            self.env["purchase.requisition"]
            .with_user(self.buyer)
            .create(
                {
                    "guided_page": "need",
                    "scope_override": "in",
                    "need_effect": EFFECT,
                    **vals,
                }
            )
        )

    def _turn_to(self, file, page):
        while file.guided_page != page:
            file.action_guided_next()

    def test_the_first_page_gives_the_object_and_searches_by_itself(self):
        file = self._new_guided()
        file.action_guided_next()
        self.assertEqual(
            file.reference, "Tenir des réunions à distance en vidéo, 40 agents"
        )
        self.assertEqual(file.guided_page, "existing")
        self.assertEqual(len(file.search_ids), 1)
        self.assertIn("Visio", file.studied_ids.mapped("name"))
        mutualised = file.studied_ids.filtered(lambda o: o.path == "mutualised")
        self.assertLessEqual(len(mutualised), 2)

    def test_coming_back_searches_nothing_twice(self):
        file = self._new_guided()
        file.action_guided_next()
        options = file.studied_ids
        file.action_guided_back()
        self.assertEqual(file.guided_page, "need")
        file.action_guided_next()
        self.assertEqual(file.studied_ids, options)
        self.assertEqual(len(file.search_ids), 1)

    def test_an_effect_is_asked_for(self):
        file = self._new_guided(need_effect=False)
        with self.assertRaisesRegex(UserError, "what must become possible"):
            file.action_guided_next()

    def test_a_running_contract_of_the_ministry_is_shown(self):
        running = self._confirmed_file()
        running.sudo().reference = "Réunions à distance des préfectures"
        file = self._new_guided()
        file.action_guided_next()
        option = file.studied_ids.filtered("contract_id")
        self.assertEqual(option.contract_id, running)
        action = option.action_fits()
        self.assertEqual(action["context"]["default_outcome"], "existing_contract")

    def test_a_band_is_enough(self):
        light = self.env.ref(f"{ADDON}.threshold_light_2026")
        view = f"{ADDON}.purchase_requisition_view_form_guided"
        file = self._new_guided(guided_page="amount")
        with Form(file, view) as form:
            form.amount_band = "light"
            self.assertEqual(form.amount_estimated, light.amount - 1)
        self.assertTrue(file.amount_estimated_known)
        self.assertEqual(file.circuit, "light")
        with Form(file, view) as form:
            form.amount_estimated = 120000
            self.assertEqual(form.amount_band, "formalised")
        self.assertEqual(file.amount_estimated, 120000)

    def test_what_is_proposed_is_said_to_be(self):
        file = self._new_guided(
            need_effect="Visioconférence pour les agents",
            amount_estimated=30000,
            purchase_nature="cloud",
            guided_page="amount",
        )
        file.action_guided_next()
        self.assertEqual(file.has_cloud, "yes")
        self.assertEqual(file.cpv_code, "48515000")
        self.assertIn("48515000", file.guided_proposals)
        self.assertEqual(file.data_sensitivity, "undetermined", "never proposed")
        file.cpv_code = "72000000"
        self.assertNotIn("48515000", file.guided_proposals)

    def test_no_code_is_proposed_above_the_exemption(self):
        file = self._new_guided(
            need_effect="Visioconférence pour les agents",
            amount_estimated=120000,
            guided_page="amount",
        )
        file.action_guided_next()
        self.assertFalse(file.cpv_code)

    def test_the_data_owner_is_asked_at_once_and_reads_what_is_bought(self):
        file = self._new_guided(
            guided_page="data", amount_estimated=30000, has_cloud="yes"
        )
        file.data_owner_id = self.officer
        file.action_guided_next()
        test = file.sudo().data_questionnaire_ids.with_user(self.officer)
        self.assertEqual(test.owner_id, self.officer)
        self.assertIn("30", test.worth)

    def test_the_last_page_shows_what_remains(self):
        file = self._new_guided(amount_estimated=120000, purchase_nature="licence")
        self._turn_to(file, "done")
        self.assertTrue(file.stepper)
        self.assertEqual(file.action_open_guided()["res_id"], file.id)

    def test_nothing_fits_and_the_market_is_the_way(self):
        file = self._new_guided(guided_page="need")
        self._turn_to(file, "existing")
        found = file.studied_ids
        self.assertTrue(found)
        with self.assertRaisesRegex(UserError, "Say first whether these fit"):
            file.action_buy_on_the_market()
        found.write({"verdict": "rejected", "reason": "Too small"})
        file.action_buy_on_the_market()
        way = file.studied_ids - found
        self.assertEqual((way.path, way.verdict), ("off_the_shelf", "retained"))
        self.assertFalse(way._names_product(), "a way, neither product nor vendor")
        self.assertIn(found[0].name, way.reason)
        self.assertEqual(file.guided_page, "amount")

    def test_above_the_last_threshold_the_figure_is_asked(self):
        view = f"{ADDON}.purchase_requisition_view_form_guided"
        with Form(self._new_guided(guided_page="amount"), view) as form:
            form.amount_band = "above"
            self.assertFalse(form.amount_estimated_known)
            form.amount_estimated = 2_000_000
            self.assertEqual(form.amount_band, "above")

    def test_an_order_opens_the_questions_with_what_it_knows(self):
        order = self._new_order(price=90000)
        action = order.action_create_file()
        file = self.env["purchase.requisition"].browse(action["res_id"])
        self.assertEqual(file, order.need_id)
        self.assertEqual(file.guided_page, "need")
        self.assertEqual(file.line_ids.product_id, order.order_line.product_id)

    def test_one_reason_sets_all_aside_and_buys_on_the_market(self):
        file = self._new_guided()
        self._turn_to(file, "existing")
        found = file.studied_ids
        action = found[0].action_does_not_fit()
        dialogs = self.env[action["res_model"]].with_user(self.buyer)
        dialog = dialogs.with_context(**action["context"]).create(
            {"reason": "No recording"}
        )
        dialog.action_apply_and_buy()
        self.assertEqual(set(found.mapped("verdict")), {"rejected"})
        self.assertEqual(set(found.mapped("reason")), {"No recording"})
        self.assertEqual((file.studied_ids - found).verdict, "retained")
        self.assertEqual(file.guided_page, "amount")

    def test_what_the_order_says_is_not_asked_again(self):
        order = self._new_order(price=300, light_mutualised="yes", light_cloud="yes")
        order.light_sensitive = "unknown"
        order.action_create_file()
        file = order.need_id
        file.need_effect = EFFECT
        asked = [file.guided_page]
        while file.guided_page != "done":
            file.action_guided_next()
            asked.append(file.guided_page)
        self.assertEqual(asked, ["need", "existing", "data", "done"])
        file.action_guided_back()
        self.assertEqual(file.guided_page, "route", "and can be changed")

    def test_a_purchasing_body_is_proposed_and_tells_its_chain(self):
        file = self._new_guided(amount_estimated=60000, purchase_nature="licence")
        self._turn_to(file, "existing")
        file.studied_ids.write({"verdict": "rejected", "reason": "Too small"})
        file.action_buy_on_the_market()
        self._turn_to(file, "route")
        view = f"{ADDON}.purchase_requisition_view_form_guided"
        ugap = self.env.ref(f"{ADDON}.partner_ugap")
        with Form(file, view) as form:
            form.purchase_route = "central_body"
            self.assertEqual(form.vendor_id, ugap)
            form.publisher_id = form.host_id = self.vendor
        way = file._get_retained_way()
        roles = {c.role: c.partner_id for c in way.component_ids}
        self.assertEqual(roles, {"publisher": self.vendor, "host": self.vendor})
        file.action_guided_next()
        self.assertEqual(way.partner_id, ugap, "nobody competes: who sells is known")
        file.host_id = self.other_vendor
        self.assertEqual(len(way.component_ids), 2, "corrected, not added")
        file.action_draft_statement()
        self.assertNotIn("bidders", file.sovereignty_statement)
