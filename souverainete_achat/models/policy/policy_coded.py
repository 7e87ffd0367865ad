from odoo import api, fields, models, tools


class PolicyCoded(models.AbstractModel):
    """A list of policy records told apart by their code: one version of each holds."""

    _name = "souverainete.policy.coded"
    _inherit = ["souverainete.policy"]
    _description = "Dated list told apart by code"
    _order = "sequence, id"

    code = fields.Char(required=True, help="Stable name: the versions share it.")
    sequence = fields.Integer(default=10)

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "code")

    @api.model
    def _get_in_force(self, company, date):
        """Those in force on `date`, one a code: a ministry's own wins over the common
        one. Read with sudo: they apply to everybody."""
        return self.sudo().browse(self._get_in_force_ids(company.id, date))

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_in_force_ids(self, company_id, date):
        nearest = {}
        for record in self._search_in_force(company_id, date):
            nearest.setdefault(record.code, record.id)
        return self.browse(nearest.values()).sorted()._ids
