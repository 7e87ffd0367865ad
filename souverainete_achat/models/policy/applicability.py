from odoo import api, fields, models

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
    _inherit = ["souverainete.rule.part"]
    _description = "Where a rule applies"
    _order = "rule_id, id"
    _line_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (rule_id, nature, route, circuit)",
        "This rule already has a line for the same nature, route and circuit.",
    )

    rule_id = fields.Many2one(
        "souverainete.rule", required=True, index=True, ondelete="cascade"
    )
    nature = fields.Selection(NATURES, help="Empty: any nature.")
    route = fields.Selection(ROUTES, help="Empty: any route.")
    circuit = fields.Selection(CIRCUITS, help="Empty: any circuit.")
    applies = fields.Boolean(
        default=True, help="Unticked: the rule is not asked of such purchases."
    )
    reason = fields.Char(
        translate=True,
        help="Why the rule is asked or not of such purchases: the text, or the choice "
        "of the ministry.",
    )

    # === SHIPPED TABLE === #
    @api.model
    def _load_records(self, data_list, update=False):
        """Shipped once, as rules are: an update of the addon keeps what was decided
        since. A CSV file cannot say so itself."""
        for data in data_list:
            data["noupdate"] = True
        return super()._load_records(data_list, update)

    # === READING === #
    def _get_label(self):
        """Of which purchases the line speaks, in words."""
        named = [
            dict(self._fields[axis]._description_selection(self.env))[self[axis]]
            for axis in ("nature", "route", "circuit")
            if self[axis]
        ]
        purchases = " + ".join(named) or self.env._("in general")
        if self.applies:
            return self.env._("%(purchases)s, asked", purchases=purchases)
        return self.env._("%(purchases)s, not asked", purchases=purchases)

    def _prepare_table(self):
        """What `is_asked` reads of the lines of one rule, the strongest first: the line
        that names most characteristics and, between equals, an exclusion."""
        table = [
            ((line.nature, line.route, line.circuit), line.applies) for line in self
        ]
        return tuple(
            sorted(table, key=lambda line: (-sum(map(bool, line[0])), line[1]))
        )


def is_asked(table, case):
    """Whether a purchase of this (nature, route, circuit) is asked the rule. What no
    line speaks of is asked: unknown is no exemption."""
    return next((applies for named, applies in table if _matches(named, case)), True)


def _matches(named, case):
    return all(
        not name or name == value for name, value in zip(named, case, strict=True)
    )
