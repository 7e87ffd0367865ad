from odoo import models


class PurchaseRequisition(models.Model):
    """The grid that an umbrella framework is signed with.

    Its needs are studied order by order; what must hold for all of them is agreed on
    when the framework is signed, or never.
    """

    _inherit = "purchase.requisition"

    def _finding_umbrella_grid(self, options):
        if not self.is_umbrella or self.need_id.grid_id:
            return {}
        return {
            "": self.env._(
                "Choose the grid that the needs of this framework will be assessed "
                "with, in the tab “Sovereignty”."
            )
        }
