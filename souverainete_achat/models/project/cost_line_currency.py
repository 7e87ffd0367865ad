from fractions import Fraction

from odoo import api, fields, models

from .exact import to_fraction


class CostLine(models.Model):
    """An amount in another currency, at the rate of the day that is kept with it.

    Odoo converts a currency without any rate one for one, and before its first rate at
    that first rate: both tell nothing, and what is unknown is not below a threshold.
    """

    _inherit = "souverainete.cost.line"

    rate = fields.Float(
        string="Exchange rate",
        digits=0,
        compute="_compute_rate",
        store=True,
        help="Units of the line's currency for one of the ministry's: 1.08 when 1 € is "
        "1.08 USD. 0: no rate is known, and neither is the cost.",
    )
    rate_date = fields.Date(
        string="Rate of",
        compute="_compute_rate",
        store=True,
        help="Day of the rate used. It follows the day until the project is submitted "
        "to the DINUM or one of its files launched; then it stays.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"rate", "rate_date"}

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
        delays = self.env["souverainete.delay"].sudo()
        delay = delays.browse(delays._get_delay_id("exchange_rate", company.id, today))
        oldest = [("name", ">=", today - delay._get_period())] if delay else []
        return [("name", "<=", today), *oldest]
