from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class Ratio(models.Model):
    """A percentage that bounds what an act may change, with its dates and its source.

    What was not read in a primary text warns, and refuses nothing.
    """

    _name = "souverainete.ratio"
    _inherit = ["souverainete.policy"]
    _description = "Dated percentage"
    _order = "kind, date_start desc, id"
    _percent_positive = models.Constraint(
        "CHECK (percent >= 0)", "A percentage is not negative."
    )

    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("amendment_provided", "Modification provided for in the contract"),
            ("amendment_additional", "Modification: additional services"),
            ("amendment_unforeseen", "Modification: unforeseen circumstances"),
            ("amendment_holder", "Modification: new holder"),
            ("amendment_insubstantial", "Modification that is not substantial"),
            ("amendment_small", "Modification of a small amount"),
            ("lapsed_price", "Price of what is ordered on a lapsed contract"),
            ("tax", "Taxes of an order, over its amount excl. tax"),
        ],
        required=True,
    )
    percent = fields.Float(
        string="Percentage",
        aggregator=None,
        help="In percent of what it is compared with. 0: the source sets none.",
    )
    is_cumulated = fields.Boolean(
        string="Cumulated",
        help="Ticked, it bounds the sum of what was done on this ground; unticked, "
        "each act by itself.",
    )

    @api.constrains("percent", "company_id", "kind", "date_start", "policy_state")
    def _check_ministry_hardens(self):
        """A ministry lowers a percentage, or keeps it."""
        for ratio in self.filtered("company_id"):
            day = ratio.date_start or ratio.company_id._souverainete_today()
            common = self._search_in_force(False, day, [("kind", "=", ratio.kind)])[:1]
            if common.percent and not 0 < ratio.percent <= common.percent:
                raise ValidationError(
                    self.env._(
                        "A ministry may lower the percentage “%(name)s”, not raise it "
                        "nor take it off.",
                        name=common.name,
                    )
                )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "kind")

    @api.model
    def _get(self, kind, company, date):
        """The percentage of `kind` in force on `date`, or empty; the ministry's own
        wins over the common one."""
        return self.sudo().browse(self._get_ratio_id(kind, company.id, date))

    @api.model
    @tools.ormcache("kind", "company_id", "date")
    def _get_ratio_id(self, kind, company_id, date):
        return self._search_in_force(company_id, date, [("kind", "=", kind)])[:1].id

    def _is_law(self):
        """Whether it was read in a primary text: what goes beyond it is refused."""
        return self.certainty == "primary"

    def _raise_by(self, amount):
        """`amount`, raised by this percentage; without any, as it is."""
        return amount * (1 + self.percent / 100)
