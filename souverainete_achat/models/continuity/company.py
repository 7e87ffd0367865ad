from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_role_users(self, *groups):
        """Active users who hold one of these groups and work for this ministry.

        `groups`: names of the addon's groups, such as `group_officer`.
        """
        self.ensure_one()
        held = [self.env.ref(f"souverainete_achat.{name}").sudo() for name in groups]
        users = self.env["res.users"].sudo().union(*(g.all_user_ids for g in held))
        return users.filtered(lambda user: user.active and self in user.company_ids)
