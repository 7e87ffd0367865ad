from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Derogation(models.Model):
    """The authority's decision to lift one rule for one need, for a time.

    Decided outside, it is recorded here with its document by an officer who did not
    ask for it. Never deleted, and never rewritten once decided.
    """

    _name = "souverainete.derogation"
    _inherit = ["souverainete.guarded", "mail.thread", "mail.activity.mixin"]
    _description = "Derogation to a rule"
    _order = "id desc"

    rule_id = fields.Many2one(
        "souverainete.rule",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("derogable", "=", True)],
        help="The rule to be lifted; it must allow derogations.",
    )
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        required=True,
        index=True,
        ondelete="restrict",
        help="The purchase file this derogation is for.",
    )
    company_id = fields.Many2one(
        related="requisition_id.company_id", store=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("revoked", "Revoked"),
        ],
        default="draft",
        required=True,
        copy=False,
        tracking=True,
    )
    motive = fields.Text(
        required=True,
        help="Why the rule cannot be met. A derogation to loi SREN, art. 31 is "
        "reported to be motivated and made public.",
    )
    measures = fields.Text(
        string="Compensating measures",
        required=True,
        help="What protects the data meanwhile, and how the rule will be met again.",
    )
    authority = fields.Char(
        tracking=True,
        help="Who granted or refused it: for the hosting of sensitive data, the "
        "minister, after validation by the Prime Minister (doctrine cloud, R9).",
    )
    document = fields.Binary(attachment=True, help="The signed decision.")
    document_name = fields.Char()
    date_start = fields.Date(
        string="From", tracking=True, help="First day the rule is lifted (inclusive)."
    )
    date_end = fields.Date(
        string="Until", tracking=True, help="Last day the rule is lifted (inclusive)."
    )
    engaged_on = fields.Date(
        string="Project engaged on",
        tracking=True,
        help="Day the project was engaged. Loi SREN, art. 31 III, as reported: only "
        "projects already engaged are granted a derogation on their hosting.",
    )
    acceptable_offer = fields.Selection(
        [("none", "None available yet"), ("available", "Available")],
        string="Acceptable offer",
        tracking=True,
        help="Whether an offer that meets the rule is available. When one becomes so "
        "after the decision, an officer records it: the delay runs from that day.",
    )
    acceptable_offer_date = fields.Date(
        string="Offer available since",
        tracking=True,
        help="The derogation ends a dated delay after that day at the latest (loi "
        "SREN, art. 31 III, as reported: 18 months; see the menu “Delays”).",
    )
    publication_date = fields.Date(
        string="Published on", tracking=True, help="When it was made public."
    )
    publication_url = fields.Char(
        string="Published at", tracking=True, help="Where anyone can read it."
    )
    requested_by_id = fields.Many2one(
        "res.users", string="Requested by", readonly=True, copy=False
    )
    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        help="Officer who recorded the decision; never the person who asked.",
    )
    recorded_on = fields.Datetime(string="Recorded on", readonly=True, copy=False)

    _dates_ordered = models.Constraint(
        "CHECK (date_end >= date_start)", "A derogation cannot end before it starts."
    )

    @api.depends("rule_id", "requisition_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(file)s – %(rule)s",
                file=record.requisition_id.display_name or "",
                rule=record.rule_id.name or "",
            )

    @api.constrains("rule_id")
    def _check_rule_is_derogable(self):
        if fixed := self.rule_id.filtered(lambda rule: not rule.derogable):
            raise ValidationError(
                self.env._(
                    "No derogation can be granted to: %(rules)s.",
                    rules=", ".join(fixed.mapped("name")),
                )
            )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "company_id",
            "state",
            "requested_by_id",
            "recorded_by_id",
            "recorded_on",
        }
