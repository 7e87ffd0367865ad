from odoo import api, models

_MEMBERS = "file_ids.grouping_member_ids"


class Project(models.Model):
    """The opinion asked of a project bought by a grouping: the strictest regime."""

    _inherit = "souverainete.project"

    def _get_threshold(self, day=None):
        """Among those of the project's body and of the members of its groupings: the
        strictest. Binding where a ministry takes part (décret 2019-1088, art. 3)."""
        threshold = super()._get_threshold(day)
        bodies = self._get_member_bodies()
        if not bodies:
            return threshold
        day = day or self.company_id._souverainete_today()
        for body in bodies:
            threshold |= threshold._get_for_body("dinum_opinion", *body, day)
        return self._get_strictest(threshold)

    def _get_member_bodies(self):
        return [
            body
            for member in self.sudo().file_ids.grouping_member_ids
            for body in member._get_bodies()
        ]

    def _get_strictest(self, thresholds):
        """Of those the known cost reaches, the binding one; of those it does not, the
        lowest."""
        reached = thresholds.filtered(self._is_low_cost_reaching)
        if reached:
            return reached.sorted(lambda t: (t.opinion_kind != "binding", t.amount))[:1]
        return thresholds.sorted(lambda t: (t.amount, t.opinion_kind != "binding"))[:1]

    def _is_low_cost_reaching(self, threshold):
        low = self._get_low_cost(threshold.mco_months)
        day = self.company_id._souverainete_today()
        return threshold._is_reached_by(low, self.currency_id, self.company_id, day)

    # What is stored follows the members too.
    @api.depends(f"{_MEMBERS}.entity_type", f"{_MEMBERS}.member_company_id")
    def _compute_dinum_cost(self):
        return super()._compute_dinum_cost()

    @api.depends(f"{_MEMBERS}.entity_type", f"{_MEMBERS}.member_company_id")
    def _compute_opinion_required(self):
        return super()._compute_opinion_required()
