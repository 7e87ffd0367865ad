"""Who is who: a contract is held by a company, not by a record of the address book."""

from unittest import TestCase

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.identity import identify, is_same

from ..common import PDF_64
from ..flow import FlowCase

SIREN, OTHER = "552081317", "542107651"


class TestIdentity(TestCase):
    """The tables of what makes two records one company."""

    def _say(self, name="Acme", country="FR", registry="", vat=""):
        return identify(name, country, registry, vat)

    def test_same(self):
        siren = self._say(registry=SIREN)
        for title, known, now in (
            (
                "its name alone, written otherwise",
                self._say("Ac-Mé"),
                self._say("acme"),
            ),
            ("a country learnt", self._say(country=""), self._say()),
            ("a number learnt", self._say(), siren),
            ("a new name", siren, self._say("Other", registry=SIREN)),
            ("an establishment", siren, self._say(registry=f"{SIREN} 00017")),
            ("another one", self._say(registry=f"{SIREN}00017"), siren),
            ("its French VAT number", siren, self._say(vat=f"FR 40 {SIREN}")),
            (
                "a foreign VAT number",
                self._say(country="DE", vat="DE123456789"),
                self._say("Neu", "DE", vat="de 123456789"),
            ),
            ("nobody", {}, {}),
        ):
            with self.subTest(title):
                self.assertTrue(is_same(known, now))

    def test_other(self):
        siren = self._say(registry=SIREN)
        for title, known, now in (
            ("another name", self._say(), self._say("Acme Bis")),
            ("another country", self._say(), self._say(country="DE")),
            ("another number", siren, self._say(registry=OTHER)),
            ("its number taken off", siren, self._say()),
            ("another VAT number", self._say(vat="DE1"), self._say(vat="DE2")),
            ("nobody any more", siren, {}),
            ("somebody", {}, siren),
        ):
            with self.subTest(title):
                self.assertFalse(is_same(known, now))

    def test_a_number_from_elsewhere_is_no_siren(self):
        known = self._say(country="DE", registry="123456789")
        self.assertEqual(known["siren"], "")
        self.assertEqual(self._say(country="RE", registry=SIREN)["siren"], SIREN)


@tagged("post_install", "-at_install")
class TestHolderIdentity(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Inconnu SA", "is_company": True}
        )

    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()

    def _call_off(self, vendor=None, **vals):
        vendor = vendor or self.file.vendor_id
        return self._new_order(
            price=1000.0, requisition_id=self.file.id, partner_id=vendor.id, **vals
        )

    def _merge(self, source, kept):
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "partner_ids": [Command.set((source | kept).ids)],
                "dst_partner_id": kept.id,
            }
        ).action_merge()
        self.env.invalidate_all()

    def test_stranger_made_a_contact(self):
        """A company that became a contact of the holder is itself still."""
        self.stranger.write({"is_company": False})
        self.stranger.write({"parent_id": self.vendor.id})
        order = self._call_off(self.stranger)
        with self._refused("order_envelope", "order_option"):
            order.button_confirm()
        self.stranger.write({"parent_id": False, "identity_before": False})
        with self._refused("order_envelope", "order_option"):
            order.button_confirm()

    def test_identity_is_not_a_client_s_to_say(self):
        """Neither by a value nor by a default: it says who a company is."""
        forged = self.vendor._get_identity()
        partners = self.env["res.partner"].with_context(default_identity_before=forged)
        forger = partners.create({"name": "Forger", "identity_before": forged})
        forger.write({"identity_before": forged})
        self.assertFalse(forger.identity_before)
        with self._refused("order_envelope", "order_option"):
            self._call_off(forger).button_confirm()

    def test_contact_of_the_holder(self):
        """A person or an address of the holder orders as before."""
        contact = self.env["res.partner"].create(
            {"name": "Service clients", "parent_id": self.vendor.id}
        )
        order = self._call_off(contact)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_holder_renamed_into_another(self):
        self.vendor.write({"name": "Inconnu SA"})
        with self._refused("envelope"):
            self._call_off().button_confirm()
        self.vendor.write({"name": "EDITIONS DU LOGICIEL"})
        self._call_off().button_confirm()

    def test_holder_given_another_number(self):
        self.vendor.write({"company_registry": SIREN})
        file = self._confirmed_file()
        self.vendor.write({"name": "New name", "company_registry": f"{SIREN}00017"})
        order = self._new_order(price=1000.0, requisition_id=file.id)
        order.button_confirm()
        self.vendor.write({"company_registry": OTHER})
        order = self._new_order(price=1000.0, requisition_id=file.id)
        with self._refused("envelope"):
            order.button_confirm()

    def test_succession_by_an_amendment(self):
        """A company that became another one is declared, and judged, by an amendment
        that names it as the new holder."""
        self.vendor.write({"name": "Éditions Réunies"})
        amendments = self.env["souverainete.amendment"].with_user(self.buyer)
        amendment = amendments.create(
            {
                "requisition_id": self.file.id,
                "name": "New name of the holder",
                "ground": "holder",
                "ground_reason": "Merger of the holder",
                "vendor_id": self.vendor.id,
                "amount_known": True,
                "document": PDF_64,
            }
        )
        amendment.with_user(self.purchase_manager).action_sign()
        order = self._call_off()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_duplicate_merged(self):
        """Whichever record is kept, the holder is who it was."""
        names = {"name": self.vendor.name}
        for kept in ("holder", "duplicate"):
            with self.subTest(kept=kept), self.env.cr.savepoint():
                holder = self.file.vendor_id
                duplicate = self.env["res.partner"].create(names)
                pair = (duplicate, holder) if kept == "holder" else (holder, duplicate)
                self._merge(*pair)
                order = self._call_off()
                order.button_confirm()
                self.assertEqual(order.state, "purchase")

    def test_merged_into_a_stranger(self):
        self._merge(self.vendor, self.stranger)
        self.assertEqual(self.file.vendor_id, self.stranger)
        with self._refused("envelope"):
            self._call_off().button_confirm()

    def test_holder_that_joins_a_group(self):
        """It became a contact of a company: of its own SIREN, or of another one."""
        self.vendor.write({"company_registry": SIREN})
        file = self._confirmed_file()
        for title, registry in (("same SIREN", SIREN), ("a group", OTHER)):
            with self.subTest(title):
                parent = self.env["res.partner"].create(
                    {"name": title, "is_company": True, "company_registry": registry}
                )
                self.vendor.write({"is_company": False, "parent_id": parent.id})
                order = self._new_order(price=1000.0, requisition_id=file.id)
                order.button_confirm()
                self.assertEqual(order.state, "purchase")
                self.vendor.write({"is_company": True, "parent_id": False})

    def test_product_that_became_another(self):
        """A code said more precisely is the same; another branch is another product."""
        product = self.software.product_tmpl_id
        product.cpv_code = "48515100"
        self._call_off().button_confirm()
        product.cpv_code = "72000000"
        with self._refused("envelope"):
            self._call_off().button_confirm()

    def test_vendor_of_a_confirmed_order(self):
        order = self._call_off()
        order.button_confirm()
        with self._refused("order_envelope", "order_option"):
            order.partner_id = self.stranger

    def test_vendor_of_a_small_order(self):
        """Nothing else says who holds what has no file."""
        order = self._new_order(
            price=1000.0, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        order.button_confirm()
        with self.assertRaisesRegex(ValidationError, "keeps its vendor"):
            order.partner_id = self.stranger
