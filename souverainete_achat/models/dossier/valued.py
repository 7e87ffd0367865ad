from odoo import api, models
from odoo.exceptions import ValidationError

from ..base.amount import Amount
from ..base.reading import read_lines
from ..base.told import tell


class Valued(models.AbstractModel):
    """A purchase file and what it is worth, € HT: unknown is never zero."""

    _name = "souverainete.valued"
    _inherit = ["souverainete.scoped"]
    _description = "Purchase file with a value"

    # === VALUE === #
    # What the need is worth, € HT.

    def _get_value(self):
        """The highest of the estimate, the maximum and the lines."""
        names = ("amount_estimated", "amount_max")
        parts = [*(Amount.stated(self, n) for n in names), self._get_lines_amount()]
        return Amount(max(p.value for p in parts), any(p.known for p in parts))

    def _get_lines_amount(self):
        """Sum of the lines, at the agreed prices; a negative line hides none. Lines
        without a price say nothing."""
        amount = sum(
            max(line.product_qty * line.price_unit, 0.0)
            for line in read_lines(self, "line_ids")
        )
        return Amount(amount, bool(amount))

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

    @api.onchange("line_ids")
    def _onchange_lines(self):
        """What the lines say is proposed: the object, and the value of the need."""
        if self.scope_status != "out":
            self.reference = self.reference or self._get_proposed_object()
            # The need is worth at least what is listed: less was not yet estimated.
            worth = self._get_lines_amount()
            if worth.known and worth.value > self.amount_estimated:
                self.amount_estimated, self.amount_estimated_known = worth

    @api.onchange("amount_estimated")
    def _onchange_amount_estimated(self):
        self.amount_estimated_known = bool(self.amount_estimated)

    @api.onchange("amount_max")
    def _onchange_amount_max(self):
        self.amount_max_known = bool(self.amount_max)

    def _finding_estimate(self, options):
        """Unknown is neither zero nor below a threshold."""
        if self.need_id._get_value().known:
            return {}
        return {
            "": tell(self.env)._(
                "Give the estimated value of the whole need over its whole duration, "
                "in € excl. tax, at the top of the file."
            )
        }
