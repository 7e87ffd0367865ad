from odoo import models


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """The rule on reviewers holds through groups too: members, or what is implied.

        After the write: during it, what groups imply is still read from a cache.
        """
        res = super().write(vals)
        if {"implied_ids", "implied_by_ids", "user_ids"} & set(vals):
            reviewers = self.env.ref("souverainete_achat.group_dinum", False)
            if reviewers:
                reviewers.sudo().all_user_ids._check_dinum_never_buys()
        return res
