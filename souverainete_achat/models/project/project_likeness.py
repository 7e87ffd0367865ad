from odoo import api, models


class Project(models.Model):
    """Whether a project looks like a part of a larger one."""

    _name = "souverainete.project"
    _inherit = ["souverainete.project", "souverainete.likeness.subject"]

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"split_alert"}
