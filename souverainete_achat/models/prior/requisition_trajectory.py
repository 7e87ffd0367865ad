from odoo import fields, models


class PurchaseRequisition(models.Model):
    """A contract that falls short is tolerated with a trajectory, which is asked."""

    _inherit = "purchase.requisition"

    trajectory_ids = fields.One2many(
        "souverainete.trajectory",
        "requisition_id",
        string="Trajectories",
        help="What this contract must reach, by when, and whether it is funded.",
    )

    def _get_prior_codes(self):
        return super()._get_prior_codes() | {"trajectory"}

    def _finding_trajectory(self, options):
        """A contract that falls short says how it will comply. Reads the indicator: on
        a contract that is not followed, there is nothing to say."""
        messages = {
            "alone": self.env._(
                "This contract falls short of the rules in force and nothing says how "
                "that ends: plan it in the tab “Trajectory” of the file."
            ),
            "late": self.env._(
                "The date of the trajectory has passed: in the tab “Trajectory”, an "
                "officer records that it was reached or abandoned, or the buyer plans "
                "another date."
            ),
        }
        asked = self._is_followed() and self.shortfall_state in messages
        return {self.shortfall_state: messages[self.shortfall_state]} if asked else {}
