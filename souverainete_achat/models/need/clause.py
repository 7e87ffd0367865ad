from odoo import api, fields, models, tools


class Clause(models.Model):
    """A clause that an umbrella framework carries, since its needs come later."""

    _name = "souverainete.clause"
    _inherit = ["souverainete.policy"]
    _description = "Clause of umbrella frameworks"
    _order = "sequence, id"

    code = fields.Char(
        required=True,
        help="Stable name of the clause: its versions share it, and a file that has "
        "one version has the clause.",
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    text = fields.Text(
        string="What it says",
        translate=True,
        required=True,
        help="The substance to be written in the contract, to be adapted to it.",
    )

    @api.model
    def _get_key_fields(self):
        return (*super()._get_key_fields(), "code")

    @api.model
    def _get_in_force(self, company, date):
        """The clauses asked on `date`: a ministry's own wins over the common one."""
        return self.sudo().browse(self._get_in_force_ids(company.id, date))

    @api.model
    @tools.ormcache("company_id", "date")
    def _get_in_force_ids(self, company_id, date):
        nearest = {}
        for clause in self._search_in_force(company_id, date):
            nearest.setdefault(clause.code, clause.id)
        return self.browse(nearest.values()).sorted()._ids

    def _get_version_key(self):
        """What tells a clause from another, whatever the version."""
        return self.company_id, self.code
