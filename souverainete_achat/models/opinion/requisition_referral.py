from odoo import models


class PurchaseRequisition(models.Model):
    """What a file owes to what the DINUM answered, beyond the binding opinion."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        res = super()._prefetch_findings()
        self.mapped("need_id.project_id.opinion_ids.recommendation_ids")
        return res

    def _finding_opinion_departure(self, options):
        """A simple opinion does not bind; going against it takes a reason."""
        opinion = self.need_id.project_id._get_last_answer()
        if not opinion._is_departed_from():
            return {}
        return {str(opinion.id): opinion._get_departure_message()}

    def _finding_recommendations(self, options):
        """Each recommendation is followed, to be followed, or not, and why."""
        opinion = self.need_id.project_id._get_last_answer()
        unanswered = opinion._get_unanswered()
        if not unanswered or not opinion.confirmer_id:
            return {}
        return {
            str(opinion.id): self.env._(
                "%(count)s recommendations of the DINUM on %(project)s have no answer: "
                "say on each, on the opinion, what is done of it.",
                count=len(unanswered),
                project=opinion.project_id.display_name,
            )
        }
