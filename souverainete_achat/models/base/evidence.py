from odoo import api, models
from odoo.exceptions import AccessError, UserError


class Evidence(models.AbstractModel):
    """Written once by the addon, then neither edited nor deleted, whoever asks."""

    _name = "souverainete.evidence"
    _inherit = ["souverainete.guarded"]
    _description = "Record that only the server writes"
    _guard = "server"

    @api.model_create_multi
    def create(self, vals_list):
        if not all(self.browse()._is_granted("create", vals) for vals in vals_list):
            raise AccessError(
                self.env._(
                    "%(model)s: these records are written by the system when someone "
                    "acts. They cannot be created by hand.",
                    model=self._description,
                )
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "%(model)s: these records are evidence and cannot be deleted.",
                model=self._description,
            )
        )
