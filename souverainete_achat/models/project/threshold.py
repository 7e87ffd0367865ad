from odoo import api, fields, models
from odoo.exceptions import ValidationError

OPINION_KINDS = [("binding", "Binding opinion"), ("simple", "Simple opinion")]


class Threshold(models.Model):
    """What the order of 5 June 2020 and decree 2019-1088 attach to the amount."""

    _inherit = "souverainete.threshold"
    _dinum_opinion_is_complete = models.Constraint(
        "CHECK (kind != 'dinum_opinion' OR (tax_basis = 'ttc' AND mco_months > 0 "
        "AND opinion_time_limit_months > 0 AND opinion_kind IS NOT NULL))",
        "The threshold of the DINUM's opinion is stated with tax (TTC), with the "
        "months of maintenance counted, the kind of opinion and its time limit.",
    )
    _opinion_tolerance_is_ttc = models.Constraint(
        "CHECK (kind != 'opinion_tolerance' OR tax_basis = 'ttc')",
        "The growth tolerated after an opinion is stated with tax (TTC), as the cost "
        "submitted is.",
    )

    mco_months = fields.Integer(
        string="Months of maintenance counted",
        help="First months of maintenance in operational condition (MCO) that belong "
        "to the project's cost: 24 (arrêté of 5 June 2020, art. 2).",
    )
    opinion_kind = fields.Selection(
        OPINION_KINDS,
        help="Binding for ministries; simple, with recommendations, for supervised "
        "bodies (décret 2019-1088, art. 3).",
    )
    opinion_time_limit_months = fields.Integer(
        string="Time limit of the opinion (months)",
        help="Calendar months after the acknowledgement of the complete file: one "
        "(décret 2019-1088, art. 3). A request for more information suspends it.",
    )
    silence_favourable = fields.Boolean(
        string="Silence is favourable",
        help="Whether an opinion that does not come in time is deemed favourable "
        "(décret 2019-1088, art. 3). Not established for simple opinions.",
    )
    vat_rate = fields.Float(
        string="VAT rate proposed (%)",
        digits=(5, 2),
        help="Rate proposed on cost lines stated without tax: the normal rate "
        "(CGI, art. 278).",
    )

    kind = fields.Selection(
        selection_add=[("opinion_tolerance", "Growth tolerated after an opinion")],
        ondelete={"opinion_tolerance": "cascade"},
    )

    @api.constrains(
        "mco_months",
        "opinion_kind",
        "opinion_time_limit_months",
        "silence_favourable",
        "vat_rate",
        "company_id",
        "policy_state",
    )
    def _check_opinion_hardens(self):
        """A ministry may count more, ask for more and wait longer; never less."""
        for own in self.filtered(lambda t: t.company_id and t.kind == "dinum_opinion"):
            softened = own._get_common_versions().filtered(own._is_softer_than)
            if softened:
                raise ValidationError(
                    self.env._(
                        "A ministry may not soften “%(name)s”: neither a simple "
                        "opinion for a binding one, nor fewer months of maintenance, "
                        "a lower VAT rate, a shorter time limit, or silence that "
                        "becomes favourable.",
                        name=softened[0].name,
                    )
                )

    def _is_softer_than(self, common):
        return (
            (common.opinion_kind == "binding" and self.opinion_kind != "binding")
            or self.mco_months < common.mco_months
            or self.opinion_time_limit_months < common.opinion_time_limit_months
            or (self.silence_favourable and not common.silence_favourable)
            or self.vat_rate < common.vat_rate
        )
