from odoo import api, models


class Policy(models.AbstractModel):
    """Which versions hold for a body: its own, or those of what it is a part of."""

    _inherit = "souverainete.policy"

    @api.model
    def _get_lineage(self, company_id):
        """Ids of whose versions hold for a body: itself first, then the ministries it
        is a part of."""
        company = self.env["res.company"].sudo().browse(company_id)
        return company.parent_ids.ids[::-1]

    @api.model
    def _search_in_force(self, company_id, date, domain=()):
        """Versions in force on `date` for this body, the nearest first."""
        lineage = self._get_lineage(company_id)
        versions = self.sudo().search(
            [
                *self._get_in_force_domain(date),
                ("company_id", "in", [False, *lineage]),
                *domain,
            ]
        )
        ranks = {owner: rank for rank, owner in enumerate([*lineage, False])}
        return versions.sorted(lambda version: ranks[version.company_id.id])

    def _prepare_version_vals(self):
        """What a proposal does not take from the version it would replace."""
        return {}
