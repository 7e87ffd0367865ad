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

    # === PART OF THE RULE === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._record_author()
        return lines

    def write(self, vals):
        # Before and after: a line may be taken out of a rule in force, or put into it.
        self._record_author()
        result = super().write(vals)
        self._record_author()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_proposals(self):
        self._record_author()

    def _record_author(self):
        """The table changes with a proposal of the rule: who changes it wrote it."""
        if self.env.uid == SUPERUSER_ID:
            return
        rules = self.rule_id
        rules.check_access("write")
        rules._check_editable()
        rules._write_server({"author_id": self.env.uid})

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
