from odoo import models

from .opinion import FAVOURABLE


class PurchaseRequisition(models.Model):
    """What is missing on a file about the DINUM's opinion."""

    _inherit = "purchase.requisition"

    def _finding_dinum_opinion(self, options):
        """No contract phase before the opinion (arrêté of 5 June 2020, art. 3)."""
        project = self.need_id.project_id
        return project._get_opinion_gap(self._get_threshold_day()) if project else {}

    def _finding_opinion_stale(self, options):
        """Nothing says when an opinion lapses: the ministry is warned and decides."""
        opinion = self.need_id.project_id._get_governing_opinion()
        if opinion.state not in FAVOURABLE or not opinion._is_stale():
            return {}
        return {
            str(opinion.id): self.env._(
                "%(project)s now costs %(cost)s incl. tax, more than the %(basis)s the "
                "DINUM judged: decide whether to declare the opinion stale, on its "
                "form.",
                project=opinion.project_id.display_name,
                cost=opinion.currency_id.format(opinion.project_id._get_cost()[0]),
                basis=opinion.currency_id.format(opinion.basis_cost),
            )
        }
