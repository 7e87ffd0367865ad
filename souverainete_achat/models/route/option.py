from odoo import models


class Option(models.Model):
    """Who stands behind an option that a central purchasing body sells."""

    _inherit = "souverainete.option"

    def _get_missing_roles(self, roles):
        """Those of `roles` no component tells; the body that sells plays none."""
        seller = self.partner_id.commercial_partner_id
        told = self.component_ids.filtered("partner_id").filtered(
            lambda component: component.partner_id.commercial_partner_id != seller
        )
        return [role for role in roles if role not in told.mapped("role")]

    def _get_roles_message(self, roles):
        labels = dict(
            self.env["souverainete.component"]
            ._fields["role"]
            ._description_selection(self.env)
        )
        return self.env._(
            "Behind the central purchasing body, say who supplies “%(option)s”: "
            "%(roles)s. Add them as components (option, tab “Hosting”).",
            option=self.display_name,
            roles=", ".join(labels[role] for role in roles),
        )
