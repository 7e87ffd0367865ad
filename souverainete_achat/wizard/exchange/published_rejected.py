from odoo import fields, models


class PublishedRejected(models.Model):
    """A record of a file of published contracts that could not be loaded, and why."""

    _name = "souverainete.published.rejected"
    _inherit = ["souverainete.guarded"]
    _description = "Published contract refused"
    _order = "id"
    _rec_name = "title"
    _guard = "server"

    file_id = fields.Many2one(
        "souverainete.published.file", required=True, index=True, ondelete="cascade"
    )
    place = fields.Char(help="Its line or its rank in the file, and its identifier.")
    title = fields.Char(string="Object")
    reason = fields.Char(string="Why")
