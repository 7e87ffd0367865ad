from odoo import api, fields, models, tools

from ..base.amount import round_half_up, to_fraction

UNITS = [("day", "One person-day"), ("fte", "One FTE during a year")]


class StaffCost(models.Model):
    """Average full cost of the State's own staff: a choice of the ministry, dated."""

    _name = "souverainete.staff.cost"
    _inherit = ["souverainete.policy"]
    _description = "Average cost of staff"
    _order = "unit, date_start desc, id"
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An average cost is more than zero."
    )

    name = fields.Char(required=True, translate=True)
    unit = fields.Selection(UNITS, string="For", required=True, default="day")
    amount = fields.Monetary(
        required=True,
        help="Full cost of that unit: pay, contributions and, where the ministry "
        "counts them, overheads. Staff (title 2) bears no VAT.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.ref("base.EUR"),
    )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "unit")

    @api.model
    def _get(self, unit, company, date):
        """The average of `unit` in force on `date`, else that of the other unit, which
        the days of an FTE convert; empty: unknown."""
        other = "fte" if unit == "day" else "day"
        averages = self.sudo()
        found = averages.browse(averages._get_average_id(unit, company.id, date))
        if found or not self._get_fte_days_id(company, date):
            return found
        return averages.browse(averages._get_average_id(other, company.id, date))

    @api.model
    @tools.ormcache("unit", "company_id", "date")
    def _get_average_id(self, unit, company_id, date):
        return self._search_in_force(company_id, date, [("unit", "=", unit)])[:1].id

    @api.model
    def _get_fte_days_id(self, company, date):
        time_limits = self.env["souverainete.time.limit"].sudo()
        return time_limits._get_time_limit_id("fte_days", company.id, date)

    def _get_unit_cost(self, unit, company):
        """The cost of one `unit`, converted by the days an FTE works in a year."""
        if unit == self.unit:
            return self.amount
        days = self.env["souverainete.time.limit"].browse(
            self._get_fte_days_id(company, company._souverainete_today())
        )
        amount = to_fraction(self.amount)
        number = days.sudo().number
        exact = amount / number if unit == "day" else amount * number
        return float(round_half_up(exact, self.currency_id))
