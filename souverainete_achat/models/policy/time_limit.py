from dateutil.relativedelta import relativedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError


class TimeLimit(models.Model):
    """A period that changes what is asked or when, with its dates and its source."""

    _name = "souverainete.time.limit"
    _inherit = ["souverainete.policy"]
    _description = "Dated time limit"
    _order = "kind, date_start desc, id"
    _number_positive = models.Constraint(
        "CHECK (number > 0)", "A time limit is at least one day or one month."
    )

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("split", "Small orders that count as one need"),
            ("spend", "Spend shown to be classified"),
            ("renewal_formalised", "Preparing a renewal by a formalised procedure"),
            ("renewal_adapted", "Preparing a renewal below the formalised procedures"),
            ("review_before_notice", "Examining a contract before its notice"),
            ("review_escalation", "Escalating an examination left unanswered"),
            ("alternatives_review", "Age of a review of alternatives"),
            ("extreme_urgency_max", "Longest duration of an extreme urgency"),
            ("extreme_urgency_regularise", "Regularising an extreme urgency"),
            ("continuity", "Adding up what is ordered on a lapsed contract"),
            ("sren_engaged", "Derogation for a project already engaged (SREN)"),
        ],
        required=True,
    )
    number = fields.Integer(
        string="Duration", required=True, help="How many days or calendar months."
    )
    unit = fields.Selection(
        [("days", "Days"), ("months", "Months")], required=True, default="months"
    )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "kind")

    @api.model
    def _get(self, kind, company, date):
        """The time limit of `kind` in force on `date`; the ministry's own wins over the
        common one. Raises when there is none: unknown is not zero."""
        time_limit = self.sudo().browse(self._get_time_limit_id(kind, company.id, date))
        if not time_limit:
            label = dict(self._fields["kind"]._description_selection(self.env))[kind]
            raise UserError(
                self.env._(
                    "No time limit “%(kind)s” is in force: a referentials manager has "
                    "to propose one, in the menu “Time limits”.",
                    kind=label,
                )
            )
        return time_limit

    @api.model
    @tools.ormcache("kind", "company_id", "date")
    def _get_time_limit_id(self, kind, company_id, date):
        return self._search_in_force(company_id, date, [("kind", "=", kind)])[:1].id

    def _get_period(self):
        """The period, to be added to a date or taken from it: calendar months end on
        the last day of a shorter month."""
        self.ensure_one()
        unit, number = self._get_length()
        return relativedelta(**{unit: number})

    @tools.ormcache("self.id")
    def _get_length(self):
        """(unit, number), kept between requests: a version in force is not edited."""
        return self.unit, self.number
