from decimal import Decimal

from odoo import api, models


class CostLine(models.Model):
    """What a line is worth with tax, and how much of it is counted."""

    _inherit = "souverainete.cost.line"

    @api.depends("amount")
    def _compute_amount_known(self):
        for line in self:
            line.amount_known = bool(line.amount)

    @api.depends(
        "amount",
        "amount_known",
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
            line.amount_excluded = line._round(total - line.amount_counted)

    def _get_ttc(self):
        """Amount with tax, exact: the threshold is met to the cent or it is not."""
        if not self.amount_known:
            return Decimal()
        amount = Decimal(str(self.amount))
        if self.nature == "staff" or self.tax_basis == "ttc":
            return amount
        return amount * (100 + Decimal(str(self.tax_rate))) / 100

    def _get_share(self, mco_months):
        """(months counted, months covered); (1, 1) for what counts entirely."""
        if self.phase != "mco" or not mco_months:
            return 1, 1
        counted = min(self.month_to, mco_months) - self.month_from + 1
        return max(counted, 0), max(self.month_to - self.month_from + 1, 1)

    def _get_counted(self, mco_months):
        """Part of the line, with tax, in the first `mco_months` of maintenance."""
        counted, covered = self._get_share(mco_months)
        return self._round(self._get_ttc() * counted / covered)

    def _round(self, amount):
        return self.currency_id.round(float(amount))

    @api.depends("amount_ttc", "amount_counted", "phase", "nature", "tax_basis")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = ", ".join(line._get_explanation())

    def _get_explanation(self):
        if not self.amount_known:
            return [self.env._("amount unknown")]
        months = self.project_id._get_threshold().mco_months
        counted, covered = self._get_share(months)
        if self.phase != "mco":
            return [self._explain_tax()]
        return [
            self._explain_tax(),
            self.env._(
                "%(counted)s of %(covered)s months counted",
                counted=counted,
                covered=covered,
            ),
        ]

    def _explain_tax(self):
        if self.nature == "staff":
            return self.env._("staff, no VAT")
        if self.tax_basis == "ttc":
            return self.env._("stated with tax")
        return self.env._("plus %(rate)s %% VAT", rate=f"{self.tax_rate:g}")
