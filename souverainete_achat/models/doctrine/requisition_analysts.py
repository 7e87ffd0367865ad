from odoo import models
from odoo.exceptions import AccessError


class PurchaseRequisition(models.Model):
    """Who may read the offers is said by those who may."""

    _inherit = "purchase.requisition"

    def write(self, vals):
        if "analyst_ids" not in vals or self.env.su:
            return super().write(vals)
        launched = self.filtered(lambda file: file._has_named_analysts())
        launched._check_names_analysts()
        result = super().write(vals)
        for file in launched:
            file._journal("correction", {"analysts": file.analyst_ids.mapped("login")})
        return result

    def _has_named_analysts(self):
        """Whether offers are, or will be, reserved to the analysts named."""
        file = self.sudo()
        return bool(
            file.analyst_ids and (file.date_launch or file._get_sealed_options())
        )

    def _get_sealed_options(self):
        """Offers that only the analysts read. Runs sudo."""
        return self.judged_option_ids.filtered(lambda o: o._is_confidential())

    def _check_names_analysts(self):
        for file in self.filtered(lambda f: self.env.user not in f.analyst_ids):
            raise AccessError(
                self.env._(
                    "The offers of %(file)s are reserved to its analysts: one of them "
                    "can name another.",
                    file=file.display_name,
                )
            )
