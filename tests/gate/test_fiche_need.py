"""The sheet of a need shared out: its lots with their holders, its members."""

from lxml import html

from odoo.tests import tagged

from ..agreement.need_common import SIRETS, NeedCase
from ..common import ADDON


@tagged("post_install", "-at_install")
class TestFicheOfANeed(NeedCase):
    def _print(self, file):
        report = self.env["ir.actions.report"].with_user(self.buyer)
        body, _type = report._render_qweb_html(f"{ADDON}.fiche", file.ids)
        return " ".join(html.fromstring(body).text_content().split())

    def test_names_each_lot_and_its_holder_once_signed(self):
        need = self._new_need()
        values = {"amount": 50000, "amount_known": True}
        first = self._new_lot(need, "1", name="Subscriptions", **values)
        second = self._new_lot(need, "2", name="Training", **values)
        need.action_launch()
        self._new_offer(need, self.vendor, first)
        self._new_offer(need, self.third_vendor, second)
        action = need.action_prepare_agreement()
        agreements = need.search(action["domain"], order="id")
        self.assertNotIn(self.vendor.name, self._print(need))
        agreements[0].action_confirm()
        text = self._print(need)
        for words in ("1 – Subscriptions", "2 – Training", self.vendor.name):
            self.assertIn(words, text)
        self.assertNotIn(self.third_vendor.name, text)

    def test_names_the_members_of_the_grouping(self):
        need = self._new_need()
        self._new_member(
            need,
            "Office of the tests",
            siret=SIRETS[2],
            is_coordinator=True,
            amount=100000,
            amount_known=True,
        )
        self._new_member(need, "Body of unknown means", siret=SIRETS[1])
        text = self._print(need)
        self.assertIn(f"Office of the tests (coordinator) {SIRETS[2]}", text)
        self.assertIn(f"Body of unknown means {SIRETS[1]} Unknown", text)
