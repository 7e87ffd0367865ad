from odoo import api, fields, models, tools


class Clause(models.Model):
    """A clause of the tender documents, ready to be adapted to the contract."""

    _name = "souverainete.clause"
    _inherit = ["souverainete.policy"]
    _description = "Clause of the tender documents"
    _order = "document, sequence, id"

    code = fields.Char(
        required=True,
        help="Stable name of the clause: its versions share it, and a file that has "
        "one version has the clause.",
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    document = fields.Selection(
        [("ccap", "CCAP"), ("cctp", "CCTP")],
        required=True,
        default="ccap",
        help="Document that carries the clause: administrative (CCAP) or technical "
        "(CCTP) special conditions. The tender documents sort the clauses by it.",
    )
    text = fields.Text(
        string="What it says",
        translate=True,
        required=True,
        help="The text to be written in the contract, with what is between brackets "
        "to be filled in.",
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
