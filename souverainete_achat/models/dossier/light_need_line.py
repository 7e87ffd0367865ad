from odoo import fields, models


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

    def _end(self):
        """The order no longer counts: it was cancelled, or another file judges it."""
        for line in self:
            today = line.company_id._souverainete_today()
            line._write_server({"ended_on": today})
        self.need_id._refresh_totals()

    def _set_parts(self, parts):
        """Make these lines say what their orders buy now.

        `parts`: {(order, need, product): vals}; the answers and the day stay those of
        the confirmation.
        """
        known = {line._get_place(): line for line in self}
        kept = {key: line for key, line in known.items() if key in parts}
        for key, line in kept.items():
            line._write_server({"amount": parts[key]["amount"]})
        lines = self.browse().union(*kept.values())
        (self - lines)._end()
        missing = [vals for key, vals in parts.items() if key not in known]
        (lines | self._create_server(missing)).need_id._refresh_totals()

    def _get_place(self):
        return self.order_id.id, self.need_id.id, self.product_id.id
