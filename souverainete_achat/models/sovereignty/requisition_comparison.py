from odoo import models
from odoo.exceptions import UserError


class PurchaseRequisition(models.Model):
    """Options side by side, and the weights tried out before launch."""

    _inherit = "purchase.requisition"

    def action_compare_options(self):
        """Show side by side the options that the user may read."""
        self.ensure_one()
        need = self.need_id or self
        options = self.env["souverainete.option"].search(
            [("requisition_id", "=", need.id), ("grid_id", "!=", False)]
        )
        if not options:
            raise UserError(
                self.env._(
                    "There is nothing to compare yet: study options in the tab “Need "
                    "and doctrine”."
                )
            )
        comparison = self.env["souverainete.comparison"].create(
            {"requisition_id": need.id, "option_ids": options.ids}
        )
        return self._get_wizard_action(
            comparison, self.env._("Options side by side"), target="current"
        )

    def action_simulate_weights(self):
        """Try the weights out with fictitious offers; refused once launched."""
        self.ensure_one()
        need = self.need_id or self
        if not need.grid_id:
            raise UserError(
                self.env._(
                    "Choose the assessment grid first, in the tab “Sovereignty”."
                )
            )
        simulation = self.env["souverainete.simulation"].create(
            {"requisition_id": need.id}
        )
        return self._get_wizard_action(
            simulation, self.env._("Robustness of the weights"), target="new"
        )

    def _get_wizard_action(self, wizard, name, target):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": target,
        }
