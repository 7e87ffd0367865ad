from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang


class Need(NamedTuple):
    """What tells one need of a ministry from another."""

    basis: str
    code: str
    product_id: int | None
    vendor_id: int | None


_BATCH = 500


class LightNeed(models.Model):
    """What a ministry buys by small orders: one row a need, whatever it is split by."""

    _name = "souverainete.light.need"
    _inherit = ["souverainete.evidence", "mail.thread", "mail.activity.mixin"]
    _description = "Small purchases that add up"
    _order = "share desc, id"
    _rec_names_search = ("code", "product_id", "vendor_id")
    # Officers answer an activity and discuss; nobody writes the figures.
    _mail_post_access = "read"
    _need_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (company_id, basis, code, product_id, vendor_id)",
        "A ministry has one row for each need.",
    )

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        help="The ministry whose small orders add up, its branches included.",
    )
    basis = fields.Selection(
        [
            ("cpv", "Same CPV class"),
            ("chorus", "Same Chorus group of goods"),
            ("product", "Same product, without class"),
            ("vendor", "Same vendor, without class"),
        ],
        string="What adds up",
        required=True,
        help="A need is a family of goods or services, whatever the number of vendors "
        "(CCP R. 2121-6): the same CPV class or the same Chorus group. Without one: "
        "the same product, or the same vendor.",
    )
    code = fields.Char(
        string="Family",
        help="First digits of the CPV class, or Chorus group of goods.",
    )
    product_id = fields.Many2one("product.template", index="btree_not_null")
    vendor_id = fields.Many2one("res.partner", index="btree_not_null")
    rev = fields.Integer(
        help="Raised by each small order of this need, so that the database refuses "
        "one of two confirmed at once."
    )
    line_ids = fields.One2many(
        "souverainete.light.need.line", "need_id", string="Small orders"
    )

    currency_id = fields.Many2one(related="company_id.currency_id")
    order_count = fields.Integer(
        string="Orders",
        help="Small orders of the period that counts, those that buyers stated as not "
        "digital included.",
    )
    amount = fields.Monetary(
        string="Sum (excl. tax)",
        help="Sum of the small orders of the period that counts, in € HT, those that "
        "buyers stated as not digital included.",
    )
    amount_stated = fields.Monetary(
        string="Stated not digital (excl. tax)",
        help="What of it buyers alone stated as not digital, in € HT: above a dated "
        "amount, a compliance officer agrees.",
    )
    ceiling = fields.Monetary(
        string="Ceiling (excl. tax)",
        help="Ceiling of the light circuit in force, in € HT.",
    )
    share = fields.Float(
        string="Share of the ceiling",
        aggregator="max",
        help="Sum of the small orders, over the ceiling. From 100 % on, the need needs "
        "a purchase file.",
    )
    date_last = fields.Date(string="Last small order")
    warned_on = fields.Date(
        string="Officer told on",
        help="Day a compliance officer was told that the small orders of this need "
        "reach the ceiling. Told once a period.",
    )

    @api.depends("basis", "code", "product_id.name", "vendor_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for need in self:
            need.display_name = need.sudo()._get_label()

    def _get_label(self):
        if self.basis == "vendor":
            return self.env._("%(vendor)s, without class", vendor=self.vendor_id.name)
        if self.basis == "product":
            return self.product_id.name
        if self.basis == "chorus":
            return self.env._("Chorus group %(code)s", code=self.code)
        return self.env._("CPV %(code)s", code=self.code)

    def _get_ceiling_label(self, kind):
        ceiling = self._get_ceiling(kind)
        return formatLang(self.env, ceiling.amount, currency_obj=ceiling.currency_id)

    # === NEEDS OF AN ORDER === #
    def _get_key(self):
        return Need(
            self.basis,
            self.code or "",
            self.product_id.id or None,
            self.vendor_id.id or None,
        )

    @api.model
    def _find(self, ministry, keys):
        """The needs of a ministry that have one of these keys."""
        any_key = Domain.OR(
            Domain(
                [(name, "=", value or False) for name, value in key._asdict().items()]
            )
            for key in keys
        )
        return self.search(Domain("company_id", "=", ministry.id) & any_key)

    @api.model
    def _get_held(self, ministry, products, sellers):
        """{need: products among these that it already counts}; `sellers`: ids of the
        vendors whose needs count."""
        groups = self.env["souverainete.light.need.line"]._read_group(
            [
                ("need_id.company_id", "=", ministry.id),
                ("need_id.vendor_id", "in", [False, *sellers]),
                ("product_id", "in", products.ids),
                ("ended_on", "=", False),
            ],
            ["need_id"],
            ["product_id:recordset"],
        )
        return dict(groups)

    # === TWO AT ONCE === #
    @api.model
    def _make(self, ministry, keys):
        """Make the needs that are missing, and write the row of the others.

        Under REPEATABLE READ, PostgreSQL refuses whoever comes second: what they read
        of the need is no longer true, and Odoo tries again. Always in the same order,
        so that two orders of several needs do not wait for one another.
        """
        rows = [
            SQL("(%s, %s, %s, %s::int, %s::int, 1)", ministry.id, *key)
            for key in sorted(keys, key=str)
        ]
        if not rows:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO souverainete_light_need
                    (company_id, basis, code, product_id, vendor_id, rev)
                VALUES %s
                ON CONFLICT (company_id, basis, code, product_id, vendor_id)
                DO UPDATE SET rev = souverainete_light_need.rev + 1
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_model(["rev"], flush=False)

    def _touch(self):
        """Write the rows of these needs: one of two at once is refused."""
        for need in self.sudo().sorted("id"):
            need._write_server({"rev": need.rev + 1})

    # === LIGHT NEED TOTAL === #
    # What the small orders of a need are worth: figures people read and sort by.
    # Each order is judged again on its own.

    # === PERIOD AND CEILING === #
    @api.model
    def _get_start(self, company):
        """First day that counts. Without a period in force, nothing is too old."""
        today = company._souverainete_today()
        time_limits = self.env["souverainete.time.limit"].sudo()
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id("split", company.id, today)
        )
        return today - time_limit._get_period() if time_limit else date.min

    def _get_ceiling(self, kind="light"):
        company = self.company_id
        today = company._souverainete_today()
        return self.env["souverainete.threshold"]._get(kind, company, today)

    def _get_live_domain(self, company, kind="light"):
        """What counts towards the threshold `kind`: what an officer agreed to does not,
        and what buyers state alone counts for both."""
        kinds = ("scope_out",) if kind == "scope_out" else ("light", "scope_out")
        return [
            ("need_id", "in", self.ids),
            ("kind", "in", kinds),
            ("ended_on", "=", False),
            ("date", ">=", self._get_start(company)),
        ]

    def _get_amounts(self, orders, company, kind):
        """{need: € HT of what counts but these orders}, in the ministry's currency,
        over the period that counts for `company`."""
        if not self:
            return {}
        others = ("order_id", "not in", orders._origin.ids)
        groups = self.env["souverainete.light.need.line"]._read_group(
            [*self._get_live_domain(company, kind), others],
            ["need_id"],
            ["amount:sum"],
        )
        return dict(groups)

    def _get_other_orders(self, order, kind):
        """The small orders that `order` adds up with, the dearest first."""
        groups = self.env["souverainete.light.need.line"]._read_group(
            [
                *self._get_live_domain(order.company_id, kind),
                ("order_id", "!=", order._origin.id),
            ],
            ["order_id"],
            ["amount:sum"],
        )
        ranked = sorted(groups, key=lambda group: -group[1])
        return order.browse([other.id for other, _amount in ranked])

    def _get_uncalled(self, company, orders=None):
        """{need: {agreement: € HT}} that agreements stated as not digital are worth
        beyond their recorded orders, over the period that counts for `company`.

        `orders`: those that are judged now, which are left apart.
        """
        files = self.env["purchase.requisition"].sudo()
        if not self or not (agreements := files._search_stated(company)):
            return {}
        called = self._get_called(company, agreements, orders)
        found = {need: {} for need in self}
        by_key = {need._get_key(): need for need in self}
        for agreement in agreements:
            for key, amount in agreement._get_stated_parts().items():
                if need := by_key.get(key):
                    rest = amount - called.get((need, agreement), 0.0)
                    found[need][agreement] = max(rest, 0.0)
        return {need: rests for need, rests in found.items() if rests}

    def _get_called(self, company, agreements, orders=None):
        """{(need, agreement): € HT} of the recorded orders of these agreements."""
        apart = orders._origin.ids if orders else []
        groups = self.env["souverainete.light.need.line"]._read_group(
            [
                *self._get_live_domain(company),
                ("order_id.requisition_id", "in", agreements.ids),
                ("order_id", "not in", apart),
            ],
            ["need_id", "order_id"],
            ["amount:sum"],
        )
        called = {}
        for need, order, amount in groups:
            key = need, order.requisition_id
            called[key] = called.get(key, 0.0) + amount
        return called

    # === TOTALS === #
    def _refresh_totals(self):
        """Write what each need is worth now; constant queries, only what changed."""
        for company, needs in self.sudo().grouped("company_id").items():
            lines = self.env["souverainete.light.need.line"]
            groups = lines._read_group(
                needs._get_live_domain(company),
                ["need_id"],
                ["order_id:count_distinct", "amount:sum", "date:max"],
            )
            stated = lines._read_group(
                needs._get_live_domain(company, "scope_out"),
                ["need_id"],
                ["amount:sum"],
            )
            totals, stated = {need: t for need, *t in groups}, dict(stated)
            uncalled = needs._get_uncalled(company)
            for need in needs:
                count, amount, last = totals.get(need, (0, 0.0, False))
                rest = sum(uncalled.get(need, {}).values())
                own = stated.get(need, 0.0) + rest
                need._write_totals(count, amount + rest, last, own)

    def _write_totals(self, order_count, amount, date_last, amount_stated):
        vals = {
            "order_count": order_count,
            "amount": amount,
            "amount_stated": amount_stated,
            "date_last": date_last,
            **self._prepare_share(amount),
        }
        if any(self[name] != value for name, value in vals.items()):
            self._write_server(vals)

    def _prepare_share(self, amount):
        threshold, company = self._get_ceiling(), self.company_id
        today = company._souverainete_today()
        ceiling = threshold.currency_id._convert_dated(
            threshold.amount, self.currency_id, company, today
        )
        share = amount / ceiling if ceiling else 0.0
        return {"ceiling": ceiling, "share": round(share, 4)}

    @api.model
    def _cron_refresh_totals(self):
        """Every night, in batches: orders grow old, ceilings change."""
        remaining = self.search_count([])
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        last = 0
        while needs := self.search([("id", ">", last)], order="id", limit=_BATCH):
            needs._refresh_totals()
            for need in needs.filtered(lambda n: n.share >= 1):
                need._warn_officer(self.env["res.users"])
            last = needs[-1].id
            if not self.env["ir.cron"]._commit_progress(len(needs)):
                break

    # === OFFICER === #
    def _warn_officer(self, requesters):
        """The officers who do not ask for it, once a period; again where somebody
        deleted it."""
        need = self.sudo()
        told = self.env["mail.activity"]._tell(
            need,
            "light_need",
            need.company_id._get_role_users("group_officer") - requesters,
            lambda read: read.env._("Small orders of one need reach the ceiling"),
            answered=need._get_start(need.company_id),
            note=self.env._(
                "Small orders of %(need)s reach the ceiling of the light circuit: the "
                "next one is refused until the whole need has a purchase file.",
                need=need.display_name,
            ),
        )
        if told:
            need._write_server({"warned_on": need.company_id._souverainete_today()})
