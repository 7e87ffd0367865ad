from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class Retention(models.Model):
    """How long the content of the journals is kept, with its dates and its source."""

    _name = "souverainete.retention"
    _inherit = ["souverainete.policy"]
    _description = "Retention period of the journals"
    _order = "date_start desc, id desc"
    _months_positive = models.Constraint(
        "CHECK (months > 0)", "A retention period is at least one month."
    )

    name = fields.Char(required=True, translate=True)
    months = fields.Integer(
        required=True,
        help="Months the content of an entry is kept, counted from the entry or, when "
        "it is later, from the end of the agreement.",
    )

    @api.model
    def _get(self, company, date):
        """The period in force on `date` for `company`, or empty.

        The ministry's own wins over the common one.
        """
        return self._search_in_force(company.id, date)[:1]

    def _get_limit(self, date):
        """What is older than this day may be eliminated on `date`."""
        return date - relativedelta(months=self.months)
