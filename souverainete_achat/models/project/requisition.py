from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


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
        help="Transversal: serves no project of its own (assistance, maintenance of "
        "many applications). A compliance officer declares it, with a reason.",
    )
    project_scope_officer_id = fields.Many2one(
        "res.users",
        string="Declared transversal by",
        readonly=True,
        copy=False,
        help="Officer who declared that the purchase belongs to no project.",
    )
    project_scope_reason = fields.Char(
        string="Why transversal",
        copy=False,
        help="What the officer relied on to declare that there is no project.",
    )
    project_opinion_required = fields.Selection(
        related="project_id.opinion_required", string="Opinion required"
    )
    project_explanation = fields.Text(related="project_id.cost_explanation")

    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"project_scope_officer_id"}

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {
            "project_id",
            "project_scope",
            "project_scope_officer_id",
            "project_scope_reason",
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

    # === PROJECT OR TRANSVERSAL === #

    @api.depends("project_id", "project_scope_officer_id")
    def _compute_project_scope(self):
        for file in self:
            file.project_scope = file._derive_project_scope()

    def _derive_project_scope(self):
        if self.project_id:
            return "project"
        return "transversal" if self.project_scope_officer_id else False

    def _inverse_project_scope(self):
        for file in self:
            if file.project_scope == "transversal":
                file._declare_transversal()
            elif file.project_scope_officer_id:
                file._write_server({"project_scope_officer_id": False})

    def action_declare_transversal(self):
        """The officer declares that the purchase belongs to no project."""
        self.write({"project_scope": "transversal"})

    def _declare_transversal(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._(
                    "Only a compliance officer can declare that a purchase belongs to "
                    "no project."
                )
            )
        if self.env.user in self._get_scope_requesters():
            raise AccessError(
                self.env._("Four eyes: another officer has to declare it transversal.")
            )
        if self.project_id or not self.project_scope_reason:
            raise UserError(
                self.env._(
                    "Empty the project and give the reason first, on the tab “Project "
                    "and DINUM”."
                )
            )
        self._write_server({"project_scope_officer_id": self.env.uid})
        self._journal("project", self._prepare_project_payload())

    def write(self, vals):
        """A project, or another reason, ends the officer's declaration."""
        restated = {"project_id", "project_scope_reason"} & set(vals)
        if not restated or self._is_server():
            return super().write(vals)
        with self._declared():
            declared = self.filtered("project_scope_officer_id")
            declared._write_server({"project_scope_officer_id": False})
            return super().write(vals)

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
