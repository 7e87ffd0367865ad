from fractions import Fraction

from odoo import api, models

from .exact import round_half_up, to_fraction


class CostLine(models.Model):
    """What a line is worth with tax, and how much of it is counted: exact to the end,
    so that a thousand lines drift by no cent."""

    _inherit = "souverainete.cost.line"

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
        """The amount as stated, in its own currency and on its own tax basis."""
        return to_fraction(self.amount)

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
        company = self.project_id.company_id
        day = day or company._souverainete_today()
        return self.env["souverainete.cost.phase"]._get(self.phase, company, day)

    def _get_share(self, mco_months, day=None):
        """(months counted, months covered); (1, 1) for what counts entirely."""
        counts = self._get_phase(day).counts
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
