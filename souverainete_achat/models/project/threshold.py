from odoo import fields, models

OPINION_KINDS = [("binding", "Binding opinion"), ("simple", "Simple opinion")]


class Threshold(models.Model):
    """What the order of 5 June 2020 and decree 2019-1088 attach to the amount."""

    _inherit = "souverainete.threshold"

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
    opinion_delay_months = fields.Integer(
        string="Delay of the opinion (months)",
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

    _dinum_opinion_is_complete = models.Constraint(
        "CHECK (kind != 'dinum_opinion' OR (tax_basis = 'ttc' AND mco_months > 0 "
        "AND opinion_delay_months > 0 AND opinion_kind IS NOT NULL))",
        "The threshold of the DINUM's opinion is stated with tax (TTC), with the "
        "months of maintenance counted, the kind of opinion and its delay.",
    )
