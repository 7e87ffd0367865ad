from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class PurchaseRequisition(models.Model):
    """A purchase that serves no project of its own (AMOA, TMA): the officer's word,
    for the purchase as it then was."""

    _inherit = "purchase.requisition"

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
    project_scope_date = fields.Date(
        string="Declared transversal on",
        readonly=True,
        copy=False,
        help="Day of the officer's declaration, in Paris.",
    )
    project_scope_basis = fields.Json(
        readonly=True, copy=False, help="The purchase as it was declared transversal."
    )
    project_scope_changed = fields.Boolean(
        string="Changed since",
        compute="_compute_project_scope_changed",
        help="The purchase grew or changed since it was declared transversal: an "
        "officer looks at it again.",
    )
    # === HOOKS === #

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "project_scope_officer_id",
            "project_scope_date",
            "project_scope_basis",
        }

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {
            "project_scope_officer_id",
            "project_scope_reason",
        }

    # === DECLARATION === #

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
        if self.project_id or not (self.project_scope_reason or "").strip():
            raise UserError(
                self.env._(
                    "Empty the project and give the reason first, on the tab “Project "
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

    def write(self, vals):
        """A project, or another reason, ends the officer's declaration."""
        restated = {"project_id", "project_scope_reason"} & set(vals)
        if not restated or self._is_server():
            return super().write(vals)
        with self._declared():
            declared = self.filtered("project_scope_officer_id")
            declared._write_server({"project_scope_officer_id": False})
            return super().write(vals)

    # === THE PURCHASE CHANGED === #

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

    def _is_as_large_as_project(self, day=None):
        """Whether the purchase alone, plus VAT, reaches the opinion's threshold."""
        company = self.company_id
        day = day or company._souverainete_today()
        threshold = self.env["souverainete.threshold"]._get(
            "dinum_opinion", company, day
        )
        amount = self._get_value()[0] * (100 + threshold.vat_rate) / 100
        return bool(threshold) and threshold._is_reached_by(
            self.currency_id.round(amount), self.currency_id, company, day
        )
