from odoo import api, fields, models
from odoo.exceptions import UserError

_ROLES = ("publisher", "operator", "host")


class Chained(models.AbstractModel):
    """A need that a body sells for others: who stands behind it, said on the file."""

    _name = "souverainete.chained"
    _inherit = ["souverainete.guarded"]
    _description = "Need that tells who stands behind what is sold"

    publisher_id = fields.Many2one(
        "res.partner",
        compute="_compute_chain",
        inverse="_inverse_chain",
        help="Who makes what the purchasing body sells: a component of what is "
        "retained.",
    )
    operator_id = fields.Many2one(
        "res.partner",
        compute="_compute_chain",
        inverse="_inverse_chain",
        help="Who runs it: a component of what is retained.",
    )
    host_id = fields.Many2one(
        "res.partner",
        compute="_compute_chain",
        inverse="_inverse_chain",
        help="Who hosts it: a component of what is retained.",
    )

    @api.depends("studied_ids.verdict", "studied_ids.component_ids.partner_id")
    def _compute_chain(self):
        for file in self:
            links = file._get_retained_way().component_ids
            for role in _ROLES:
                link = links.filtered(lambda c, role=role: c.role == role)[:1]
                file[f"{role}_id"] = link.partner_id

    def _inverse_chain(self):
        for file in self:
            told = {role: file[f"{role}_id"] for role in _ROLES}
            for role, partner in told.items():
                file._tell_link(role, partner)

    def _tell_link(self, role, partner):
        """Who plays `role` behind what is retained: the same line, corrected."""
        way = self._get_retained_way()
        links = way.component_ids.filtered(lambda c: c.role == role)
        if links[:1].partner_id == partner:
            return
        if not way:
            raise UserError(self.env._("Say first what is retained for this need."))
        if links:
            links[:1].partner_id = partner
        else:
            links.create({"option_id": way.id, "role": role, "partner_id": partner.id})

    def _get_retained_way(self):
        """The way retained for this need, of those that were studied."""
        studied = self.need_id.studied_ids
        return studied.filtered(lambda o: o.verdict == "retained")[:1]
