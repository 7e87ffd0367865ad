from odoo import api, models, tools

from .amount import Amount


class Currency(models.Model):
    _name = "res.currency"
    _inherit = ["res.currency", "souverainete.kept"]

    def _convert_dated(self, amount, currency, company, date):
        """`amount` in `currency`, at the rate of the day: as `_convert`, which reads
        the same rates again for each file that is judged."""
        rate = self._get_dated_rate(self.id, currency.id, company.id, date)
        return currency.round(amount * rate)

    def _convert_known(self, amount, currency, company):
        """The Amount that `amount` makes in `currency`, at the server's day."""
        day = company._souverainete_today()
        if not self._is_comparable(currency, company):
            return Amount.unknown()
        return Amount(self._convert_dated(amount, currency, company, day), True)

    def _is_comparable(self, currency, company):
        """Whether a rate ties the two: without one Odoo converts one for one, which
        tells nothing."""
        return self == currency or all(c._has_rate(company) for c in self | currency)

    def _has_rate(self, company):
        """Whether this currency compares with the company's: by a rate that Odoo would
        read for it, its own or everybody's."""
        readers = company.root_id | company.browse()
        rates = self.sudo().rate_ids
        return self == company.currency_id or any(
            not rate.company_id or rate.company_id in readers for rate in rates
        )

    @api.model
    @tools.ormcache("from_id", "to_id", "company_id", "date")
    def _get_dated_rate(self, from_id, to_id, company_id, date):
        source, target = self.browse([from_id]), self.browse([to_id])
        company = self.env["res.company"].browse(company_id)
        return self._get_conversion_rate(source, target, company, date)
