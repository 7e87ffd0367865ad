from odoo import SUPERUSER_ID, api, fields, models

NATURES = [
    ("cloud", "Cloud service"),
    ("licence", "Licence or subscription"),
    ("maintenance", "Maintenance"),
    ("development", "Development"),
    ("intellectual", "Intellectual services"),
    ("hardware", "Hardware"),
    ("telecom", "Telecommunications"),
]
ROUTES = [
    ("own", "Own procedure"),
    ("call_off", "Order under a framework"),
    ("subsequent", "Subsequent contract of a framework"),
    ("interministerial", "Interministerial agreement"),
    ("central_body", "Central purchasing body (UGAP)"),
    ("no_competition", "Without publicity or competition"),
    ("public_cooperation", "Cooperation between public bodies"),
]
CIRCUITS = [
    ("light", "Light"),
    ("standard", "Standard"),
    ("reinforced", "Reinforced"),
]


class Applicability(models.Model):
    """One line of the table that says of which purchases a rule is asked."""

    _name = "souverainete.applicability"
    _inherit = ["souverainete.guarded"]
    _description = "Where a rule applies"
    _order = "rule_id, id"

    rule_id = fields.Many2one(
        "souverainete.rule", required=True, index=True, ondelete="cascade"
    )
    nature = fields.Selection(NATURES, help="Empty: any nature.")
    route = fields.Selection(ROUTES, help="Empty: any route.")
    circuit = fields.Selection(CIRCUITS, help="Empty: any circuit.")
    applies = fields.Boolean(
        default=True, help="Unticked: the rule is not asked of such purchases."
    )

    _line_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (rule_id, nature, route, circuit)",
        "This rule already has a line for the same nature, route and circuit.",
    )

    @api.constrains("rule_id", "nature", "route", "circuit", "applies")
    def _check_rule_is_proposal(self):
        """The table is part of the rule: it changes with a new version of it."""
        if self.env.uid == SUPERUSER_ID:
            return
        self.rule_id._check_editable()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_proposals(self):
        self._check_rule_is_proposal()

    def _matches(self, nature, route, circuit):
        """Whether this line speaks of a purchase with these characteristics."""
        return (
            self.nature in (False, nature)
            and self.route in (False, route)
            and self.circuit in (False, circuit)
        )

    def _get_specificity(self):
        """How many characteristics the line names; an exclusion wins a tie."""
        named = [self.nature, self.route, self.circuit]
        return (sum(map(bool, named)), not self.applies)
