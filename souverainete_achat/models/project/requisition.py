from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PurchaseRequisition(models.Model):
    """The file's project, or the officer's word that it serves none."""

    _inherit = "purchase.requisition"

    project_id = fields.Many2one(
        "souverainete.project",
        string="Digital project",
        index="btree_not_null",
        ondelete="restrict",
        help="Project the purchase belongs to. The DINUM's threshold is about the "
        "whole project, not about one contract or order.",
    )
    project_scope = fields.Selection(
        [("project", "Belongs to a project"), ("transversal", "Transversal")],
        string="Project or transversal",
        compute="_compute_project_scope",
        inverse="_inverse_project_scope",
        store=True,
        copy=False,
        help="Transversal: serves no project of its own (assistance to project owners, "
        "AMOA; maintenance of many applications, TMA). A compliance officer declares "
        "it, with a reason.",
    )
    project_opinion_required = fields.Selection(
        related="project_id.opinion_required", string="Opinion required"
    )
    project_explanation = fields.Text(related="project_id.cost_explanation")

    # === HOOKS === #

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {
            "project_id",
            "project_scope",
        }

    def _get_launch_content(self):
        """The project is frozen; its costs and opinions go on living."""
        content = super()._get_launch_content()
        content["opinion"] = {
            "project": self.project_id.id,
            "transversal": bool(self.project_scope_officer_id),
        }
        return content

    def _on_launch(self):
        res = super()._on_launch()
        self._journal("project", self._prepare_project_payload())
        return res

    def _prepare_project_payload(self):
        """What the launch relied on: the project and its cost."""
        project = self.project_id
        cost, known = project._get_cost() if project else (0.0, False)
        return {
            "scope": self.project_scope or "",
            "officer": self.project_scope_officer_id.login or "",
            "reason": self.project_scope_reason or "",
            "project": project.display_name or "",
            "cost": cost,
            "cost_known": known,
            "required": project._get_opinion_required() if project else "",
        }

    def _touch_evidence(self):
        """A project-wide check is about several files: their shared row moves too."""
        res = super()._touch_evidence()
        self.sudo().need_id.project_id._touch_evidence()
        return res

    def _is_reinforced(self):
        project = self.project_id
        required = project and project._get_opinion_required() == "yes"
        return super()._is_reinforced() or bool(required)

    # === INTEGRITY === #

    @api.constrains("project_scope")
    def _check_project_scope(self):
        if self.filtered(lambda f: f.project_scope == "project" and not f.project_id):
            raise ValidationError(self.env._("Choose the project of the purchase."))

    @api.constrains("project_id", "company_id")
    def _check_project_company(self):
        for file in self.sudo().filtered("project_id"):
            if not file.project_id._fits_company(file.company_id):
                raise ValidationError(
                    self.env._(
                        "%(project)s is a project of another ministry.",
                        project=file.project_id.display_name,
                    )
                )

    def action_open_project(self):
        """Open the project, where its costs are given and its opinion asked."""
        return self.project_id.get_formview_action()
