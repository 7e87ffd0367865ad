from odoo import api, fields, models

from .cost_phase import PHASES

STAFF_UNITS = [
    ("amount", "Amount"),
    ("day", "Person-days"),
    ("fte", "Full-time equivalents (FTE)"),
]


class CostLine(models.Model):
    """One cost of a project, as estimated, with its phase, nature and tax basis."""

    _name = "souverainete.cost.line"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Cost line of a project"
    _order = "project_id, sequence, id"
    _file_path = "project_id.file_ids"

    project_id = fields.Many2one(
        "souverainete.project", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Cost", required=True)
    phase = fields.Selection(
        PHASES,
        required=True,
        default="construction",
        help="What the cost is for, as the DINUM's service page lists it. The dated "
        "records “Phases of cost” say what counts: all from construction on, and "
        "maintenance for its first 24 months (arrêté of 5 June 2020, art. 2).",
    )
    nature = fields.Selection(
        [
            ("operation", "Operating"),
            ("investment", "Investment"),
            ("staff", "Staff"),
        ],
        required=True,
        default="operation",
        help="Operating, investment and staff all count (arrêté of 5 June 2020, "
        "art. 2). Staff (title 2 of the budget) bears no VAT.",
    )
    amount = fields.Monetary(
        currency_field="amount_currency_id",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="Estimated amount for the whole line, in its currency and on the tax "
        "basis beside it. Staff in days or FTE: quantity × unit cost.",
    )
    amount_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the amount",
        compute="_compute_amount_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="Currency of the amount. Another one than the ministry's is converted at "
        "the rate of the day, kept on the line.",
    )
    amount_known = fields.Boolean(
        string="Known",
        compute="_compute_amount_known",
        store=True,
        readonly=False,
        precompute=True,
        help="Unticked, the amount is unknown, which is not zero. Tick it for a cost "
        "that really is zero.",
    )
    tax_basis = fields.Selection(
        [("ht", "Excl. tax"), ("ttc", "Incl. tax")],
        required=True,
        default="ht",
        help="Without tax (HT) or with tax (TTC). The threshold is stated "
        "with tax: an amount without tax is converted at the rate beside it.",
    )
    tax_rate = fields.Float(
        string="VAT (%)",
        digits=(5, 2),
        default=lambda self: self._default_threshold().vat_rate,
        help="VAT that converts an amount without tax. 0 for an exempt cost.",
    )
    month_from = fields.Integer(
        string="From month",
        default=1,
        help="First month of maintenance the amount covers; month 1 follows the end "
        "of construction.",
    )
    month_to = fields.Integer(
        string="To month",
        default=lambda self: self._default_threshold().mco_months,
        help="Last month of maintenance the amount covers. The amount is spread "
        "evenly over its months: write one line a year when it varies.",
    )
    amount_ttc = fields.Monetary(
        string="Amount incl. tax",
        compute="_compute_amounts",
        store=True,
        help="€ TTC: the whole line, rounded to the cent. 0 while it is unknown.",
    )
    amount_counted = fields.Monetary(
        string="Counted incl. tax",
        compute="_compute_amounts",
        store=True,
        help="€ TTC: part of the line that enters the cost compared with the "
        "threshold. Rounded to be shown; the project adds exact amounts.",
    )
    amount_excluded = fields.Monetary(
        string="Not counted incl. tax",
        compute="_compute_amounts",
        store=True,
        help="€ TTC: maintenance after the months counted, or costs before "
        "construction. Shown, never added.",
    )
    cost_known = fields.Boolean(
        string="Cost known",
        compute="_compute_cost_known",
        store=True,
        help="The amount is known, and so are the exchange rate and the unit cost it "
        "takes. One that is missing leaves the cost of the project unknown.",
    )
    explanation = fields.Char(
        compute="_compute_explanation", help="How the amount counted is made up."
    )

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A cost is an amount of zero or more."
    )
    _rate_is_a_percentage = models.Constraint(
        "CHECK (tax_rate >= 0 AND tax_rate <= 100)",
        "A VAT rate is between 0 and 100 %.",
    )
    _months_ordered = models.Constraint(
        "CHECK (phase != 'mco' OR (month_from >= 1 AND month_to >= month_from))",
        "A maintenance cost states its months: from 1 on, the last not before the "
        "first.",
    )

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        derived = {"amount_ttc", "amount_counted", "amount_excluded", "cost_known"}
        return super()._get_server_fields() | derived

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"name"}

    @api.model
    def _default_threshold(self):
        company = self.env.company
        return self.env["souverainete.threshold"]._get(
            "dinum_opinion", company, company._souverainete_today()
        )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        proposed = [self._prepare_proposals(vals) for vals in vals_list]
        lines = super().create(proposed)
        lines.project_id._record_cost()
        return lines

    @api.model
    def _prepare_proposals(self, vals):
        """VAT and months as the threshold of the project's own ministry has them, in
        whichever company the user works."""
        project = self.env["souverainete.project"].browse(vals.get("project_id"))
        if not project.sudo().company_id:
            return vals
        own = self.with_company(project.sudo().company_id)
        return own.default_get(["tax_rate", "month_to"]) | vals

    def write(self, vals):
        projects = self.project_id
        res = super().write(vals)
        (projects | self.project_id)._record_cost()
        return res

    def unlink(self):
        projects = self.project_id
        res = super().unlink()
        projects._record_cost()
        return res
