from odoo import api, fields, models

from .opinion import STATES


class PurchaseRequisition(models.Model):
    """What the DINUM's opinion on the project asks of the file."""

    _inherit = "purchase.requisition"

    opinion_id = fields.Many2one(
        "souverainete.opinion",
        string="DINUM opinion",
        compute="_compute_opinion_id",
        help="The opinion that counts for the project today.",
    )
    opinion_state = fields.Selection(STATES, compute="_compute_opinion_id")
    opinion_date_due = fields.Date(
        string="Opinion due on", compute="_compute_opinion_id"
    )

    def _prepare_project_payload(self):
        """What the launch relied on: the opinion too."""
        opinion = self.project_id._get_governing_opinion()
        return super()._prepare_project_payload() | {
            "opinion": opinion.reference or "",
            "opinion_state": opinion.state or "",
            "opinion_basis": opinion.basis_cost,
        }

    @api.depends("project_id.opinion_ids.state", "project_id.opinion_ids.date_due")
    def _compute_opinion_id(self):
        for file in self:
            opinion = file.project_id._get_governing_opinion()
            file.opinion_id = opinion
            file.opinion_state = opinion.state
            file.opinion_date_due = opinion.date_due

    def action_open_opinion(self):
        """Open the opinion that counts for the project of the file."""
        return self.opinion_id.get_formview_action()
