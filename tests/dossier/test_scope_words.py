"""No code is not “no”: words ask, statements add up, and each act derives again."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.souverainete_achat.models.base.finding import Refused

from ..common import SouveraineteCase
from ..flow import FlowCase


class WordsCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.env["product.product"].create({"name": "Prestation"})
        cls.grocer = cls.env["res.partner"].create({"name": "Dupont et fils"})

    def _order(self, product=None, text=None, price=100.0, **vals):
        line = {"product_id": (product or self.plain).id, "price_unit": price}
        line |= {"product_qty": 1} | ({"name": text} if text else {})
        vals = {"partner_id": self.grocer.id, **vals}
        order = self.env["purchase.order"].with_user(self.buyer)
        return order.create({**vals, "order_line": [Command.create(line)]})

    def _confirm(self, order):
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")
        return order


@tagged("post_install", "-at_install")
class TestWords(WordsCase):
    """What is asked about, and what is not."""

    def _assert_asked(self, order, words):
        self.assertEqual(order.scope_status, "ask")
        self.assertEqual(order.order_line.scope_words or "", words)
        with self._refused("order_scope"):
            self._confirm(order)

    def test_a_word_of_the_line(self):
        self._assert_asked(
            self._order(text="Abonnement ChatGPT"), "ChatGPT, abonnement"
        )

    def test_a_word_on_furniture(self):
        order = self._order(self.chair, "Abonnement CHATGPT Team, 500 licences")
        self._assert_asked(order, "ChatGPT, abonnement, licence")

    def test_a_word_of_the_product(self):
        product = self.env["product.product"].create({"name": "Licence Oracle Cloud"})
        self._assert_asked(self._order(product), "Oracle, cloud, licence")

    def test_accents_capitals_plurals_and_whole_words(self):
        for text in (
            "TELECOMMUNICATIONS",
            "Logiciels",
            "cyber-sécurité, cybersécurité",
        ):
            self.assertEqual(self._order(text=text).scope_status, "ask", text)
        for text in ("Logicielle", "Oracles et devins : oraclette", "Encloudage"):
            order = self._order(text=text.replace("Oracles et devins : ", ""))
            self.assertEqual(order.scope_status, "out", text)

    def test_an_ambiguous_word_needs_a_second_sign(self):
        order = self._order(text="Souris grise")
        self.assertEqual(order.scope_status, "out")
        order.order_line.name = "Souris et clavier"
        self.assertEqual(order.scope_status, "ask")
        order.order_line.name = "Serveurs de restaurant"
        self.assertEqual(order.scope_status, "out")
        order.partner_id = self.vendor
        with self._refused("order_scope"):
            self._confirm(order)

    def test_the_name_of_the_vendor(self):
        """It asks where nothing says what is bought, and not of chairs."""
        self.assertEqual(self._order(partner_id=self.vendor.id).scope_status, "ask")
        order = self._order(self.chair, partner_id=self.vendor.id)
        self.assertEqual(order.scope_status, "out")

    def test_words_of_a_file(self):
        file = self._new_file(self.chair, reference="Mobilier")
        self.assertEqual(file.scope_status, "out")
        file.reference = "Hébergement informatique"
        self.assertEqual(file.scope_status, "ask")
        with self._refused("scope"):
            file.action_confirm()
        file.reference = "Mobilier"
        self.assertEqual(file.scope_status, "out")
        file.line_ids.product_description_variants = "Serveur informatique"
        self.assertEqual(file.scope_status, "ask")

    def test_a_product_renamed_meanwhile(self):
        order = self._order(text="Un lot")
        self.plain.with_user(self.env.user).name = "Abonnement cloud"
        self.assertEqual(order.scope_status, "out")
        with self._refused("order_scope"):
            self._confirm(order)

    def test_nobody_writes_the_words(self):
        order = self._order(text="Abonnement ChatGPT")
        with self.assertRaises(AccessError):
            order.order_line.scope_words = False
        with self.assertRaises(AccessError):
            self._order().order_line.write({"name": "x", "scope_words": "x"})

    def test_words_are_dated_and_take_four_eyes(self):
        words = self.env["souverainete.scope.word"].with_user(self.referent)
        word = words.create(
            {"name": "zorglub", "suggestion": "in", "certainty": "policy"}
        )
        self.assertEqual(self._order(text="Zorglubs").scope_status, "out")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            word.action_approve()
        word.with_user(self.referent2).action_approve()
        self.assertEqual(self._order(text="Zorglubs").scope_status, "ask")


@tagged("post_install", "-at_install")
class TestStatements(WordsCase, FlowCase):
    """“Not digital” adds up, whoever says it and however it is cut."""

    def _out(self, product=None, price=24900.0, **vals):
        order = self._new_order(
            product, price, scope_override="out", scope_reason="A test bench", **vals
        )
        return order.with_user(self.purchase_manager)

    def _assert_refused(self, order):
        with self._refused("order_light", "order_stated") as caught:
            order.button_confirm()
        self.assertIn("add up", str(caught.exception))

    def test_a_second_statement(self):
        first = self._confirm(self._out())
        self._assert_refused(self._out())
        twin = self.env["product.product"].create(
            {"name": "Twin", "cpv_code": "48516000"}
        )
        self._assert_refused(self._out(twin, partner_id=self.other_vendor.id))
        line = self.env["souverainete.light.need.line"].search(
            [("order_id", "=", first.id)]
        )
        self.assertEqual(
            (line.kind, line.scope_reason, line.user_id),
            ("scope_out", "A test bench", self.purchase_manager),
        )
        self.assertEqual(line.need_id.amount_stated, 24900)

    def test_twenty_at_once(self):
        orders = self._out()
        for _n in range(19):
            orders |= self._out(price=1000)
        with self._refused("order_light", "order_stated"):
            orders.button_confirm()
        with self._refused("order_light", "order_stated"):
            orders.write({"state": "purchase"})

    def test_an_officer_agrees(self):
        self._confirm(self._out())
        order = self._out()
        self.assertEqual(order.scope_status, "in")
        order.with_user(self.officer).action_agree_out_of_scope()
        self._confirm(order)
        need = self.env["souverainete.light.need"].search([("code", "=", "4851")])
        self.assertEqual(need.amount_stated, 24900)
        agreed = need.line_ids.filtered(lambda line: line.kind == "agreed")
        self.assertEqual(agreed.scope_officer_id, self.officer)

    def test_raised_afterwards(self):
        first = self._confirm(self._out(price=10000))
        self._confirm(self._out(price=10000))
        with self._refused("order_light", "order_stated"):
            first.order_line.with_user(self.purchase_manager).price_unit = 20000
            self.env.flush_all()
        first.order_line.with_user(self.purchase_manager).price_unit = 12000
        self.env.flush_all()
        need = self.env["souverainete.light.need"].search([("code", "=", "4851")])
        self.assertEqual(need.amount_stated, 22000)

    def test_received_then_cancelled(self):
        order = self._confirm(self._out())
        order.order_line.qty_received = 1
        order.button_cancel()
        self._assert_refused(self._out())

    def test_it_counts_with_the_small_orders(self):
        self._confirm(self._out())
        order = self._new_order(
            price=40000, light_mutualised="yes", light_cloud="no", light_sensitive="no"
        )
        with self._refused("order_file"):
            self._confirm(order)

    def test_decoys(self):
        """Furniture that its words belie adds up by who sells it."""
        table = self.env["product.product"].create(
            {"name": "Table", "cpv_code": "39121200"}
        )
        text = "Abonnement ChatGPT"
        stated = {"scope_override": "out", "scope_reason": "A chair"}
        self._confirm(self._order(self.chair, text, 24900, **stated))
        order = self._order(table, text, 24900, **stated)
        with self._refused("order_scope", "order_stated"):
            self._confirm(order)

    def test_said_once_of_a_product(self):
        """The buyer is not asked twice, and what is not asked adds up too."""
        mouse = "Souris et clavier de piano"
        self._confirm(
            self._order(
                text=mouse, price=9000, scope_override="out", scope_reason="A piano"
            )
        )
        order = self._order(text=mouse, price=9000)
        self.assertEqual(order.scope_status, "out")
        self._confirm(order)
        self.assertEqual(self._order(text="Logiciel", price=9000).scope_status, "ask")
        order = self._order(text=mouse, price=9000)
        self.assertEqual(order.scope_status, "ask")
        with self._refused("order_scope", "order_stated"):
            self._confirm(order)

    def test_chairs_say_nothing(self):
        self._confirm(self._order(self.chair, price=900000))
        self.assertFalse(
            self.env["souverainete.light.need.line"].search(
                [("product_id", "=", self.chair.product_tmpl_id.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestDerivedAgain(WordsCase):
    """The stored scope is never trusted."""

    def _sql(self, product, code):
        """Another transaction: nothing here hears of it."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET cpv_code = %s WHERE id = %s",
            [code, product.product_tmpl_id.id],
        )
        self.env.invalidate_all()

    def test_a_product_classified_elsewhere(self):
        order = self._order(price=900000)
        file = self._new_file(self.plain, vendor_id=self.grocer.id)
        self._sql(self.plain, "48000000")
        self.assertEqual((order.scope_status, file.scope_status), ("out", "out"))
        with self._refused("order_file"):
            self._confirm(order)
        with self.assertRaises(Refused) as caught:
            file.action_confirm()
        self.assertIn("mutualisation_search", caught.exception.codes)

    def test_a_need_that_becomes_digital(self):
        need = self._new_file(self.plain, vendor_id=self.grocer.id)
        order = self._order(need_id=need.id)
        need.cpv_code = "72000000"
        self.assertEqual(order.scope_status, "out")
        with self.assertRaises(Refused) as caught:
            self._confirm(order)
        self.assertIn("order_open", caught.exception.codes)

    def test_a_prefix_that_started_while_no_job_ran(self):
        today = self.company._souverainete_today()
        prefix = self.env["souverainete.cpv.prefix"].with_user(self.referent)
        prefix = prefix.create(
            {
                "prefix": "39112",
                "name": "Smart chairs",
                "scope": "in",
                "date_start": today.replace(year=today.year + 1, month=1, day=10),
            }
        )
        prefix.with_user(self.referent2).action_approve()
        order, other = self._order(self.chair), self._order(self.chair)
        with freeze_time(f"{today.year + 1}-01-20 12:00:00"):
            with self._refused("order_light"):
                self._confirm(order)
            self.assertEqual(other.scope_status, "out")
            self.env["souverainete.cpv.prefix"]._reclassify_moved()
            self.assertEqual(other.scope_status, "in")

    def test_what_was_settled_settles_its_amount(self):
        order = self._confirm(self._order(price=500))
        line = order.order_line.with_user(self.purchase_manager)
        line.product_qty = 2
        self.env.flush_all()
        self.plain.cpv_code = "48000000"
        self.env.flush_all()
        self.assertTrue(order.scope_drift)
        line.product_qty = 1
        line.product_qty = 2
        self.env.flush_all()
        self.assertEqual(order.scope_status, "out")
        with self._refused("order_file"):
            line.product_qty = 2000
            self.env.flush_all()

    def test_what_an_agreement_settled_too(self):
        file = self._new_file(self.plain, 500, vendor_id=self.grocer.id)
        file.action_confirm()
        self.plain.cpv_code = "48000000"
        self.env.flush_all()
        line = file.line_ids.with_user(self.purchase_manager)
        line.price_unit = 400
        with self.assertRaises(Refused) as caught:
            line.price_unit = 900000
        self.assertIn("envelope", caught.exception.codes)

    def test_a_stale_scope_of_another_module(self):
        order = self._order(self.chair)
        fields = [order._fields[name] for name in ("scope_status", "is_digital")]
        with self.env.protecting(fields, order):
            order.order_line.sudo().write(
                {"product_id": self.software.id, "price_unit": 700000}
            )
        self.env.flush_all()
        with self._refused("order_file"):
            self._confirm(order)

    def test_the_category_that_carries_the_code_goes(self):
        category = self.env["product.category"].create(
            {"name": "Local", "cpv_code": "48000000"}
        )
        self.plain.categ_id = category
        keeper = self._new_user(
            "keeper", "purchase.group_purchase_manager,product.group_product_manager"
        )
        with self.assertRaisesRegex(AccessError, "no longer be digital"):
            category.with_user(keeper).unlink()
        software = self.software.with_user(keeper).with_context({})
        with self.assertRaisesRegex(AccessError, "no longer be digital"):
            software.copy({"cpv_code": False})
        copied = software.copy()
        self.assertEqual(copied.cpv_code, self.software.cpv_code)
