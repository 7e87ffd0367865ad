"""Classes of products, and the first-day screen that gives them one."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_scope_words import WordsCase

ADDON = "souverainete_achat"


@tagged("post_install", "-at_install")
class TestChorus(WordsCase):
    """State buyers know groupes de marchandises."""

    def _propose(self, code="36.01.01", scope="in"):
        groups = self.env["souverainete.chorus.group"].with_user(self.referent)
        return groups.create({"code": code, "name": "Progiciels", "scope": scope})

    def test_a_group_says_the_scope_of_a_product_or_a_category(self):
        self._propose().with_user(self.referent2).action_approve()
        order = self._order()
        self.assertEqual(order.scope_status, "out")
        category = self.env["product.category"].create({"name": "Divers"})
        self.plain.categ_id = category
        category.chorus_group = "36.01.01"
        self.assertEqual(order.scope_status, "in")
        with self._refused("order_light"):
            self._confirm(order)

    def test_drafts_follow_the_table(self):
        self.plain.chorus_group = "36.01.01"
        order = self._order()
        self.assertEqual(order.scope_status, "out", "no table says")
        proposal = self._propose(scope="ask")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            proposal.action_approve()
        proposal.with_user(self.referent2).action_approve()
        self.assertEqual(order.scope_status, "ask")

    def test_the_table_comes_from_a_file(self):
        """The host's own import reads it; each line is a proposal."""
        groups = self.env["souverainete.chorus.group"].with_user(self.referent)
        result = groups.load(
            ["code", "name", "scope", "certainty", "source"],
            [
                ["36.01.01", "Progiciels", "in", "policy", "DAE"],
                ["36.02.01", "Maintenance", "ask", "policy", "DAE"],
            ],
        )
        self.assertEqual(result["messages"], [])
        groups = groups.browse(result["ids"])
        self.assertEqual(set(groups.mapped("policy_state")), {"draft"})
        groups.with_user(self.referent2).action_approve()
        self.plain.chorus_group = "36.01.01"
        self.assertEqual(self._order().scope_status, "in")

    def test_goods_of_one_group_are_one_need(self):
        self._propose().with_user(self.referent2).action_approve()
        other = self.env["product.product"].create({"name": "Autre prestation"})
        (self.plain | other).product_tmpl_id.chorus_group = "36.01.01"
        answers = {
            "light_mutualised": "yes",
            "light_cloud": "no",
            "light_sensitive": "no",
        }
        self._confirm(self._order(price=40000, **answers))
        order = self._order(other, price=40000, **answers)
        with self._refused("order_file") as caught:
            self._confirm(order)
        self.assertIn("Chorus group 36.01.01", str(caught.exception))


@tagged("post_install", "-at_install")
class TestCodesThatAsk(WordsCase):
    def test_codes_that_at_least_ask(self):
        for code in (
            "38221000",
            "51611100",
            "32250000",
            "32510000",
            "80533100",
            "79132100",
        ):
            self.plain.cpv_code = code
            self.assertEqual(self._order().scope_status, "ask", code)


@tagged("post_install", "-at_install")
class TestNames(WordsCase):
    """A CPV code is chosen by words or by digits."""

    def test_words_or_digits(self):
        cpv = self.env["souverainete.cpv"].with_user(self.buyer)
        for typed in ("virus prot", "4876"):
            [(found, label)] = cpv.name_search(typed)
            self.assertEqual(label, "48760000 Virus protection software package")
        self.plain.product_tmpl_id.cpv_id = found
        self.assertEqual(self.plain.cpv_code, "48760000")
        self.plain.cpv_code = "48760000-3"
        self.assertEqual(self.plain.product_tmpl_id.cpv_id.id, found)

    def test_the_whole_nomenclature_comes_from_a_file(self):
        cpv = self.env["souverainete.cpv"].with_user(self.referent)
        result = cpv.load(["code", "name"], [["39112000", "Chairs"]])
        self.assertEqual(result["messages"], [])
        with self.assertRaises(AccessError):
            cpv.with_user(self.buyer).create({"code": "39113000", "name": "Seats"})


