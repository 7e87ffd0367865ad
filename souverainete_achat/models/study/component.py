from odoo import api, fields, models
from odoo.exceptions import UserError


class Component(models.Model):
    """One link of the chain behind an option: who makes, runs, hosts or reaches it."""

    _name = "souverainete.component"
    _inherit = ["souverainete.declaration"]
    _description = "Component of an option"
    _order = "sequence, id"
    _file_path = "option_id.requisition_id"

    option_id = fields.Many2one(
        "souverainete.option", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="option_id.company_id", store=True, index=True, guard="server"
    )
    sequence = fields.Integer(default=10, guard="free")
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

    answer_ids = fields.One2many("souverainete.answer", "component_id", copy=False)

    # === COMPUTE METHODS === #

    def _compute_name(self):
        """Typed here; a room that knows the service fills it in."""
        for component in self:
            component.name = component.name

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

    # === CONSTRAINTS === #

    def _check_same_chain(self, vals):
        """Its answers are about the option it is a link of."""
        moved = vals.get("option_id")
        if moved and any(component.option_id.id != moved for component in self):
            raise UserError(
                self.env._(
                    "A component stays with its option: declare another one in the "
                    "other option, and delete this one."
                )
            )

    # === CRUD === #
    # A link of the chain is asked what the grid asks link by link.

    @api.model_create_multi
    def create(self, vals_list):
        # Judged once, with its blank answers.
        with self._get_files_from_vals(vals_list)._judging_change():
            components = super().create(vals_list)
            components.option_id._refresh_links()
        return components

    def write(self, vals):
        self._check_same_chain(vals)
        return super().write(vals)

    def unlink(self):
        options = self.option_id
        with self._get_declared_files()._judging_change():
            # By the ORM, not by the cascade: scores follow, and a bid's words stay.
            self.answer_ids._unlink_server()
            result = super().unlink()
            options._refresh_links()
        return result
