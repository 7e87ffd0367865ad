from odoo import api, fields, models


class Solution(models.Model):
    _inherit = "souverainete.solution"

    found_because = fields.Text(
        string="Why it was found",
        compute="_compute_found_because",
        help="Words of the need it answers, as they were read.",
    )

    @api.depends_context("catalogue_search_id")
    def _compute_found_because(self):
        """Said by the search being shown; a solution alone was not searched for."""
        searched = self.env.context.get("catalogue_search_id")
        searched = searched if isinstance(searched, int) else []
        search = self.env["souverainete.catalogue.search"].browse(searched)
        search = search.exists() if search.has_access("read") else search.browse()
        for solution in self:
            solution.found_because = search._get_why(solution) if search else False
