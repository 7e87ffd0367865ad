from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Qualification(models.Model):
    """A renewal under examination while the end date passes.

    It proves nothing by itself. A ministry's dated delay says for how long what runs
    goes on with a warning; nothing new is signed on it unless another delay says so.
    """

    _inherit = "souverainete.qualification"

    renewal_pending_since = fields.Date(
        string="Renewal pending since",
        tracking=True,
        help="First day on which the source says that the renewal is under "
        "examination. After the end date, running contracts go on with a warning for "
        "the ministry's delay (menu “Delays”); then it proves nothing.",
    )
    renewal_source = fields.Char(
        string="Source of the renewal",
        tracking=True,
        help="Where it was read that the renewal is under examination, and when.",
    )
    renewal_closed_on = fields.Date(
        string="Renewal no longer pending from",
        tracking=True,
        help="First day the renewal is no longer under examination: refused, or given "
        "up. A renewal granted is a new record instead.",
    )

    @api.model
    def _get_judged_fields(self):
        return super()._get_judged_fields() | {
            "renewal_pending_since",
            "renewal_source",
            "renewal_closed_on",
        }

    @api.constrains("renewal_pending_since", "renewal_source")
    def _check_renewal_source(self):
        for record in self.filtered("renewal_pending_since"):
            if not (record.renewal_source or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say where it was read that the renewal of “%(name)s” is under "
                        "examination (field “Source of the renewal”).",
                        name=record.display_name,
                    )
                )

    def _is_renewal_pending_on(self, day, period):
        """Whether the end date is passed on `day`, the renewal is under examination
        and the tolerated `period` after the end is not over. No period: never."""
        self.ensure_one()
        since, closed = self.renewal_pending_since, self.renewal_closed_on
        return bool(
            period
            and since
            and since <= day
            and not (closed and closed <= day)
            and self._get_standing(day) == "ended"
            and day <= self._get_tolerated_end(period)
        )

    def _get_tolerated_end(self, period):
        """Last day of the tolerated time, inclusive."""
        return self.date_end + period
