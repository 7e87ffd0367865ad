from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class Trace(models.AbstractModel):
    """Dated trace of one search: what was asked, when, by whom, how many were found.

    Made only by searching; no one alters or deletes it.
    """

    _name = "souverainete.trace"
    _inherit = ["souverainete.guarded"]
    _description = "Trace of a search"
    _order = "date desc, id desc"
    _rec_name = "text"
    _guard = "server"

    text = fields.Text(string="What was searched", required=True)
    date = fields.Datetime(required=True, index=True)
    user_id = fields.Many2one("res.users", string="Searched by", required=True)
    requisition_id = fields.Many2one(
        "purchase.requisition",
        string="Need",
        index=True,
        ondelete="restrict",
        help="The purchase file the search was made for.",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True
    )
    result_count = fields.Integer(string="Found")
    after_launch = fields.Boolean(
        help="The consultation had already been launched when the search was made."
    )

    @api.depends("requisition_id.company_id")
    def _compute_company_id(self):
        for search in self:
            search.company_id = search.requisition_id.company_id

    @api.model
    def _get_way(self):
        """How such a trace is made, in a sentence."""
        return self.env._("Search from a purchase file.")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.browse()._is_granted("create"):
            raise AccessError(
                self.env._(
                    "The trace of a search is made by searching. %(way)s",
                    way=self._get_way(),
                )
            )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "The trace of a search is evidence and cannot be deleted. You can "
                "search again: each search has its own trace."
            )
        )
