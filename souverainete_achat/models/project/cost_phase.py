from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

PHASES = [
    ("study", "Studies before construction"),
    ("construction", "Construction"),
    ("interfaces", "Interfaces"),
    ("hardware", "Hardware: purchase and deployment"),
    ("mco", "Maintenance and updates (MCO)"),
    ("change", "Change management"),
    ("communication", "Communication"),
    ("decommissioning", "Decommissioning"),
]

COUNTS = [("none", "Not counted"), ("months", "First months"), ("all", "Entirely")]


class CostPhase(models.Model):
    """Whether the costs of a phase enter the cost of a project, and by which text."""

    _name = "souverainete.cost.phase"
    _inherit = ["souverainete.policy"]
    _description = "Phase of cost"
    _order = "sequence, date_start desc, id"
    _months_are_of_maintenance = models.Constraint(
        "CHECK (counts != 'months' OR phase = 'mco')",
        "Only maintenance is counted for its first months.",
    )

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    phase = fields.Selection(
        PHASES, required=True, help="Phase that cost lines are given."
    )
    counts = fields.Selection(
        COUNTS,
        string="Counted",
        required=True,
        default="all",
        help="How much of such a cost enters what is compared with the threshold of "
        "the DINUM's opinion. The first months are those of the threshold in force.",
    )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "phase")

    @api.model
    def _get(self, phase, company, date):
        """The record of `phase` in force on `date`; empty: nothing is said of it."""
        return self.sudo().browse(self._get_phase_id(phase, company.id, date))

    @api.model
    @tools.ormcache("phase", "company.id", "date")
    def _get_counts(self, phase, company, date):
        """How costs of `phase` are counted on `date`, kept between requests."""
        return self._get(phase, company, date).counts

    @api.model
    @tools.ormcache("phase", "company_id", "date")
    def _get_phase_id(self, phase, company_id, date):
        return self._search_in_force(company_id, date, [("phase", "=", phase)])[:1].id

    @api.constrains("counts", "company_id", "phase", "policy_state")
    def _check_ministry_hardens(self):
        """A ministry counts more than the common rule does, never less."""
        ranks = [key for key, _label in COUNTS]
        for version in self.filtered("company_id"):
            today = version.company_id._souverainete_today()
            common = self._search_in_force(
                False, today, [("phase", "=", version.phase)]
            )[:1]
            if common and ranks.index(version.counts) < ranks.index(common.counts):
                raise ValidationError(
                    self.env._(
                        "A ministry may count more of “%(name)s”, not less.",
                        name=version.name,
                    )
                )
