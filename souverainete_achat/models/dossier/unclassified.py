from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..policy.product_category import STATED


class Unclassified(models.Model):
    """The first-day screen: what was bought lately of products that nothing classes.

    One row a product and a ministry, by what was spent on it; grouped by category or
    by vendor, it is the list of these. What is classified leaves it.
    """

    _name = "souverainete.unclassified"
    _description = "Product without a class"
    _auto = False
    _rec_name = "product_tmpl_id"
    _order = "spent desc, id"

    product_tmpl_id = fields.Many2one("product.template", string="Product")
    categ_id = fields.Many2one("product.category", string="Category")
    vendor_id = fields.Many2one("res.partner", string="Main vendor")
    company_id = fields.Many2one("res.company", string="Ministry")
    currency_id = fields.Many2one(related="company_id.currency_id")
    spent = fields.Monetary(
        string="Spent (excl. tax)",
        help="What was ordered of it over the period shown, in € HT.",
    )
    share = fields.Float(
        string="Share of the spend",
        aggregator="sum",
        help="Over all that the ministry ordered: their sum is what is not covered.",
    )
    order_count = fields.Integer(string="Orders")
    suggested_class = fields.Selection(
        STATED,
        string="Suggested class",
        compute="_compute_suggested_class",
        help="What its words, or its neighbours of the category, suggest.",
    )
    suggestion_reason = fields.Char(string="Reason", compute="_compute_suggested_class")

    @property
    def _table_query(self):
        return SQL("SELECT * FROM (%s) AS bought WHERE NOT is_classed", self._get_sql())

    @api.model
    def _get_sql(self):
        """Every product ordered over the period, by ministry, with whether it has a
        class: its own, or that of its category or of a parent."""
        return SQL(_BOUGHT, start=self._get_start())

    @api.model
    def _get_start(self):
        company = self.env.company
        today = company._souverainete_today()
        period = self.env["souverainete.time.limit"]._get("spend", company, today)
        return today - period._get_period()

    @api.model
    def _get_covered_share(self, company):
        """Share, from 0 to 1, of what this ministry, or all of them, ordered that has
        a class. Nothing ordered covers nothing."""
        query = SQL(
            """SELECT SUM(spent) FILTER (WHERE is_classed), SUM(spent)
                 FROM (%s) AS bought WHERE %s""",
            self._get_sql(),
            SQL("company_id = %s", company.root_id.id) if company else SQL("TRUE"),
        )
        self.env.flush_all()
        [(classed, total)] = self.env.execute_query(query)
        return float((classed or 0.0) / total) if total else 0.0

    # === SUGGESTIONS === #

    def _compute_suggested_class(self):
        neighbours = self._get_neighbours()
        for row in self:
            suggestion = row._suggest() or neighbours.get(row.categ_id.id)
            row.suggested_class, row.suggestion_reason = suggestion or (False, False)

    def _suggest(self):
        """(class, reason) by the words of the product, its category and its vendor."""
        names = (self.product_tmpl_id, self.categ_id, self.vendor_id)
        text = " ".join(record.sudo().name or "" for record in names)
        suggestion, words = self.env["souverainete.scope.word"]._suggest(text)
        if suggestion == "none":
            return None
        return suggestion, self.env._("Its words: %(words)s", words=", ".join(words))

    def _get_neighbours(self):
        """{category: (class, reason)} of the code that most products there have."""
        groups = (
            self.env["product.template"]
            .sudo()
            ._read_group(
                [("categ_id", "in", self.categ_id.ids), ("cpv_code", "!=", False)],
                ["categ_id", "cpv_code"],
                ["__count"],
            )
        )
        return {
            category.id: self._get_neighbours_class(code, count)
            for category, code, count in sorted(groups, key=lambda group: group[2])
        }

    @api.model
    def _get_neighbours_class(self, code, count):
        company = self.env.company
        scope = self.env["souverainete.cpv.prefix"]._get_scope(
            code, company, company._souverainete_today()
        )
        reason = self.env._(
            "%(count)s products of its category have the CPV code %(code)s",
            count=count,
            code=code,
        )
        return scope, reason

    # === CLASSIFYING === #

    def action_class_in(self):
        return self._classify("in")

    def action_class_ask(self):
        return self._classify("ask")

    def action_class_out(self):
        return self._classify("out")

    def action_class_suggested(self):
        """Those that have a suggestion, each by its own."""
        self.check_access("read")
        for scope, rows in self.grouped("suggested_class").items():
            if scope:
                rows._classify(scope)
        return self._reload()

    def _classify(self, scope):
        """State of which class these products are; only officers do."""
        self.check_access("read")
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._("Only a compliance officer classifies products here.")
            )
        self.product_tmpl_id.sudo().write({"scope_class": scope})
        return self._reload()

    @api.model
    def _reload(self):
        return {"type": "ir.actions.client", "tag": "soft_reload"}


_BOUGHT = """
    SELECT MIN(line.id) AS id,
           root.id AS company_id,
           template.id AS product_tmpl_id,
           template.categ_id,
           (array_agg(line.partner_id ORDER BY line.price_subtotal DESC))[1]
               AS vendor_id,
           COUNT(DISTINCT line.order_id) AS order_count,
           SUM(GREATEST(line.price_subtotal, 0)
               / COALESCE(NULLIF(bought.currency_rate, 0), 1)) AS spent,
           SUM(GREATEST(line.price_subtotal, 0)
               / COALESCE(NULLIF(bought.currency_rate, 0), 1))
               / NULLIF(SUM(SUM(GREATEST(line.price_subtotal, 0)
                   / COALESCE(NULLIF(bought.currency_rate, 0), 1)))
                   OVER (PARTITION BY root.id), 0) AS share,
           COALESCE(template.cpv_code, template.chorus_group, template.scope_class)
               IS NOT NULL
           OR EXISTS (
               SELECT 1
                 FROM product_category AS own
                 JOIN product_category AS parent
                   ON own.parent_path LIKE parent.parent_path || '%%'
                WHERE own.id = template.categ_id
                  AND COALESCE(parent.cpv_code, parent.chorus_group,
                               parent.scope_class) IS NOT NULL) AS is_classed
      FROM purchase_order_line AS line
      JOIN purchase_order AS bought ON bought.id = line.order_id
      JOIN res_company AS company ON company.id = bought.company_id
      JOIN res_company AS root
        ON root.id = split_part(company.parent_path, '/', 1)::int
      JOIN product_product AS product ON product.id = line.product_id
      JOIN product_template AS template ON template.id = product.product_tmpl_id
     WHERE bought.state = 'purchase'
       AND COALESCE(bought.date_approve, bought.date_order) >= %(start)s
  GROUP BY root.id, template.id
"""
