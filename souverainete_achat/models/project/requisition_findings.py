from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import models

_PARIS = ZoneInfo("Europe/Paris")


class PurchaseRequisition(models.Model):
    """What is missing on a file about its project and its cost."""

    _inherit = "purchase.requisition"

    def _get_threshold_day(self):
        """Day whose threshold applies: the launch's, since a text is not retroactive.

        Empty before launch: today. Today too for what goes further than what was
        signed, where less is left below the threshold now.
        """
        launched = self.need_id.date_launch
        day = launched and launched.replace(tzinfo=UTC).astimezone(_PARIS).date()
        extended = self.env.context.get("souverainete_extends")
        return False if day and extended and self._is_threshold_lower(day) else day

    def _is_threshold_lower(self, day):
        """Whether the threshold is lower today than on `day`. The key of the context
        that asks for it only ever hardens: nothing to gain by forging it."""
        company = self.company_id
        today = company._souverainete_today()
        then, now = (
            self.env["souverainete.threshold"]._get("dinum_opinion", company, date)
            for date in (day, today)
        )
        if not then or not now:
            return bool(now)
        before = then.currency_id._convert(then.amount, now.currency_id, company, today)
        return now.currency_id.compare_amounts(now.amount, before) < 0

    def _finding_project(self, options):
        """Without its project a purchase cannot be compared with the threshold."""
        need = self.need_id
        declared = need.project_scope_officer_id
        if declared and not need.date_launch and need._is_scope_changed():
            return {"changed": self._get_changed_message()}
        if need.project_id or declared:
            return {}
        return {
            "": self.env._(
                "Choose the project this purchase belongs to, or have the compliance "
                "officer declare it transversal, on the tab “Project and DINUM”."
            )
        }

    def _get_changed_message(self):
        return self.env._(
            "The purchase changed since it was declared transversal: a compliance "
            "officer declares it again, on the tab “Project and DINUM”."
        )

    def _finding_project_transversal(self, options):
        """A purchase without project that changed since, or is as large as a project
        the DINUM judges: the officer looks at it again."""
        need = self.need_id
        if not need.project_scope_officer_id:
            return {}
        missing = {}
        if need.date_launch and need._is_scope_changed():
            missing["changed"] = self._get_changed_message()
        if need._is_as_large_as_project(self._get_threshold_day()):
            missing["threshold"] = self.env._(
                "Declared transversal, this purchase alone reaches the threshold of "
                "the DINUM's opinion: have the compliance officer confirm that it is "
                "no project, or give it one, on the tab “Project and DINUM”."
            )
        return missing

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
