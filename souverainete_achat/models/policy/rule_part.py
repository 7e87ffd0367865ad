from ast import literal_eval

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..base.text import is_blank

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

_OPERATORS = frozenset(
    ["=", "!=", "<", "<=", ">", ">=", "in", "not in", "like", "not like", "ilike"]
    + ["not ilike", "=like", "=ilike"]
)


class RulePart(models.AbstractModel):
    """A line of a rule: it changes with its proposal, and who changes it wrote it."""

    _name = "souverainete.rule.part"
    _inherit = [
        "souverainete.written",
        "souverainete.guarded",
        "souverainete.kept",
        "souverainete.shipping",
    ]
    _description = "Part of a rule"
    _root_path = "rule_id"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_proposed()
        return lines

    def write(self, vals):
        # Before and after: a line may be taken out of a rule in force, or put into it.
        self._check_proposed()
        result = super().write(vals)
        self._check_proposed()
        return result

    def _update_field_translations(self, *args, **kwargs):
        """Translating passes beside `write`."""
        self._check_proposed()
        self._get_roots()._add_authors()
        return super()._update_field_translations(*args, **kwargs)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_of_proposals(self):
        self._check_proposed()

    def _is_touched(self, note):
        """A rule that the site replaced is, with its lines."""
        return super()._is_touched(note) or self.rule_id._is_replaced()

    def _take_release(self, values):
        if self.rule_id._is_replaced():
            self.rule_id._come_back()
        return super()._take_release(values)

    def _check_proposed(self):
        """A part changes with a proposal of the rule."""
        if self.env.uid == SUPERUSER_ID:
            return
        rules = self.rule_id
        rules.check_access("write")
        rules._check_editable()


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


class RulePoint(models.Model):
    """One thing that a rule asks to be filled in: what lacks it, and what it is told.

    The condition is a domain on the file, or on the order; `need_id.` leads to what
    the need says. It reads fields and never searches. A text of spaces is empty.
    """

    _name = "souverainete.rule.point"
    _inherit = ["souverainete.placed", "souverainete.rule.part"]
    _description = "What a rule asks to be filled in"
    _order = "rule_id, sequence, id"
    _key_uniq = models.Constraint(
        "UNIQUE NULLS NOT DISTINCT (rule_id, key)",
        "Two points of one rule have the same key: give each its own.",
    )

    rule_id = fields.Many2one(
        "souverainete.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    key = fields.Char(
        help="What tells the points of one rule apart, while their wording changes."
    )
    domain = fields.Char(
        string="Lacking where",
        required=True,
        help="Which files, or orders, lack this, as a domain: "
        "[('need_id.exit_plan', '=', False)]. A text of spaces is empty.",
    )
    message = fields.Char(
        string="What is told",
        required=True,
        translate=True,
        help="A full sentence that says what is missing and where to click.",
    )

    @api.constrains("domain", "rule_id")
    def _check_domain(self):
        for point in self:
            model = self.env[point.rule_id._get_judged_model()._name]
            try:
                _check_conditions(model, point._get_domain())
            except (SyntaxError, TypeError, ValueError) as error:
                raise ValidationError(
                    self.env._(
                        "The condition %(domain)s of the rule “%(rule)s” is not one: "
                        "%(error)s",
                        domain=point.domain,
                        rule=point.rule_id.name,
                        error=error,
                    )
                ) from error

    def _get_domain(self):
        """The condition as it is written; nothing in it is evaluated."""
        return Domain(literal_eval(self.domain.strip()))

    def _compile(self):
        """(key, whether a record lacks it, message, place) as each judgement reads
        it."""
        model = self.env[self.rule_id._get_judged_model()._name]
        is_lacking = _read(iter(self._get_domain()), model)
        return self.key or "", is_lacking, self.message, self.place or ""


def _check_conditions(model, domain):
    """Raise ValueError unless the domain names what it is about, and may."""
    conditions = list(domain.iter_conditions())
    if not conditions:
        raise ValueError(model.env._("it names no field"))
    for condition in conditions:
        _check_condition(model, condition)


def _check_condition(model, condition):
    """Raise ValueError unless a condition reads stored fields that everybody may read,
    of the record or of those it links to one by one."""
    *links, last = condition.field_expr.split(".")
    for name in (*links, last):
        field = model._fields.get(name)
        if not field or not field.store or field.groups:
            raise ValueError(model.env._("no field %(field)s", field=name))
        if name in links and field.type != "many2one":
            raise ValueError(model.env._("%(field)s is no single link", field=name))
        if field.relational:
            model = model.env[field.comodel_name]
    empty = condition.operator in ("=", "!=") and condition.value is False
    if condition.operator not in _OPERATORS or (field.relational and not empty):
        raise ValueError(
            model.env._(
                "%(field)s is filled in or not: compare it with False",
                field=last,
            )
        )


def _read(terms, model):
    """Whether one record meets the condition, as a function of it: Odoo's own are made
    for lists, and cost ten times as much."""
    term = next(terms)
    if term == "!":
        negated = _read(terms, model)
        return lambda record: not negated(record)
    if term in ("&", "|"):
        first, second = _read(terms, model), _read(terms, model)
        if term == "&":
            return lambda record: first(record) and second(record)
        return lambda record: first(record) or second(record)
    path, operator, value = term
    *links, last = path.split(".")
    for name in links:
        model = model[name]
    is_met = _get_test(model._fields[last], operator, value)

    def follow(record):
        for name in links:
            record = record[name]
        return is_met(record)

    return follow


def _get_test(field, operator, value):
    """What a condition asks of one record; False stands for what is not filled in."""
    name, dated = field.name, field.type in ("date", "datetime")
    if operator not in ("=", "!=", "in", "not in") or (dated and value is not False):
        leaf = Domain(name, operator, value)
        return lambda record: bool(record.filtered_domain(leaf))
    values = set(value) if operator.endswith("in") else {value}
    positive = operator in ("=", "in")
    return lambda record: (_get_filled(record[name]) in values) == positive


def _get_filled(value):
    """The value, or False where it says nothing."""
    empty = is_blank(value) if isinstance(value, str) else not value
    return False if empty else value
