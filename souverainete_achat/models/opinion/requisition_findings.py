from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import models

from .opinion import FAVOURABLE

_PARIS = ZoneInfo("Europe/Paris")


class PurchaseRequisition(models.Model):
    """What is missing on a file about its project and the DINUM's opinion."""

    _inherit = "purchase.requisition"

    def _get_threshold_day(self):
        """Day whose threshold applies: the launch's, since a text is not retroactive.

        Empty before launch: today.
        """
        launched = self.need_id.date_launch
        return launched and launched.replace(tzinfo=UTC).astimezone(_PARIS).date()

    def _finding_project(self, options):
        """Without its project a purchase cannot be compared with the threshold."""
        need = self.need_id
        if need.project_id or need.project_scope_officer_id:
            return {}
        return {
            "": self.env._(
                "Choose the project this purchase belongs to, or have the compliance "
                "officer declare it transversal, on the tab “Project and DINUM”."
            )
        }

    def _finding_project_cost(self, options):
        """Unknown is not below the threshold."""
        project = self.need_id.project_id
        if not project:
            return {}
        required = project._get_opinion_required(self._get_threshold_day())
        if required == "no" and project._is_understated(self._get_threshold_day()):
            return {"understated": project._get_understated_message()}
        if required != "unknown":
            return {}
        return {
            str(project.id): self.env._(
                "The cost of %(project)s is not known, so nobody can say whether the "
                "DINUM's opinion is required: complete its cost lines, on the "
                "project's form.",
                project=project.display_name,
            )
        }

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
