from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..base.amount import round_half_up, to_fraction
from .cost_phase import PHASES

STAFF_UNITS = [
    ("amount", "Amount"),
    ("day", "Person-days"),
    ("fte", "Full-time equivalents (FTE)"),
]


class CostLine(models.Model):
    """One cost of a project, as estimated, with its phase, nature and tax basis."""

    _name = "souverainete.cost.line"
    _inherit = ["souverainete.cost.explained", "souverainete.declaration"]
    _description = "Cost line of a project"
    _order = "project_id, sequence, id"
    _file_path = "project_id.file_ids"
    _root_path = "project_id"
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
    _staff_not_negative = models.Constraint(
        "CHECK (staff_quantity >= 0 AND staff_months >= 0 AND unit_cost >= 0)",
        "Staff is a quantity, months and a unit cost of zero or more.",
    )

    project_id = fields.Many2one(
        "souverainete.project", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="project_id.currency_id")
    sequence = fields.Integer(default=10, guard="free")
    name = fields.Char(string="Cost", required=True, guard="free")
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
        guard="server",
    )
    amount_counted = fields.Monetary(
        string="Counted incl. tax",
        compute="_compute_amounts",
        store=True,
        help="€ TTC: part of the line that enters the cost compared with the "
        "threshold. Rounded to be shown; the project adds exact amounts.",
        guard="server",
    )
    amount_excluded = fields.Monetary(
        string="Not counted incl. tax",
        compute="_compute_amounts",
        store=True,
        help="€ TTC: maintenance after the months counted, or costs before "
        "construction. Shown, never added.",
        guard="server",
    )
    cost_known = fields.Boolean(
        string="Cost known",
        compute="_compute_cost_known",
        store=True,
        help="The amount is known, and so are the exchange rate and the unit cost it "
        "takes. One that is missing leaves the cost of the project unknown.",
        guard="server",
    )

    rate = fields.Float(
        string="Exchange rate",
        digits=0,
        compute="_compute_rate",
        store=True,
        help="Units of the line's currency for one of the ministry's: 1.08 when 1 € is "
        "1.08 USD. 0: no rate is known, and neither is the cost.",
        guard="server",
    )
    rate_date = fields.Date(
        string="Rate of",
        compute="_compute_rate",
        store=True,
        help="Day of the rate used. It follows the day until the project is submitted "
        "to the DINUM or one of its files launched; then it stays.",
        guard="server",
    )

    staff_unit = fields.Selection(
        STAFF_UNITS,
        string="Staff by",
        required=True,
        default="amount",
        help="How a staff cost is stated: as an amount, in person-days, or in "
        "full-time equivalents (FTE) during some months.",
    )
    staff_quantity = fields.Float(
        string="Quantity",
        digits=(16, 2),
        help="Person-days, or full-time equivalents: 2.5 is two people and a half.",
    )
    staff_months = fields.Integer(
        string="During (months)",
        default=12,
        help="Months the full-time equivalents work on the project.",
    )
    unit_cost = fields.Monetary(
        string="Unit cost",
        currency_field="amount_currency_id",
        compute="_compute_unit_cost",
        store=True,
        readonly=False,
        precompute=True,
        help="Full cost of one person-day, or of one FTE during a year. Proposed from "
        "the ministry's average costs in force, and typed over where better known.",
    )
    staff_cost_id = fields.Many2one(
        "souverainete.staff.cost",
        string="Average cost used",
        compute="_compute_staff_cost_id",
        store=True,
        precompute=True,
        help="Dated average the unit cost was proposed from.",
        guard="server",
    )

    @api.model
    def _default_threshold(self):
        company = self.env.company
        return self.env["souverainete.threshold"]._get(
            "dinum_opinion", company, company._souverainete_today()
        )

    # === AMOUNTS === #
    # What a line is worth with tax, and how much of it is counted: exact to the
    # end, so that a thousand lines drift by no cent.

    @api.depends("project_id.company_id")
    def _compute_amount_currency_id(self):
        for line in self:
            currency = line.amount_currency_id or line.currency_id
            line.amount_currency_id = currency or self.env.company.currency_id

    @api.depends("amount")
    def _compute_amount_known(self):
        for line in self:
            line.amount_known = bool(line.amount)

    @api.depends("amount_known", "amount_currency_id", "rate")
    def _compute_cost_known(self):
        for line in self:
            line.cost_known = line.amount_known and bool(line._get_rate())

    @api.depends(
        "amount",
        "cost_known",
        "phase",
        "nature",
        "tax_basis",
        "tax_rate",
        "month_from",
        "month_to",
        "project_id.company_id.public_entity_type",
    )
    def _compute_amounts(self):
        for line in self:
            months = line.project_id._get_threshold().mco_months
            total = line._round(line._get_ttc())
            line.amount_ttc = total
            line.amount_counted = line._get_counted(months)
            line.amount_excluded = line.currency_id.round(total - line.amount_counted)

    def _get_stated(self):
        """The amount as stated, in its own currency and on its own tax basis. Days and
        FTE are multiplied exactly: twelve twelfths make a whole year."""
        if not self._is_by_quantity():
            return to_fraction(self.amount)
        amount = to_fraction(self.staff_quantity) * to_fraction(self.unit_cost)
        return amount * self.staff_months / 12 if self.staff_unit == "fte" else amount

    def _get_ttc(self):
        """Amount with tax in the ministry's currency, exact."""
        if not self.cost_known:
            return Fraction()
        amount = self._get_stated() / self._get_rate()
        if self.nature == "staff" or self.tax_basis == "ttc":
            return amount
        return amount * (100 + to_fraction(self.tax_rate)) / 100

    def _get_phase(self, day=None):
        """The record in force that says whether the phase counts; empty: it does."""
        return self.env["souverainete.cost.phase"]._get(*self._get_phase_key(day))

    def _get_phase_key(self, day=None):
        company = self.project_id.company_id
        return self.phase, company, day or company._souverainete_today()

    def _get_share(self, mco_months, day=None):
        """(months counted, months covered); (1, 1) for what counts entirely."""
        phases = self.env["souverainete.cost.phase"]
        counts = phases._get_counts(*self._get_phase_key(day))
        if counts == "none":
            return 0, 1
        if counts != "months" or not mco_months:
            return 1, 1
        counted = min(self.month_to, mco_months) - self.month_from + 1
        return max(counted, 0), max(self.month_to - self.month_from + 1, 1)

    def _get_counted_exact(self, mco_months, day=None):
        """Part of the line, with tax, that enters the cost: not rounded."""
        counted, covered = self._get_share(mco_months, day)
        return self._get_ttc() * counted / covered

    def _get_counted(self, mco_months, day=None):
        """The same, to the cent, to be shown."""
        return self._round(self._get_counted_exact(mco_months, day))

    def _round(self, amount):
        return float(round_half_up(amount, self.currency_id))

    # === CURRENCY === #
    # An amount in another currency, at the rate of the day that is kept with it. Odoo
    # converts a currency without any rate one for one, and before its first rate at
    # that first rate: both tell nothing, and what is unknown is not below a threshold.

    def _is_foreign(self):
        return self.amount_currency_id != self.currency_id

    def _get_rate(self):
        """Exact rate; 1 in the ministry's own currency, 0 when it is not known."""
        return to_fraction(self.rate) if self._is_foreign() else Fraction(1)

    @api.depends("amount", "amount_currency_id", "project_id.company_id.currency_id")
    def _compute_rate(self):
        """Taken again each time the amount is stated, and every night until it is
        submitted or launched."""
        by_company = self.grouped(lambda line: line.project_id.company_id)
        for company, lines in by_company.items():
            foreign = lines.filtered(lambda line: line._is_foreign())
            rates = foreign._get_rates_of_day(company)
            for line in lines:
                rate, day = rates.get(line.amount_currency_id, (0.0, False))
                line.rate = rate if line in foreign else 1.0
                line.rate_date = day if line in foreign else False

    def _get_rates_of_day(self, company):
        """{currency: (rate, day)} of what is known today, the ministry's first."""
        if not self:
            return {}
        found = (
            self.env["res.currency.rate"]
            .sudo()
            .search(
                [
                    (
                        "currency_id",
                        "in",
                        (self.amount_currency_id | self.currency_id).ids,
                    ),
                    ("company_id", "in", [False, company.root_id.id]),
                    *self._get_rate_period(company),
                ],
                order="company_id.id, name DESC",
            )
        )
        latest = {rate.currency_id: rate for rate in reversed(found)}
        own = latest.pop(company.currency_id, found.browse()).rate or 1.0
        return {
            currency: (rate.rate / own, rate.name) for currency, rate in latest.items()
        }

    def _get_rate_period(self, company):
        """The days whose rate may be used: not of tomorrow, and not too old."""
        today = company._souverainete_today()
        time_limits = self.env["souverainete.time.limit"].sudo()
        time_limit = time_limits.browse(
            time_limits._get_time_limit_id("exchange_rate", company.id, today)
        )
        oldest = (
            [("name", ">=", today - time_limit._get_period())] if time_limit else []
        )
        return [("name", "<=", today), *oldest]

    # === DECLARED === #
    # Who may state a cost, and what is kept of the lines that were submitted.

    def _is_fact(self):
        """Whether the line records a fact instead of declaring something.

        An officer must always be able to record that a project turned out dearer:
        its files then lapse and the next act is refused. Refusing the record itself
        would only keep the true cost out of sight.
        """
        return self.env.user.has_group("souverainete_achat.group_officer")

    def _get_declared_files(self):
        files = super()._get_declared_files()
        return files.browse() if self._is_fact() else files

    @api.model
    def _get_files_from_vals(self, vals_list):
        files = super()._get_files_from_vals(vals_list)
        return files.browse() if self._is_fact() else files

    def _prepare_basis(self, mco_months):
        """The lines as the DINUM is asked to judge them, as JSON-able data."""
        return [line._prepare_basis_line(mco_months) for line in self]

    def _prepare_basis_line(self, mco_months):
        """One line; what only some lines have is added to these alone."""
        basis = {
            "name": self.name,
            "phase": self.phase,
            "nature": self.nature,
            "known": self.cost_known,
            "counted": self._get_counted(mco_months),
            "excluded": self.amount_excluded,
        }
        if self._is_by_quantity():
            basis |= {
                "unit": self.staff_unit,
                "quantity": self.staff_quantity,
                "months": self.staff_months if self.staff_unit == "fte" else 0,
                "unit_cost": self.unit_cost,
            }
        if self._is_foreign():
            basis |= {
                "amount": self.amount,
                "currency": self.amount_currency_id.name,
                "rate": self.rate,
                "rate_date": fields.Date.to_string(self.rate_date) or "",
            }
        return basis

    # === STAFF === #
    # Staff by days or full-time equivalents: the server multiplies.

    @api.depends("nature", "staff_unit", "amount_currency_id", "project_id.company_id")
    def _compute_staff_cost_id(self):
        for line in self:
            line.staff_cost_id = line._get_average_cost()

    # Apart from the average: the form computes the read-only one each time it is read,
    # and would wipe out the unit cost typed.
    @api.depends("nature", "staff_unit", "amount_currency_id", "project_id.company_id")
    def _compute_unit_cost(self):
        for line in self:
            line.unit_cost = line._get_proposed_cost(line._get_average_cost())

    def _get_proposed_cost(self, average):
        company = self.project_id.company_id
        return average._get_unit_cost(self.staff_unit, company) if average else 0.0

    def _get_average_cost(self):
        """The ministry's average cost in force, or empty: unknown."""
        averages = self.env["souverainete.staff.cost"]
        company = self.project_id.company_id
        if not self._is_by_quantity() or not company:
            return averages
        today = company._souverainete_today()
        average = averages._get(self.staff_unit, company, today)
        same = average.currency_id == self.amount_currency_id
        return average if same else averages

    @api.depends("nature", "staff_unit", "staff_quantity", "staff_months", "unit_cost")
    def _compute_amount(self):
        for line in self:
            by_quantity = line._is_by_quantity()
            line.amount = line._get_staff_amount() if by_quantity else line.amount

    def _is_by_quantity(self):
        """Whether the amount is a number of days or of FTE, at a unit cost."""
        return self.nature == "staff" and self.staff_unit in ("day", "fte")

    def _get_staff_amount(self):
        """Quantity × unit cost, to the cent, to be shown."""
        return float(round_half_up(self._get_stated(), self.amount_currency_id))

    @api.constrains(
        "amount",
        "amount_known",
        "nature",
        "staff_unit",
        "staff_quantity",
        "staff_months",
        "unit_cost",
    )
    def _check_staff_is_derived(self):
        """What a client sends as the amount of a number of days is derived again."""
        for line in self.filtered(lambda line: line._is_by_quantity()):
            wanted = line._get_staff_amount()
            known = bool(wanted)
            differs = line.amount_currency_id.compare_amounts(line.amount, wanted)
            if differs or line.amount_known != known:
                raise ValidationError(
                    self.env._(
                        "“%(line)s” is staff by quantity: its amount is the quantity "
                        "times the unit cost, and it is known once both are. Give "
                        "them, or state the cost as an amount.",
                        line=line.name,
                    )
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
