from odoo import api, fields, models


class PurchaseOrderLine(models.Model):
    """What the list of compared alternatives shows beside the price."""

    _inherit = "purchase.order.line"

    compared_option_id = fields.Many2one(
        "souverainete.option",
        string="Option",
        compute="_compute_compared_option",
        help="Option of the need that this vendor would deliver, if you may read it: "
        "offers are confidential to the analysts of the file until award.",
    )
    compared_verdict = fields.Char(
        string="Verdict",
        compute="_compute_compared_option",
        help="What was decided about the option on its purchase file.",
    )
    compared_sovereignty = fields.Char(
        string="Sovereignty",
        compute="_compute_compared_option",
        help="From the score at worst to the score at best, out of 100, and the lowest "
        "level among the answers given. It helps to compare: it never decides alone.",
    )

    # No dependency: these are read by one list, and no write has to follow them.
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_compared_option(self):
        options = self.order_id._get_compared_options()
        for line in self:
            option = options.get(line.order_id, line.env["souverainete.option"])
            standing = option._get_standing() if option else {}
            line.compared_option_id = option
            line.compared_verdict = standing.get("verdict")
            line.compared_sovereignty = standing.get("sovereignty")
