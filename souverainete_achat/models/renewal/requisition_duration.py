from odoo import api, fields, models

from .dates import get_end, shift_end

EXTENSIONS = [
    ("none", "No extension"),
    ("tacit", "Tacit extensions"),
    ("express", "Express extensions"),
    ("unknown", "Not known"),
]
# Only what is decided one period at a time has periods to examine.
EXTENDED = ("tacit", "express")
_DURATION = frozenset(
    {
        "date_start",
        "duration_months",
        "reconduction_kind",
        "reconduction_count",
        "reconduction_months",
        "notice_months",
    }
)


class PurchaseRequisition(models.Model):
    """How long the agreement lasts, period by period."""

    _inherit = "purchase.requisition"

    reconduction_kind = fields.Selection(
        EXTENSIONS,
        string="Extensions",
        required=True,
        default="unknown",
        tracking=True,
        help="Reconduction. Tacit: it happens unless someone stops it in time. "
        "Express: it happens only when someone decides it. Not known is not “none” "
        "(CCP R. 2112-4, cited from memory by a practitioner: to be checked).",
    )
    reconduction_count = fields.Integer(
        string="Number of extensions",
        tracking=True,
        help="How many times the agreement may be extended (reconductions). The end "
        "of the agreement counts them all.",
    )
    reconduction_months = fields.Integer(
        string="Length of an extension (months)",
        tracking=True,
        help="How many calendar months each extension lasts.",
    )
    notice_months = fields.Integer(
        string="Notice (months)",
        tracking=True,
        help="How many calendar months before the end of a period its extension can "
        "still be stopped, or must be decided. 0: no notice is stated.",
    )

    _extensions_bounded = models.Constraint(
        "CHECK (reconduction_count BETWEEN 0 AND 100 "
        "AND reconduction_months BETWEEN 0 AND 120 "
        "AND notice_months BETWEEN 0 AND 120)",
        "Extensions are at most 100, of at most 120 months, with at most 120 months' "
        "notice, and none of these is negative.",
    )

    def write(self, vals):
        result = super().write(vals)
        if _DURATION & set(vals):
            self.filtered("deadline_state")._refresh_deadlines()
        return result

    # === PERIODS === #

    def _get_last_end(self):
        """Last day of the agreement, extensions included; False when not known."""
        if self.date_end or not (self.date_start and self.duration_months > 0):
            return self.date_end
        return get_end(self.date_start, self.duration_months)

    def _get_period_ends(self):
        """Last days of the firm period and of each extension; [] when not known."""
        end = self._get_last_end()
        if not end:
            return []
        base, start = self._get_base_end(end), self.date_start
        ends = [shift_end(base, -step, start) for step in self._get_steps()]
        return [*(day for day in ends if not start or day >= start), end]

    def _get_steps(self):
        """Months from the end of the firm period, and of each extension but the last,
        to the end of them all."""
        months = self.reconduction_months
        if self.reconduction_kind not in EXTENDED or not months:
            return []
        return [months * left for left in range(self.reconduction_count, 0, -1)]

    def _get_base_end(self, end):
        """The end before amendments put it off: extensions are counted from there."""
        signed = self.amendment_ids.filtered(lambda a: a._has_put_off())
        return min([end, *signed.mapped("date_end_before")])

    @api.onchange("date_start", "duration_months")
    def _onchange_duration_months(self):
        """The end is proposed where it is empty: it is not estimated, but computed
        from the two things that were typed."""
        if not self.date_end and self._get_last_end():
            self.date_end = self._get_last_end()
