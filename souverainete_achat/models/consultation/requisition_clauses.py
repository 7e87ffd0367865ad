from odoo import api, fields, models

from ..hosting.requisition_deferral import QUALIFICATION


class PurchaseRequisition(models.Model):
    """The clauses that the documents of the consultation carry, and leave with."""

    _inherit = "purchase.requisition"

    clause_ids = fields.Many2many(
        "souverainete.clause",
        "souverainete_requisition_clause_rel",
        string="Clauses carried",
        copy=False,
        domain=[("policy_state", "=", "active")],
        help="Clauses that the documents of the consultation carry. They are frozen "
        "at launch with their text, and leave in the tender documents.",
    )
    clause_reason = fields.Text(
        string="Why clauses are left out",
        copy=False,
        help="Reason for which clauses asked of such a purchase are not carried. An "
        "umbrella framework carries them all, whatever the reason.",
    )

    # === HOOKS === #

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"clause_ids", "clause_reason"}

    def _prefetch_findings(self):
        (self | self.need_id).mapped("clause_ids.policy_state")
        return super()._prefetch_findings()

    def _get_launch_content(self):
        """Added only where there are clauses, or a reason: see the lots."""
        content = super()._get_launch_content()
        file = self.sudo()._with_document_lang()
        if clauses := file.clause_ids.sorted("id"):
            content["clauses"] = {clause.code: clause.text for clause in clauses}
        if reason := (file.clause_reason or "").strip():
            content["clause_reason"] = reason
        return content

    def _prepare_new_agreement_vals(self):
        """An agreement carries the clauses its consultation left with."""
        clauses = [fields.Command.set(self.clause_ids.ids)]
        return super()._prepare_new_agreement_vals() | {"clause_ids": clauses}

    # === LANGUAGE === #

    def _with_document_lang(self):
        """Documents are in French, where it is installed, whoever makes them: what is
        frozen does not depend on the language of who looks at it."""
        lang = self.env["res.lang"]._get_data(code="fr_FR").code
        return self.with_context(lang=lang or "en_US")

    # === CLAUSES ASKED === #

    def action_add_clauses(self):
        """State that the documents carry every clause asked of this purchase."""
        for file in self:
            file.clause_ids |= file._get_clauses_asked()

    def _get_clauses_asked(self):
        """Those in force at launch, or today: a later clause is not retroactive."""
        day = self._get_threshold_day() or self.company_id._souverainete_today()
        clauses = self.env["souverainete.clause"]._get_in_force(self.company_id, day)
        subjects = self._get_clause_subjects()
        return clauses.filtered(lambda clause: clause._is_asked_of(subjects))

    def _get_clause_subjects(self):
        """What of this purchase decides which clauses are asked."""
        if self.is_umbrella:
            return {"umbrella"}
        facts = {
            self.purchase_nature: bool(self.purchase_nature),
            "cloud": self.purchase_nature == "cloud" or self.has_cloud == "yes",
            "sensitive": self.data_sensitivity == "sensitive",
        }
        return {subject for subject, holds in facts.items() if holds}

    def _get_clauses_missing(self):
        """Clauses asked of this purchase of which it carries no version."""
        carried = self.clause_ids.filtered(lambda c: c.policy_state != "draft")
        keys = {clause._get_version_key() for clause in carried}
        return self._get_clauses_asked().filtered(
            lambda clause: clause._get_version_key() not in keys
        )

    def _get_clauses_told(self):
        """Those that another rule asks already: one gap is told once."""
        told = {QUALIFICATION} if self._is_sensitive_cloud() else set()
        return self.need_id._get_data_clauses(told)

    # === FINDINGS === #

    def _finding_umbrella_clauses(self, options):
        if not self.is_umbrella:
            return {}
        return {
            clause.code: self.env._(
                "The framework does not carry the clause “%(clause)s”: write it in its "
                "documents, then add it in the tab “Consultation”.",
                clause=clause.name,
            )
            for clause in self._get_clauses_missing()
        }

    def _finding_clauses_carried(self, options):
        need = self.need_id
        if need.is_umbrella or (need.clause_reason or "").strip():
            return {}
        missing = need._get_clauses_missing() - self._get_clauses_told()
        if not missing:
            return {}
        return {
            "": self.env._(
                "The documents of the consultation do not carry these clauses: "
                "%(clauses)s. Add them in the tab “Consultation”, or write there why "
                "they are left out.",
                clauses=", ".join(missing.mapped("name")),
            )
        }
