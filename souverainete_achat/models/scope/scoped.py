from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCOPES = [("in", "Digital"), ("ask", "To be stated"), ("out", "Not digital")]


class Scoped(models.AbstractModel):
    """Is this purchase digital? Derived from CPV codes, or stated with a reason."""

    _name = "souverainete.scoped"
    _inherit = ["souverainete.guarded"]
    _description = "Scope of the digital doctrine"

    scope_override = fields.Selection(
        [
            ("auto", "According to the CPV codes"),
            ("in", "Digital"),
            ("out", "Not digital"),
        ],
        string="Digital purchase",
        required=True,
        default="auto",
        copy=False,
        tracking=True,
        help="State whether the purchase is digital where the CPV codes do not say. "
        "Taking a digital purchase out asks a reason and, above a dated amount (€ HT) "
        "or when the amount is unknown, the compliance officer's agreement.",
    )
    scope_reason = fields.Char(
        string="Reason for the scope",
        copy=False,
        tracking=True,
        help="Why the purchase is not digital although its codes say so.",
    )
    scope_status = fields.Selection(
        SCOPES,
        string="Scope",
        compute="_compute_scope",
        store=True,
        copy=False,
        help="Digital: the doctrine applies. To be stated: the codes do not say, and "
        "nothing can be launched or signed before someone does.",
    )
    is_digital = fields.Boolean(compute="_compute_scope", store=True, copy=False)
    scope_drift = fields.Boolean(
        string="Reclassified since",
        copy=False,
        help="A product changed class after this was confirmed. The record itself "
        "stays as it was judged.",
    )

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "scope_status",
            "is_digital",
            "scope_drift",
        }

    def _get_bought_products(self):
        """Products of the lines."""
        return self.env["product.product"]

    def _get_settled_products(self):
        """Products already judged not digital, whatever they became since."""
        return self.env["product.product"]

    def _get_scope_codes(self):
        """CPV codes that say what is bought."""
        return self._get_product_codes(
            self._get_bought_products() - self._get_settled_products()
        )

    @api.model
    def _get_product_codes(self, products):
        codes = {product._get_cpv_code() for product in products.product_tmpl_id}
        return codes - {False}

    def _get_scope_amount(self):
        """(amount HT in the record's currency, known) of what would be taken out."""
        return 0.0, False

    def _get_scope_requesters(self):
        """Who asks for the purchase: they never grant their own request."""
        return self.create_uid | self.user_id

    # === SCOPE === #

    def _compute_scope(self):
        for record in self:
            record.scope_status = record._derive_scope()
            record.is_digital = record.scope_status == "in"

    @api.constrains("scope_status", "is_digital")
    def _check_scope_is_derived(self):
        """A stored compute is a plain column that anybody could write by RPC."""
        for record in self:
            scope = record._derive_scope()
            if (record.scope_status, record.is_digital) != (scope, scope == "in"):
                raise ValidationError(
                    self.env._(
                        "The scope of %(name)s is derived from its CPV codes and "
                        "cannot be written.",
                        name=record.display_name,
                    )
                )

    def _derive_scope(self):
        """`in`, `ask` or `out`, from the inputs alone."""
        self.ensure_one()
        if self.scope_override == "in":
            return "in"
        scope = self._get_codes_scope()
        if self.scope_override == "out" and self._is_scope_out_allowed(scope):
            return "out"
        return scope

    def _refresh_stated_scope(self):
        """Derive again what was stated: it depends on amounts, which the stored scope
        does not follow, since that would burden each line of each purchase."""
        stated = self.filtered(lambda r: r.scope_override == "out")
        stale = stated.filtered(lambda r: r.scope_status != r._derive_scope())
        for name in ("scope_status", "is_digital"):
            self.env.add_to_compute(self._fields[name], stale)

    def _get_codes_scope(self):
        """The strictest of what the CPV codes say; no code at all: not digital."""
        return self._get_strictest_scope(self._get_scope_codes())

    def _get_strictest_scope(self, codes):
        company = self.company_id
        today = company._souverainete_today()
        prefix = self.env["souverainete.cpv.prefix"]
        scopes = {prefix._get_scope(code, company, today) for code in codes}
        return next((scope for scope in ("in", "ask") if scope in scopes), "out")

    def _is_below(self, kind, amount):
        """Whether `amount` (HT) is below the threshold of `kind`, if there is one."""
        return self._compare_to_threshold(kind, amount) is False

    def _is_reached(self, kind, amount):
        """Whether `amount` (HT) reaches the threshold of `kind`, if there is one."""
        return self._compare_to_threshold(kind, amount) is True

    def _compare_to_threshold(self, kind, amount):
        """True when `amount` reaches it, False below it, None without a threshold."""
        company = self.company_id
        today = company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get(kind, company, today)
        currency = self.currency_id or company.currency_id
        if not threshold:
            return None
        return threshold._is_reached_by(amount, currency, company, today)

    def _reclassify(self):
        """Recompute drafts after a product changed class; mark what is confirmed."""
        drafts = self.filtered(lambda r: r._is_scope_open())
        for name in ("scope_status", "is_digital"):
            self.env.add_to_compute(self._fields[name], drafts)
        drifted = (self - drafts).filtered(lambda r: r._is_scope_drifting())
        drifted._write_server({"scope_drift": True})

    def _is_scope_drifting(self):
        """Whether what was bought would be judged otherwise today."""
        codes = self._get_product_codes(self._get_bought_products())
        return self._get_strictest_scope(codes) != self.scope_status

    def _is_scope_open(self):
        """Whether nothing was decided yet on the strength of the scope."""
        return self.state in ("draft", "sent")

    def action_scope_in(self):
        """The buyer states that the purchase is digital."""
        self.write({"scope_override": "in"})
