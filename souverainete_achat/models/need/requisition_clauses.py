from odoo import api, fields, models


class PurchaseRequisition(models.Model):
    """What confirming an umbrella framework asks: its clauses and its grid.

    Its needs are studied order by order; what must hold for all of them is agreed on
    when the framework is signed, or never.
    """

    _inherit = "purchase.requisition"

    clause_ids = fields.Many2many(
        "souverainete.clause",
        "souverainete_requisition_clause_rel",
        string="Clauses of the framework",
        copy=False,
        domain=[("policy_state", "=", "active")],
        help="Clauses that the documents of this umbrella framework carry.",
    )

    @api.model
    def _get_declared_fields(self):
        return super()._get_declared_fields() | {"clause_ids"}

    def _prefetch_findings(self):
        self.filtered("is_umbrella").mapped("clause_ids")
        return super()._prefetch_findings()

    def _get_launch_content(self):
        """Added only where there are clauses: see the lots."""
        content = super()._get_launch_content()
        if clauses := self.sudo().clause_ids.sorted("id"):
            content["clauses"] = {clause.code: clause.text for clause in clauses}
        return content

    def action_add_clauses(self):
        """State that the framework carries every clause in force."""
        for file in self:
            file.clause_ids |= file._get_clauses_asked()

    def _get_clauses_asked(self):
        """Those in force at launch, or today: a later clause is not retroactive."""
        day = self._get_threshold_day() or self.company_id._souverainete_today()
        clauses = self.env["souverainete.clause"]._get_in_force(self.company_id, day)
        chosen = self._get_optional_clauses()
        return clauses.filtered(lambda clause: clause.code not in chosen)

    # === FINDINGS === #

    def _finding_umbrella_clauses(self, options):
        if not self.is_umbrella:
            return {}
        carried = self.clause_ids.filtered(lambda c: c.policy_state != "draft")
        keys = {clause._get_version_key() for clause in carried}
        return {
            clause.code: self.env._(
                "The framework does not carry the clause “%(clause)s”: write it in its "
                "documents, then add it in the tab “Framework”.",
                clause=clause.name,
            )
            for clause in self._get_clauses_asked()
            if clause._get_version_key() not in keys
        }

    def _finding_umbrella_grid(self, options):
        if not self.is_umbrella or self.need_id.grid_id:
            return {}
        return {
            "": self.env._(
                "Choose the grid that the needs of this framework will be assessed "
                "with, in the tab “Sovereignty”."
            )
        }
