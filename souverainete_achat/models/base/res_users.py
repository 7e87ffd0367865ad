from odoo import api, models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.constrains("group_ids")
    def _check_dinum_never_buys(self):
        """Who gives the DINUM's opinion has no part in the purchases it is about."""
        reviewers = self.env.ref("souverainete_achat.group_dinum", False)
        buyers = self.env.ref("purchase.group_purchase_user")
        for user in self.sudo():
            if reviewers and reviewers | buyers <= user.all_group_ids:
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be both DINUM reviewer and buyer: remove one "
                        "of the two roles.",
                        name=user.name,
                    )
                )
