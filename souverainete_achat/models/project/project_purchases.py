from odoo import models


class Project(models.Model):
    """What the project is said to cost, compared with what is bought for it."""

    _inherit = "souverainete.project"

    def _is_understated(self, day=None):
        """Whether its purchases alone, plus VAT, reach the threshold, while its cost
        lines, everything included, are worth less than they are without tax."""
        threshold = self._get_threshold(day)
        worth = self._get_purchased_value()
        taxed = self.currency_id.round(worth * (100 + threshold.vat_rate) / 100)
        compare = self.currency_id.compare_amounts
        reached = compare(taxed, self._get_threshold_amount(day)) >= 0
        return bool(threshold) and reached and not self._is_stated(worth)

    def _is_stated(self, worth):
        """Whether purchases of this worth, in € HT, fit in the cost lines, everything
        included."""
        stated = sum(float(line._get_ttc()) for line in self.cost_line_ids)
        return self.currency_id.compare_amounts(worth, stated) <= 0

    def _get_purchased_value(self):
        """€ HT: what the purchase files of the project are worth together at least,
        each need once and without the ceilings of umbrella frameworks. A currency
        without any rate adds nothing: what it is worth is unknown."""
        threshold = self._get_threshold()
        needs = self.file_ids.filtered(
            lambda file: (
                file._is_expense()
                and not threshold._is_rate_unknown(file.currency_id, self.company_id)
            )
        )
        day = self.company_id._souverainete_today()
        return sum(
            need.currency_id._convert(
                need._get_value()[0], self.currency_id, self.company_id, day
            )
            for need in needs
        )

    def _get_understated_message(self):
        return self.env._(
            "The purchases of %(project)s are worth %(worth)s excl. tax, more than all "
            "its cost lines together: complete them, on the project's form.",
            project=self.display_name,
            worth=self.currency_id.format(self._get_purchased_value()),
        )
