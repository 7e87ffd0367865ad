from odoo import api, fields, models


class Component(models.Model):
    """One link of the chain behind an option: who makes, runs, hosts or reaches it."""

    _name = "souverainete.component"
    _inherit = ["souverainete.guarded", "souverainete.declaration"]
    _description = "Component of an option"
    _order = "sequence, id"
    _file_path = "option_id.requisition_id"

    option_id = fields.Many2one(
        "souverainete.option", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="option_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(
        string="Service",
        compute="_compute_name",
        store=True,
        readonly=False,
        help="Name of the service as it is sold. Filled in from the qualification.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Provider",
        ondelete="restrict",
        index="btree_not_null",
        help="Who supplies this service. A qualification held by another company, or "
        "for another service of this one, proves nothing.",
    )
    role = fields.Selection(
        [
            ("publisher", "Publisher"),
            ("operator", "Operator"),
            ("host", "Host"),
            ("subcontractor", "Subcontractor with access"),
        ],
        required=True,
        default="host",
        help="Part this provider plays in the chain.",
    )
    hosting = fields.Selection(
        [
            ("none", "Hosts no data"),
            ("state_cloud", "Cloud of the State"),
            ("commercial_cloud", "Commercial cloud"),
            ("managed_private", "Managed by a private provider"),
            ("on_premise", "On the ministry's premises"),
        ],
        help="Where this component keeps or processes the data of the need. Cloud of "
        "the State: an internal cloud such as Nubo or Pi, outside loi SREN art. 31, "
        "which covers private providers only.",
    )
    service_type_id = fields.Many2one(
        "souverainete.service.type",
        string="Kind of service",
        ondelete="restrict",
        help="A qualified IaaS does not qualify the SaaS that runs on it.",
    )
    qualification_id = fields.Many2one(
        "souverainete.qualification",
        index="btree_not_null",
        ondelete="restrict",
        help="The qualification of this very service, in the register. The name of a "
        "company never qualifies a service.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"company_id"}

    @api.depends("qualification_id")
    def _compute_name(self):
        for component in self:
            component.name = component.name or component.qualification_id.service

    @api.depends("name", "partner_id", "role")
    def _compute_display_name(self):
        for component in self:
            parts = (component.name, component.partner_id.name)
            component.display_name = " – ".join(filter(None, parts)) or (
                component._get_role_label()
            )

    def _get_role_label(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        return roles.get(self.role, "")

    @api.onchange("qualification_id")
    def _onchange_qualification_id(self):
        if self.qualification_id and not self.partner_id:
            self.partner_id = self.qualification_id.partner_id
