from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..base.told import tell


class Transversal(models.AbstractModel):
    """A purchase that serves no project of its own (AMOA, TMA): the officer's word, for
    the purchase as it then was."""

    _name = "souverainete.transversal"
    _inherit = ["souverainete.guarded"]
    _description = "Purchase that may serve no project"

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
        guard="judged",
    )
    project_scope_officer_id = fields.Many2one(
        "res.users",
        string="Declared transversal by",
        readonly=True,
        copy=False,
        help="Officer who declared that the purchase belongs to no project.",
        guard="server",
    )
    project_scope_reason = fields.Char(
        string="Why transversal",
        copy=False,
        help="What the officer relied on to declare that there is no project.",
        guard="judged",
    )
    project_scope_date = fields.Date(
        string="Declared transversal on",
        readonly=True,
        copy=False,
        help="Day of the officer's declaration, in Paris.",
        guard="server",
    )
    project_scope_basis = fields.Json(
        readonly=True,
        copy=False,
        help="The purchase as it was declared transversal.",
        guard="server",
    )
    project_scope_changed = fields.Boolean(
        string="Changed since",
        compute="_compute_project_scope_changed",
        help="The purchase grew or changed since it was declared transversal: an "
        "officer looks at it again.",
    )

    @api.constrains("project_scope")
    def _check_project_scope(self):
        if self.filtered(lambda f: f.project_scope == "project" and not f.project_id):
            raise ValidationError(self.env._("Choose the project of the purchase."))

    def _finding_project_transversal(self, options):
        """A purchase without project that changed since, or is as large as a project
        the DINUM judges: the officer looks at it again."""
        need = self.need_id
        if not need.project_scope_officer_id:
            return {}
        missing = {}
        if need.date_launch and need._is_scope_changed():
            missing["changed"] = self._get_changed_message()
        if need._is_as_large_as_project(self._get_threshold_day()):
            missing["threshold"] = tell(self.env)._(
                "Declared transversal, this purchase alone reaches the threshold of "
                "the DINUM's opinion: have the compliance officer confirm that it is "
                "no project, or give it one, on the page “Project and DINUM”."
            )
        return missing

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
        self.check_access("read")
        self.write({"project_scope": "transversal"})

    def _declare_transversal(self):
        if not self.env.user.has_group("souverainete_achat.group_officer"):
            raise AccessError(
                self.env._(
                    "Only a compliance officer can declare that a purchase belongs to "
                    "no project."
                )
            )
        self._check_four_eyes(
            self.env._("Four eyes: another officer has to declare it transversal.")
        )
        if self.project_id or not (self.project_scope_reason or "").strip():
            raise UserError(
                self.env._(
                    "Empty the project and give the reason first, on the page “Project "
                    "and DINUM”."
                )
            )
        self._write_server(
            {
                "project_scope_officer_id": self.env.uid,
                "project_scope_date": self.company_id._souverainete_today(),
                "project_scope_basis": self._prepare_scope_basis(),
            }
        )
        self._journal("project", self._prepare_project_payload())

    def _prepare_scope_basis(self):
        """What the declaration is about, as JSON-able data."""
        amount, known = self._get_value()
        codes = self._get_product_codes(self.line_ids.product_id)
        return {
            "nature": self.purchase_nature or "",
            "codes": sorted({*codes, self.cpv_code} - {False}),
            "amount": amount,
            "known": known,
        }

    @api.depends("project_scope_basis", "line_ids", "purchase_nature", "cpv_code")
    def _compute_project_scope_changed(self):
        for file in self:
            file.project_scope_changed = file._is_scope_changed()

    def _is_scope_changed(self):
        """Whether the purchase is worth more, or buys something else, than what was
        declared. Declared before this was kept: nothing is known to have changed."""
        before = self.project_scope_basis
        if not self.project_scope_officer_id or not before:
            return False
        now = self._prepare_scope_basis()
        return (
            now["nature"] != before["nature"]
            or not set(now["codes"]) <= set(before["codes"])
            or (before["known"] and not now["known"])
            or self.currency_id.compare_amounts(now["amount"], before["amount"]) > 0
        )
