from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import get_lang


class CostExplained(models.AbstractModel):
    """One cost line in words: what was stated, tax, rate, months, counted or not and
    why."""

    _name = "souverainete.cost.explained"
    _description = "Cost line that is explained"

    explanation = fields.Char(
        compute="_compute_explanation", help="How the amount counted is made up."
    )

    @api.depends("amount_ttc", "amount_counted", "phase", "nature", "tax_basis")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = ", ".join(line._get_explanation())

    def _get_explanation(self):
        if not self.cost_known:
            return [self._explain_unknown()]
        return [
            part
            for part in (
                self._explain_stated(),
                self._explain_rate(),
                self._explain_tax(),
                self._explain_share(),
            )
            if part
        ]

    def _explain_unknown(self):
        """What is missing, and who can give it."""
        if self.amount_known:
            return self.env._(
                "no exchange rate of %(currency)s is known: an administrator enters "
                "it among the currencies",
                currency=self.amount_currency_id.name,
            )
        if not self._is_by_quantity():
            return self.env._("amount unknown")
        if not self.unit_cost:
            return self.env._(
                "unit cost unknown: type it, or have the ministry's average cost set"
            )
        return self.env._("quantity unknown")

    def _explain_stated(self):
        """Staff by quantity: how the amount was derived."""
        if not self._is_by_quantity():
            return ""
        values = {
            "quantity": self._format_number(self.staff_quantity),
            "months": self.staff_months,
            "cost": self.amount_currency_id.format(self.unit_cost),
            "origin": self._explain_unit_cost(),
        }
        if self.staff_unit == "day":
            return self.env._("%(quantity)s days × %(cost)s (%(origin)s)", **values)
        return self.env._(
            "%(quantity)s FTE × %(months)s months of %(cost)s a year (%(origin)s)",
            **values,
        )

    @api.model
    def _format_number(self, number):
        """A number in the reader's language, without zeros that say nothing."""
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return lang.format("%.10g", number)

    def _explain_unit_cost(self):
        """Whether the unit cost is an average in force, or was typed."""
        average = self.staff_cost_id.sudo()
        proposed = self._get_proposed_cost(average)
        if average and not self.amount_currency_id.compare_amounts(
            proposed, self.unit_cost
        ):
            return average.name
        return self.env._("typed on the line")

    def _explain_rate(self):
        if not self._is_foreign():
            return ""
        return self.env._(
            "%(amount)s at %(rate)s %(currency)s for 1 %(own)s (rate of %(day)s)",
            amount=self.amount_currency_id.format(self.amount),
            rate=self._format_number(self.rate),
            currency=self.amount_currency_id.name,
            own=self.currency_id.name,
            day=format_date(self.env, self.rate_date),
        )

    def _explain_tax(self):
        if self.nature == "staff":
            return self.env._("staff, no VAT")
        if self.tax_basis == "ttc":
            return self.env._("stated with tax")
        rate = self._format_number(self.tax_rate)
        return self.env._("plus %(rate)s %% VAT", rate=rate)

    def _explain_share(self):
        """The part that counts, where it is not the whole."""
        counts = self._get_phase().counts
        if counts == "none":
            return self.env._("before construction, not counted")
        if counts != "months":
            return ""
        months = self.project_id._get_threshold().mco_months
        counted, covered = self._get_share(months)
        return self.env._(
            "%(counted)s of %(covered)s months counted",
            counted=counted,
            covered=covered,
        )
