from odoo import fields, models


class ServiceType(models.Model):
    """Kind of cloud service a qualification covers: SaaS, PaaS, CaaS, IaaS."""

    _name = "souverainete.service.type"
    _inherit = ["souverainete.shipping"]
    _description = "Kind of cloud service"
    _order = "sequence, id"
    _name_uniq = models.Constraint(
        "UNIQUE (name)", "This kind of service already exists."
    )

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    description = fields.Char(
        translate=True, help="What the provider supplies with this kind of service."
    )
