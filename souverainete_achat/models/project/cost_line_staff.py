from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cost_line import STAFF_UNITS
from .exact import round_half_up, to_fraction


class CostLine(models.Model):
    """Staff by days or full-time equivalents: the server multiplies."""

    _inherit = "souverainete.cost.line"

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
    )

    _staff_not_negative = models.Constraint(
        "CHECK (staff_quantity >= 0 AND staff_months >= 0 AND unit_cost >= 0)",
        "Staff is a quantity, months and a unit cost of zero or more.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"staff_cost_id"}

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

    def _get_stated(self):
        """Days and FTE are multiplied exactly: twelve twelfths make a whole year."""
        if not self._is_by_quantity():
            return super()._get_stated()
        amount = to_fraction(self.staff_quantity) * to_fraction(self.unit_cost)
        return amount * self.staff_months / 12 if self.staff_unit == "fte" else amount

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
