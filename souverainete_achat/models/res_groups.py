from odoo import api, models


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.constrains("implied_ids", "user_ids")
    def _check_dinum_never_buys(self):
        """The same through a group: its members, or what it implies."""
        self.sudo().all_user_ids._check_dinum_never_buys()
