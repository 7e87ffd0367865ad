from odoo import api, fields, models

from .dates import shift_end


class Amendment(models.Model):
    """A modification of a signed agreement: what it changes is judged, then signed.

    Signed, it is never rewritten, and the agreement may go exactly as far as it says.
    """

    _name = "souverainete.amendment"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Amendment"
    _order = "requisition_id, number, id"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Agreement",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[
            ("requisition_type", "=", "blanket_order"),
            ("state", "=", "confirmed"),
        ],
        help="The signed agreement that is modified.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", string="Ministry", store=True, index=True
    )
    currency_id = fields.Many2one(related="requisition_id.currency_id")
    number = fields.Integer(
        string="No.",
        aggregator=None,
        help="Rank among the amendments of the agreement.",
    )
    name = fields.Char(string="Object", required=True, help="What it is about.")
    ground = fields.Selection(
        [
            ("provided", "Provided for in the contract"),
            ("additional", "Additional services became necessary"),
            ("unforeseen", "Unforeseen circumstances"),
            ("holder", "New holder"),
            ("insubstantial", "Not substantial"),
            ("small", "Small amount"),
        ],
        string="Case of modification",
        help="Case of the modification (CCP R. 2194-1 to R. 2194-9). The wording of "
        "the cases was not read in the text: to be checked on Legifrance.",
    )
    ground_reason = fields.Text(
        string="Reasons", help="Why this case holds, for those who read it later."
    )
    date = fields.Date(
        help="Day the amendment is signed by the parties.",
        default=lambda self: self.env.company._souverainete_today(),
    )
    state = fields.Selection(
        [("draft", "Draft"), ("signed", "Signed")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    document = fields.Binary(attachment=True, copy=False, help="The signed amendment.")
    document_name = fields.Char(copy=False)

    # === WHAT IT CHANGES === #

    amount = fields.Monetary(
        string="Amount (excl. tax)",
        help="What it adds to the agreement, in € HT; negative when it takes away.",
    )
    amount_known = fields.Boolean(
        string="Amount known",
        help="Unticked, the amount is unknown, which is not zero. Tick it for an "
        "amendment without effect on the amount.",
    )
    duration_months = fields.Integer(
        string="Months added",
        help="Calendar months added to the agreement; negative when it is shortened.",
    )
    date_end_new = fields.Date(
        string="New end",
        compute="_compute_date_end_new",
        store=True,
        precompute=True,
        readonly=False,
        help="Last day of the agreement once amended. Empty: the end does not change.",
    )
    vendor_id = fields.Many2one(
        "res.partner",
        string="New holder",
        ondelete="restrict",
        help="Who takes the contract over from its vendor. Empty: the holder stays.",
    )
    line_ids = fields.One2many(
        "souverainete.amendment.line",
        "amendment_id",
        string="Products added",
        help="What the agreement did not cover: judged as it would be in a new one.",
    )
    cost_included = fields.Boolean(
        string="Already in the project's cost",
        help="Tick it where the cost lines of the digital project already count this "
        "amount. Otherwise signing adds it to them, and the DINUM's threshold is "
        "compared with the sum.",
    )

    # === WHAT SIGNING RECORDS === #

    amount_before = fields.Monetary(
        string="Amount before (excl. tax)", copy=False, help="€ HT, when it was signed."
    )
    amount_before_known = fields.Boolean(string="Amount before known", copy=False)
    date_end_before = fields.Date(string="End before", copy=False)
    signed_on = fields.Datetime(string="Recorded on", copy=False)
    signed_by_id = fields.Many2one("res.users", string="Recorded by", copy=False)
    share = fields.Float(
        string="Cumulated share",
        copy=False,
        aggregator=None,
        help="Sum of the amendments signed, this one included, over the amount of the "
        "agreement before the first one, both in € HT.",
    )
    share_known = fields.Boolean(
        string="Share known",
        copy=False,
        help="Unticked where the initial amount, or that of an amendment, is unknown.",
    )

    _number_uniq = models.Constraint(
        "UNIQUE (requisition_id, number)",
        "An agreement has one amendment per number.",
    )
    _duration_bounded = models.Constraint(
        "CHECK (duration_months BETWEEN -1200 AND 1200)",
        "An amendment adds or removes at most 1200 months.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "company_id",
            "number",
            "state",
            "amount_before",
            "amount_before_known",
            "date_end_before",
            "signed_on",
            "signed_by_id",
            "share",
            "share_known",
        }

    # === COMPUTE METHODS === #

    @api.depends("requisition_id", "number")
    def _compute_display_name(self):
        for amendment in self:
            file = amendment.requisition_id.display_name or ""
            amendment.display_name = (
                self.env._(
                    "%(file)s, amendment %(number)s",
                    file=file,
                    number=amendment.number,
                )
                if amendment.number
                else self.env._("%(file)s, new amendment", file=file)
            )

    @api.depends("duration_months", "requisition_id")
    def _compute_date_end_new(self):
        for amendment in self:
            end, months = amendment.requisition_id.date_end, amendment.duration_months
            start = amendment.requisition_id.date_start
            if end and months:
                amendment.date_end_new = shift_end(end, months, start)
            else:
                amendment.date_end_new = amendment.date_end_new

    @api.onchange("amount")
    def _onchange_amount(self):
        self.amount_known = self.amount_known or bool(self.amount)
