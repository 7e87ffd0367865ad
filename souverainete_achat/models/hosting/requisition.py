from odoo import fields, models


class PurchaseRequisition(models.Model):
    """What may lift the hosting rule, and what happens when a fact changed."""

    _inherit = "purchase.requisition"

    derogation_ids = fields.One2many(
        "souverainete.derogation", "requisition_id", string="Derogations"
    )

    def _is_derogated(self, code):
        today = self.company_id._souverainete_today()
        derogations = (self | self.need_id).derogation_ids
        lifted = any(record._lifts(code, today) for record in derogations)
        return lifted or super()._is_derogated(code)

    def _has_evidence(self):
        return bool(super()._has_evidence() or self.derogation_ids)

    def _reassess(self):
        """A fact changed: judge the files of these needs again.

        Their rows are touched, so that a confirmation running at the same moment
        conflicts instead of relying on what no longer holds.
        """
        files = self | self.need_id | self.need_id.agreement_ids
        files._touch_evidence()
        files._refresh_compliance()

    def action_ask_derogation(self):
        """Open a new derogation for the need of this file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for a derogation"),
            "res_model": "souverainete.derogation",
            "view_mode": "form",
            "context": {"default_requisition_id": self.need_id.id},
        }