@tagged("post_install", "-at_install")
class TestWithoutAClass(WordsCase):
    """It is asked about above a dated amount, once an officer switched that on."""

    def _switch(self):
        rule = self.env.ref(f"{ADDON}.rule_order_unclassified")
        version = rule.with_user(self.officer).copy({"company_id": self.company.id})
        version.severity = "blocking"
        return version.with_user(self.officer2)

    def _cover(self):
        self._confirm(self._order(self.chair, price=1e6))

    def test_nobody_is_asked_on_the_first_day(self):
        self._confirm(self._order(price=900000))

    def test_most_of_the_spend_is_classified_first(self):
        self._confirm(self._order(price=1000))
        version = self._switch()
        with self.assertRaisesRegex(UserError, "80 % of the spend"):
            version.action_approve()
        self._cover()
        version.action_approve()
        self.assertEqual(version.policy_state, "active")

    def test_from_a_dated_amount(self):
        self._cover()
        self._switch().action_approve()
        self._confirm(self._order(price=24999))
        order = self._order(price=25000)
        self.assertEqual(order.scope_status, "ask")
        with self._refused("order_scope", "order_unclassified"):
            self._confirm(order)
        self._confirm(self._order(self.chair, price=900000))

    def test_the_draft_follows_its_amount(self):
        self._cover()
        self._switch().action_approve()
        order = self._order(price=100)
        order.order_line.price_unit = 30000
        self.env.flush_all()
        self.assertEqual(order.scope_status, "ask")
        order.order_line.price_unit = 100
        self.env.flush_all()
        self.assertEqual(order.scope_status, "out")

    def test_one_click(self):
        order = self._order(text="Abonnement ChatGPT", price=9000)
        order.action_scope_out()
        self.assertEqual(order.scope_status, "out")
        self.assertIn("ChatGPT", order.scope_reason)
        self._confirm(order)


@tagged("post_install", "-at_install")
class TestFirstDay(WordsCase):
    def _rows(self, user=None):
        rows = self.env["souverainete.unclassified"].with_user(user or self.officer)
        self.env.flush_all()
        rows.invalidate_model()
        return rows.search([("product_tmpl_id", "in", self._products().ids)])

    def _products(self):
        return (self.plain | self.chair | self.told).product_tmpl_id

    def setUp(self):
        super().setUp()
        self.told = self.env["product.product"].create({"name": "Traiteur"})
        self._confirm(self._order(price=3000))
        self._confirm(self._order(self.told, price=5000))
        self._confirm(self._order(self.chair, price=2000))

    def test_what_has_no_class(self):
        rows = self._rows()
        self.assertEqual(
            rows.mapped("product_tmpl_id.name"), ["Traiteur", "Prestation"]
        )
        self.assertEqual(rows.mapped("spent"), [5000, 3000])
        self.assertEqual(rows.vendor_id, self.grocer)
        self.assertEqual(rows.mapped("suggested_class"), ["out", False])
        self.assertIn("traiteur", rows[0].suggestion_reason)

    def test_neighbours_suggest(self):
        self.chair.categ_id = self.told.categ_id = self.env["product.category"].create(
            {"name": "Divers"}
        )
        self.told.name = "Autre chose"
        row = self._rows()[0]
        self.assertEqual(row.suggested_class, "out")
        self.assertIn("39112000", row.suggestion_reason)

    def test_classified_in_bulk(self):
        rows = self._rows()
        with self.assertRaises(AccessError):
            rows.with_user(self.dae).action_class_out()
        with self.assertRaises(AccessError):
            self._rows(self.buyer)
        rows.action_class_suggested()
        self.assertEqual(self.told.product_tmpl_id.scope_class, "out")
        rows = self._rows()
        self.assertEqual(rows.product_tmpl_id, self.plain.product_tmpl_id)
        order = self._order()
        rows.action_class_in()
        self.assertFalse(self._rows())
        self.assertEqual(order.scope_status, "in")

    def test_only_officers_state_a_class(self):
        keeper = self._new_user(
            "keeper", "purchase.group_purchase_manager,product.group_product_manager"
        )
        with self.assertRaisesRegex(AccessError, "officer"):
            self.plain.with_user(keeper).scope_class = "out"
        with self.assertRaisesRegex(AccessError, "officer"):
            self.plain.categ_id.create({"name": "x"}).with_user(
                keeper
            ).scope_class = "out"

    def test_constant_queries(self):
        for number in range(30):
            product = self.env["product.product"].create({"name": f"Lot {number}"})
            self._confirm(self._order(product))
        rows = self.env["souverainete.unclassified"].with_user(self.officer)
        self.env.flush_all()
        names = {"product_tmpl_id": {}, "spent": {}, "suggested_class": {}}
        for limit in (1, 30):
            rows.web_search_read([], names, limit=limit)
        counts = []
        for limit in (5, 30):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.web_search_read([], names, limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
