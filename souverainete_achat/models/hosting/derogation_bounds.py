from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

# The rule whose derogations the law is reported to bound.
_BOUNDED = "hosting_qualified"


class Derogation(models.Model):
    """Bounds of a derogation on the hosting of sensitive data.

    They were read in the press: what is beyond them is shown, and refused only where
    the ministry made the rule blocking.
    """

    _inherit = "souverainete.derogation"

    is_bounded = fields.Boolean(
        string="Bounded",
        compute="_compute_bounds",
        help="Whether the law is reported to bound such a derogation.",
    )
    date_limit = fields.Date(
        string="At the latest until",
        compute="_compute_bounds",
        help="Last day such a derogation may last, once an acceptable offer is "
        "available (inclusive).",
    )
    bounds_gap = fields.Text(
        string="Beyond the bounds",
        compute="_compute_bounds",
        help="What is missing or beyond the bounds.",
    )

    @api.depends(
        "rule_id",
        "requisition_id",
        "date_start",
        "date_end",
        "engaged_on",
        "acceptable_offer",
        "acceptable_offer_date",
    )
    def _compute_bounds(self):
        for record in self:
            bounded = bool(record.rule_id.code == _BOUNDED and record.company_id)
            today = (record.company_id or self.env.company)._souverainete_today()
            gaps = record._get_bound_gaps(today) if bounded else {}
            record.is_bounded = bounded
            record.date_limit = bounded and record._get_date_limit(today)
            record.bounds_gap = "\n".join(gaps.values())

    @api.constrains("acceptable_offer", "acceptable_offer_date")
    def _check_offer_date(self):
        for record in self:
            available = record.acceptable_offer == "available"
            if available != bool(record.acceptable_offer_date):
                raise ValidationError(
                    self.env._(
                        "Give the day an acceptable offer became available, or say "
                        "that there is none yet."
                    )
                )

    def _get_date_limit(self, today):
        """Last day (inclusive) it may last; False while no offer is acceptable, or
        where no delay is in force."""
        period = self.acceptable_offer_date and self._find_engaged_period(today)
        return bool(period) and self.acceptable_offer_date + period

    def _find_engaged_period(self, today):
        delays = self.env["souverainete.delay"]
        return delays._find("sren_engaged", self.company_id, today)

    def _get_bound_gaps(self, today):
        """{key: message} of what is missing, or beyond the bounds."""
        self.ensure_one()
        gaps = {
            "engaged": self._get_engaged_gap(),
            "offer": not self.acceptable_offer and self._get_offer_gap(),
            "limit": self._get_limit_gap(self._get_date_limit(today)),
            "delay": self._get_delay_gap(today),
        }
        return {key: message for key, message in gaps.items() if message}

    def _get_engaged_gap(self):
        if not self.engaged_on:
            return self.env._(
                "%(name)s: say when the project was engaged; such a derogation is for "
                "projects already engaged (form of the derogation).",
                name=self.display_name,
            )
        late = self.date_start and self.engaged_on > self.date_start
        return late and self.env._(
            "%(name)s: the project was engaged after the derogation starts; such a "
            "derogation is for projects already engaged.",
            name=self.display_name,
        )

    def _get_offer_gap(self):
        return self.env._(
            "%(name)s: say since when an acceptable offer is available, or that there "
            "is none yet (form of the derogation).",
            name=self.display_name,
        )

    def _get_limit_gap(self, limit):
        beyond = limit and self.date_end and self.date_end > limit
        return beyond and self.env._(
            "%(name)s: it lasts beyond %(limit)s, the end of the delay that runs since "
            "an acceptable offer is available. Ask for a shorter one, or migrate.",
            name=self.display_name,
            limit=format_date(self.env, limit),
        )

    def _get_delay_gap(self, today):
        """An unknown delay is no delay of zero, and no reason to judge nothing."""
        if not self.acceptable_offer_date or self._find_engaged_period(today):
            return ""
        return self.env._(
            "%(name)s: how long it may last is unknown, as no delay for projects "
            "already engaged is in force: a referentials manager has to propose one, "
            "in the menu “Delays”.",
            name=self.display_name,
        )
