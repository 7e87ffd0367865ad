from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PurchaseRequisition(models.Model):
    """What the need is worth, € HT."""

    _inherit = "purchase.requisition"

    amount_estimated = fields.Monetary(
        string="Estimated value (excl. tax)",
        copy=False,
        help="Estimated value of the whole need over its whole duration, options and "
        "extensions included, in € HT.",
    )
    amount_estimated_known = fields.Boolean(
        string="Estimate known",
        copy=False,
        help="Unticked, the value is unknown: unknown is neither zero nor below a "
        "threshold.",
    )
    amount_max = fields.Monetary(
        string="Maximum amount (excl. tax)",
        copy=False,
        help="Ceiling of the sum of the orders, in € HT.",
    )
    amount_max_known = fields.Boolean(string="Maximum known", copy=False)

    def _get_value(self):
        """(€ HT, known): the highest of the estimate, the maximum and the lines."""
        known = [
            self[name]
            for name in ("amount_estimated", "amount_max")
            if self[f"{name}_known"]
        ]
        lines = self._get_lines_amount()
        return max([*known, lines]), bool(known or lines)

    def _get_lines_amount(self):
        """Sum of the lines, € HT, at the agreed prices; a negative line hides none."""
        return sum(
            max(line.product_qty * line.price_unit, 0.0) for line in self.line_ids
        )

    # === CONSTRAINTS === #

    @api.constrains("amount_estimated", "amount_max")
    def _check_amounts(self):
        if self.filtered(lambda f: f.amount_estimated < 0 or f.amount_max < 0):
            raise ValidationError(self.env._("An amount cannot be negative."))

    @api.constrains(
        "amount_estimated", "amount_estimated_known", "amount_max", "amount_max_known"
    )
    def _check_unknown_is_not_zero(self):
        """Odoo reads an empty number as 0: a known amount is never 0."""
        for file in self:
            for name in ("amount_estimated", "amount_max"):
                if file[f"{name}_known"] and not file[name]:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(file)s is marked as known but is 0: give "
                            "the amount, or mark it as unknown.",
                            field=self._fields[name].string,
                            file=file.display_name,
                        )
                    )

    @api.onchange("amount_estimated")
    def _onchange_amount_estimated(self):
        self.amount_estimated_known = bool(self.amount_estimated)

    @api.onchange("amount_max")
    def _onchange_amount_max(self):
        self.amount_max_known = bool(self.amount_max)

    def _finding_estimate(self, options):
        """Unknown is neither zero nor below a threshold."""
        if self.need_id._get_value()[1]:
            return {}
        return {
            "": self.env._(
                "Give the estimated value of the whole need over its whole duration, "
                "in € excl. tax, at the top of the file."
            )
        }
