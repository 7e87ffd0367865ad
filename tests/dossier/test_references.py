"""References of other systems: typed once, shown and found wherever the purchase is."""

from lxml import html

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..flow import FlowCase

NEED = {
    "ref_approch": "AP-2026-77",
    "ref_place": "2026-SG-0777",
    "ref_chorus_da": "4700000077",
}
OWN = {"ref_contract": "2026-0777-00", "ref_chorus_ej": "1400000077"}


class ReferenceCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.need = cls._new_file(
            requisition_type="purchase_template", vendor_id=False, **NEED
        )
        cls.agreement = cls._new_file(need_id=cls.need.id, **OWN)
        cls.order = cls._new_order(requisition_id=cls.agreement.id)
        cls.env.flush_all()
        cls.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTypedOnce(ReferenceCase):
    def _read(self, record, names):
        return {name: record[name] for name in names}

    def test_an_agreement_shows_those_of_its_need(self):
        self.assertEqual(self._read(self.agreement, NEED), NEED)

    def test_an_order_shows_those_of_its_need_and_agreement(self):
        self.assertEqual(self._read(self.order, NEED), NEED)
        self.assertEqual(self.order.ref_contract, OWN["ref_contract"])
        self.assertEqual(self.order.ref_agreement_ej, OWN["ref_chorus_ej"])
        self.assertFalse(self.order.ref_chorus_ej)

    def test_a_correction_on_the_need_reaches_them_all(self):
        self.need.ref_place = "2026-SG-0778"
        self.assertEqual(self.agreement.ref_place, "2026-SG-0778")
        self.assertEqual(self.order.ref_place, "2026-SG-0778")

    def test_an_agreement_made_from_the_need(self):
        self._prepare_launch(self.need)
        self.need.action_launch()
        self._receive_offers(self.need)
        self.agreement.unlink()
        action = self.need.action_prepare_agreement()
        made = self.need.browse(action["res_id"])
        self.assertEqual(self._read(made, NEED), NEED)

    def test_a_file_linked_to_a_need_loses_nothing(self):
        lone = self._new_file(ref_place="2025-LOT-1", ref_chorus_da="4700000001")
        lone.need_id = self._new_file(ref_place="2026-ALL")
        self.assertEqual(lone.ref_place, "2026-ALL")
        self.assertEqual(lone.ref_chorus_da, "4700000001")

    def test_each_order_has_its_own_commitment(self):
        self.order.ref_chorus_ej = "1400000999"
        second = self._new_order(requisition_id=self.agreement.id)
        self.assertFalse(second.ref_chorus_ej)
        self.assertFalse(self.order.copy().ref_chorus_ej)

    def test_those_of_others_are_not_written_on_an_order(self):
        for name in (*NEED, "ref_contract", "ref_agreement_ej"):
            with self.assertRaises(AccessError):
                self.order.write({name: "forged"})
            with self.assertRaises(AccessError):
                self._new_order(**{name: "forged"})

    def test_they_are_facts_even_once_signed(self):
        """A commitment is numbered after the signature: nothing refuses it."""
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.button_confirm()
        file.write({**NEED, **OWN})
        order.ref_chorus_ej = "1400000998"
        self.assertEqual(order.ref_contract, OWN["ref_contract"])


@tagged("post_install", "-at_install")
class TestFound(ReferenceCase):
    def _search_by_view(self, model, view, name, text):
        """As typing in the search box does, through the filter of the view."""
        model = self.env[model].with_user(self.buyer)
        arch = model.get_view(self.env.ref(view).id, "search")["arch"]
        [node] = html.fromstring(arch).xpath(f"//field[@name='{name}'][@filter_domain]")
        return model.search(safe_eval(node.get("filter_domain"), {"self": text}))

    def test_files_are_found_by_any(self):
        for text in (*NEED.values(), *OWN.values()):
            found = self._search_by_view(
                "purchase.requisition",
                "purchase_requisition.view_purchase_requisition_filter",
                "reference",
                text[2:],
            )
            self.assertIn(self.agreement, found)

    def test_orders_are_found_by_any_in_both_searches(self):
        self.order.ref_chorus_ej = "1400000999"
        for view in ("view_purchase_order_filter", "purchase_order_view_search"):
            for text in (*NEED.values(), *OWN.values(), "1400000999"):
                found = self._search_by_view(
                    "purchase.order", f"purchase.{view}", "ref_chorus_ej", text[2:]
                )
                self.assertEqual(found, self.order, (view, text))

    def test_they_are_chosen_by_any_in_a_form(self):
        self.order.ref_chorus_ej = "1400000999"
        for record, text in (
            (self.agreement, OWN["ref_contract"]),
            (self.order, "1400000999"),
            (self.order, NEED["ref_place"]),
        ):
            found = record.with_user(self.buyer).name_search(text)
            self.assertIn(record.id, [found_id for found_id, _name in found])

    def test_they_stand_in_lists_and_exports(self):
        names = [*NEED, *OWN]
        for record in (self.agreement, self.order):
            record = record.with_user(self.buyer)
            arch = record.get_view(view_type="list")["arch"]
            shown = set(html.fromstring(arch).xpath("//field/@name"))
            self.assertLessEqual(set(names), shown)
        self.buyer.group_ids += self.env.ref("base.group_allow_export")
        [row] = self.agreement.export_data(names)["datas"]
        self.assertEqual(row, [*NEED.values(), *OWN.values()])


@tagged("post_install", "-at_install")
class TestPrinted(ReferenceCase):
    def _print(self, report, record, user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.buyer)
        body, _type = reports._render_qweb_html(report, record.ids)
        return " ".join(html.fromstring(body).text_content().split())

    def _assert_printed(self, text, values):
        for value in values:
            self.assertIn(value, text)

    def test_on_the_agreement(self):
        text = self._print(
            "purchase_requisition.report_purchaserequisitions", self.agreement
        )
        self._assert_printed(text, [*NEED.values(), *OWN.values()])

    def test_on_the_quotation_and_the_order_in_the_vendors_language(self):
        self.vendor.lang = "fr_FR"
        field = self.env["ir.model.fields"]._get("purchase.order", "ref_place")
        field.with_context(lang="fr_FR").field_description = "Référence PLACE"
        for name in ("quotation", "order"):
            text = self._print(f"purchase.report_purchase{name}", self.order)
            self._assert_printed(text, [*NEED.values(), *OWN.values()])
            self.assertIn("Référence PLACE", text)

    def test_the_order_prints_its_own_commitment(self):
        self.order.ref_chorus_ej = "1400000999"
        text = self._print("purchase.report_purchaseorder", self.order)
        self.assertIn("1400000999", text)
        self.assertNotIn(OWN["ref_chorus_ej"], text)

    def test_on_the_sheet_of_the_file(self):
        text = self._print("souverainete_achat.fiche", self.agreement)
        self._assert_printed(text, [*NEED.values(), *OWN.values()])

    def test_a_purchase_of_chairs_prints_as_before(self):
        order = self._new_order(self.chair)
        body, _type = (
            self.env["ir.actions.report"]
            .with_user(self.buyer)
            ._render_qweb_html("purchase.report_purchaseorder", order.ids)
        )
        self.assertNotIn("souverainete_references", str(body))
