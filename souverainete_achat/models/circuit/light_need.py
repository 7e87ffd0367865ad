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


class LightNeed(models.Model):
    """What a ministry buys by small orders: one row a need, whatever it is split by."""

    _name = "souverainete.light.need"
    _inherit = ["souverainete.evidence", "mail.thread", "mail.activity.mixin"]
    _description = "Small purchases that add up"
    _order = "share desc, id"
    _rec_names_search = ("code", "product_id", "vendor_id")
    # Officers answer an activity and discuss; nobody writes the figures.
    _mail_post_access = "read"

    company_id = fields.Many2one(
        "res.company",
        string="Ministry",
        required=True,
        index=True,
        help="The ministry whose small orders add up, its branches included.",
    )
    basis = fields.Selection(
        [
            ("cpv", "Same CPV code"),
            ("product", "Same product, without CPV code"),
            ("vendor", "Same vendor and CPV category"),
        ],
        string="What adds up",
        required=True,
        help="A need is a use: the same full CPV code or the same product, whatever "
        "the vendor; or what one vendor sells in one CPV category (first five digits).",
    )
    code = fields.Char(
        string="CPV",
        help="Full CPV code (8 digits), or first five digits of what one vendor sells.",
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

    _need_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (company_id, basis, code, product_id, vendor_id)",
        "A ministry has one row for each need.",
    )

    @api.depends("basis", "code", "product_id.name", "vendor_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for need in self:
            need.display_name = need.sudo()._get_label()

    def _get_label(self):
        if self.basis == "vendor":
            return self._get_vendor_label()
        if self.basis == "product":
            return self.product_id.name
        return self.env._("CPV %(code)s", code=self.code)

    def _get_vendor_label(self):
        if not self.code:
            return self.env._(
                "%(vendor)s, without CPV code", vendor=self.vendor_id.name
            )
        return self.env._(
            "%(vendor)s, CPV %(code)s…", vendor=self.vendor_id.name, code=self.code
        )

    def _get_ceiling_label(self):
        ceiling = self._get_ceiling()
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
    def _get_held(self, ministry, products, vendor):
        """{need: products among these that it already counts}."""
        groups = self.env["souverainete.light.need.line"]._read_group(
            [
                ("need_id.company_id", "=", ministry.id),
                ("need_id.vendor_id", "in", [False, vendor.id]),
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
