from odoo import api, models, tools

from .amount import Amount


class Currency(models.Model):
    _inherit = "res.currency"

    def _convert_dated(self, amount, currency, company, date):
        """`amount` in `currency`, at the rate of the day: as `_convert`, which reads
        the same rates again for each file that is judged."""
        rate = self._get_dated_rate(self.id, currency.id, company.id, date)
        return currency.round(amount * rate)

    def _convert_known(self, amount, currency, company):
        """The Amount that `amount` makes in `currency`, at the server's day."""
        day = company._souverainete_today()
        known = self == currency or all(c._has_rate(company) for c in self | currency)
        return Amount(self._convert_dated(amount, currency, company, day), known)

    def _has_rate(self, company):
        """Whether this currency compares with the company's: Odoo converts one without
        any rate one for one, which tells nothing."""
        return self == company.currency_id or bool(self.sudo().rate_ids)

    @api.model
    @tools.ormcache("from_id", "to_id", "company_id", "date")
    def _get_dated_rate(self, from_id, to_id, company_id, date):
        source, target = self.browse([from_id]), self.browse([to_id])
        company = self.env["res.company"].browse(company_id)
        return self._get_conversion_rate(source, target, company, date)
