from odoo import api, fields, models


class LightNeedLine(models.Model):
    """What one small order bought of one need, and the answers it was confirmed on."""

    _name = "souverainete.light.need.line"
    _inherit = ["souverainete.evidence"]
    _description = "Small order of a need"
    _order = "date desc, id desc"

    need_id = fields.Many2one(
        "souverainete.light.need",
        required=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        "purchase.order",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="order_id.company_id",
        string="Body",
        store=True,
        index=True,
        precompute=True,
    )
    vendor_id = fields.Many2one("res.partner", required=True)
    product_id = fields.Many2one("product.template", required=True, index=True)
    kind = fields.Selection(
        [
            ("light", "Small digital order"),
            ("scope_out", "Stated not digital by the buyer"),
            ("agreed", "Agreed not digital by an officer"),
        ],
        string="Counts as",
        required=True,
        default="light",
        help="What an officer agreed to adds up to nothing.",
    )
    scope_reason = fields.Char(
        string="Reason for the scope",
        help="Why it is not digital, as stated when the order was confirmed.",
    )
    scope_words = fields.Char(
        string="Digital words", help="Words that it was asked about for."
    )
    scope_officer_id = fields.Many2one("res.users", string="Scope agreed by")
    is_kept = fields.Boolean(
        string="Received or billed",
        help="The order was cancelled after a reception or a bill: what was received "
        "or billed counts for good.",
    )
    currency_id = fields.Many2one(related="need_id.currency_id")
    amount = fields.Monetary(
        string="Amount (excl. tax)",
        help="What the order buys of this product, in € HT; a rebate hides nothing.",
    )
    date = fields.Date(
        string="Confirmed on",
        required=True,
        help="Day of the confirmation by the server's clock, in Paris.",
    )
    ended_on = fields.Date(
        string="No longer counts since",
        help="Day the order was cancelled, or went to a purchase file of its own.",
    )
    user_id = fields.Many2one("res.users", string="Confirmed by")
    light_mutualised = fields.Selection(
        selection=lambda self: self._get_answers("light_mutualised"),
        string="Mutualised solution looked for?",
        help="As answered when the order was confirmed.",
    )
    light_cloud = fields.Selection(
        selection=lambda self: self._get_answers("light_cloud"),
        string="Cloud service?",
        help="As answered when the order was confirmed.",
    )
    light_sensitive = fields.Selection(
        selection=lambda self: self._get_answers("light_sensitive"),
        string="Sensitive data?",
        help="As answered when the order was confirmed.",
    )

    def _get_answers(self, name):
        field = self.env["purchase.order"]._fields[name]
        return field._description_selection(self.env)

    @api.model
    def _search_said(self, ministry, company, product_ids):
        """The lines of these products that somebody stated as not digital, for this
        ministry, over the period that counts for `company`."""
        return self.search(
            [
                ("need_id.company_id", "=", ministry.id),
                ("product_id", "in", product_ids),
                ("kind", "!=", "light"),
                ("date", ">=", self.need_id._get_start(company)),
            ]
        )

    def _end(self):
        """The order no longer counts, but for what was received or billed of it."""
        for line in self.filtered(lambda line: not line.is_kept):
            today = line.company_id._souverainete_today()
            line._write_server({"ended_on": today})
        self.need_id._refresh_totals()

    def _end_of_order(self, taken):
        """The order left its state: what was received or billed of it counts for good.

        `taken`: {product: € HT, in the order's currency}.
        """
        for line in self.filtered(lambda line: taken[line.product_id] > 0):
            amount = line.order_id._to_ministry(taken[line.product_id])
            kept = line.amount if line.is_kept else 0.0
            line._write_server({"amount": max(amount, kept), "is_kept": True})
        self._end()

    def _set_parts(self, parts):
        """Make these lines say what their orders buy now.

        `parts`: {(order, need, product): vals}; the answers and the day stay those of
        the confirmation.
        """
        known = {line._get_place(): line for line in self}
        kept = {key: line for key, line in known.items() if key in parts}
        for key, line in kept.items():
            amount = max(parts[key]["amount"], line.amount if line.is_kept else 0.0)
            line._write_server({"amount": amount, "kind": parts[key]["kind"]})
        lines = self.browse().union(*kept.values())
        (self - lines)._end()
        missing = [vals for key, vals in parts.items() if key not in known]
        (lines | self._create_server(missing)).need_id._refresh_totals()

    def _get_place(self):
        return self.order_id.id, self.need_id.id, self.product_id.id
