from odoo import api, fields, models
from odoo.tools import SQL

from ..base.opening import open_form


class Proposal(models.Model):
    """What waits for a second referentials manager, of every referential at once."""

    _name = "souverainete.proposal"
    _description = "Proposal to approve"
    _auto = False
    _rec_name = "reference"
    _order = "create_date desc, id"

    res_model = fields.Char(string="Model")
    res_id = fields.Many2oneReference(string="Record", model_field="res_model")
    reference = fields.Reference(
        selection="_get_referentials", string="Proposal", compute="_compute_reference"
    )
    kind = fields.Char(string="Referential", compute="_compute_reference")
    company_id = fields.Many2one("res.company", string="Ministry")
    date_start = fields.Date(string="In force from")
    create_uid = fields.Many2one("res.users", string="Proposed by")
    create_date = fields.Datetime(string="Proposed on")

    @api.model
    def _get_referentials(self):
        names = self.env["souverainete.policy"]._get_stored_models()
        return [(name, self.env[name]._description) for name in names]

    @property
    def _table_query(self):
        """Numbered by referential, so that an id names one proposal."""
        names = self.env["souverainete.policy"]._get_stored_models()
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT id * %s + %s AS id, %s AS res_model, id AS res_id, company_id,
                          date_start, create_uid, create_date
                     FROM %s WHERE policy_state = 'draft'""",
                len(names),
                rank,
                name,
                SQL.identifier(self.env[name]._table),
            )
            for rank, name in enumerate(names)
        )

    @api.depends("res_model", "res_id")
    def _compute_reference(self):
        models = self.env["ir.model"]
        for proposal in self:
            proposal.reference = f"{proposal.res_model},{proposal.res_id}"
            proposal.kind = models._get(proposal.res_model).name

    def action_open(self):
        """The proposal itself, to read, change or approve."""
        self.check_access("read")
        self.ensure_one()
        return open_form(self.env[self.res_model].browse(self.res_id))
