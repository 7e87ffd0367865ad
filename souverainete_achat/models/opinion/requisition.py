from odoo import api, fields, models
from odoo.exceptions import UserError

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

    def write(self, vals):
        if "project_id" in vals:
            moved = self.filtered(lambda f: f.project_id.id != vals["project_id"])
            for file in moved.filtered(lambda f: f._is_project_refused()):
                file._check_may_leave()
        return super().write(vals)

    def _is_project_refused(self):
        """Whether the DINUM's last answer refuses the project, or a letter that does
        awaits its confirmation."""
        project = self.sudo().project_id
        refused = project._get_last_answer()._is_binding_refusal()
        return refused or project._is_refusal_pending()

    def _check_may_leave(self):
        """A refusal is not left behind by changing the project: an officer who asked
        for nothing may say that the purchase belongs elsewhere."""
        user = self.env.user
        officer = user.has_group("souverainete_achat.group_officer")
        project = self.sudo().project_id
        opinions = project.opinion_ids
        asked = self._get_scope_requesters() | opinions._get_requesters()
        if officer and user not in asked:
            return
        raise UserError(
            self.env._(
                "The DINUM's opinion on %(project)s is unfavourable: only a compliance "
                "officer who neither buys nor asked for it gives %(file)s another "
                "project.",
                project=project.display_name,
                file=self.display_name,
            )
        )

    def action_open_opinion(self):
        """Open the opinion that counts for the project of the file."""
        return self.opinion_id.get_formview_action()
