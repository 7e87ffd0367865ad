from odoo import api, fields, models
from odoo.exceptions import UserError

QUALIFICATION, DEFERRAL = "qualification", "qualification_before_data"


class PurchaseRequisition(models.Model):
    """When the qualification must be valid: at the notification or, if the tender
    documents say so, before the first sensitive data."""

    _inherit = "purchase.requisition"

    qualification_deferred = fields.Boolean(
        string="Qualification before the first sensitive data",
        copy=False,
        help="The tender documents accept a qualification obtained after the "
        "notification, before any sensitive data is deposited. Said before launch, "
        "with its clause in the documents. Whether it is lawful is unverified: no text "
        "read speaks of it. Each order is then judged, unless it says that no "
        "sensitive data is deposited under it.",
    )
    is_sensitive_cloud = fields.Boolean(
        compute="_compute_is_sensitive_cloud",
        help="Whether data of particular sensitivity goes to a cloud service.",
    )
    has_deferral_clause = fields.Boolean(
        string="Clause carried",
        compute="_compute_has_deferral_clause",
        help="Whether the documents carry the clause “Qualification before the first "
        "sensitive data”.",
    )

    @api.depends("need_id.has_cloud", "need_id.data_sensitivity")
    def _compute_is_sensitive_cloud(self):
        for file in self:
            file.is_sensitive_cloud = file._is_sensitive_cloud()

    @api.depends("clause_ids.code")
    def _compute_has_deferral_clause(self):
        for file in self:
            file.has_deferral_clause = file._carries_clause(DEFERRAL)

    # === CONTRACT WITH THE GATE === #

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"qualification_deferred"}

    def _get_launch_content(self):
        """Added only where it is set: see the lots."""
        content = super()._get_launch_content()
        if self.qualification_deferred:
            content["qualification_deferred"] = True
        return content

    def write(self, vals):
        if "qualification_deferred" in vals:
            self._check_deferral_is_open(bool(vals["qualification_deferred"]))
        return super().write(vals)

    def _check_deferral_is_open(self, deferred):
        """It would repair what blocks: a lapse is not accepted afterwards."""
        late = self.filtered(
            lambda f: f.qualification_deferred != deferred and f._is_held()
        )
        if late:
            raise UserError(
                self.env._(
                    "%(files)s: when the qualification must be valid left with the "
                    "consultation, and is not changed afterwards.",
                    files=", ".join(late.mapped("display_name")),
                )
            )

    def _carries_clause(self, code):
        """Whether the documents of the file carry a version of this clause."""
        carried = self.clause_ids.filtered(lambda c: c.policy_state != "draft")
        return code in carried.mapped("code")

    def _is_qualification_deferred(self):
        """Whether the documents of this need accept a qualification after the
        notification: said by the field, and carried by a clause."""
        return self.qualification_deferred and self._carries_clause(DEFERRAL)

    def action_carry_data_clauses(self):
        """State that the documents carry the clauses on the qualification."""
        for file in self:
            codes = {QUALIFICATION}
            codes |= {DEFERRAL} if file.qualification_deferred else set()
            file.clause_ids |= file._get_data_clauses(codes)

    def _get_data_clauses(self, codes):
        clauses = self.env["souverainete.clause"]._get_in_force(
            self.company_id, self.company_id._souverainete_today()
        )
        return clauses.filtered(lambda clause: clause.code in codes)

    # === FINDINGS === #

    def _prefetch_findings(self):
        self.mapped("need_id.clause_ids")
        return super()._prefetch_findings()

    def _finding_qualification_clause(self, options):
        """Sensitive data in a cloud: the holder is bound to stay qualified."""
        need = self.need_id
        if not self._is_sensitive_cloud() or need._carries_clause(QUALIFICATION):
            return {}
        return {
            "": self.env._(
                "Write in the documents the clause that the qualification is kept "
                "throughout the contract, then state it (tab “Data and hosting”, "
                "button “The documents carry the clauses”)."
            )
        }

    def _finding_deferral_clause(self, options):
        """A qualification after the notification has its clause, or no ground."""
        need = self.need_id
        if not need.qualification_deferred or need._carries_clause(DEFERRAL):
            return {}
        return {
            "": self.env._(
                "The qualification is accepted after the notification, but the "
                "documents do not say so: write the clause in them and state it (tab "
                "“Data and hosting”, button “The documents carry the clauses”), or "
                "untick it."
            )
        }

    def _finding_hosting_deferred(self, options):
        """What is signed before it is qualified, on a ground that is unverified."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        return options._collect(lambda component: component._get_deferred_point(today))
