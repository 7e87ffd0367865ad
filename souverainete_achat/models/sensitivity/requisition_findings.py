from odoo import models

from .sensitivity import QUESTIONS, get_open_questions


class PurchaseRequisition(models.Model):
    """What is missing about the data of the need."""

    _inherit = "purchase.requisition"

    # === LAUNCH: THE QUESTIONS === #

    def _finding_data_questions(self, options):
        """Every question that could settle the sensitivity has an answer."""
        need = self.need_id
        names = [] if need.has_cloud != "unknown" else ["has_cloud"]
        if need.has_cloud == "yes" and need._get_data_sensitivity() == "undetermined":
            names = get_open_questions(*(need[name] for name in QUESTIONS))
        labels = self.fields_get(names, ["string"]) if names else {}
        return {
            name: self.env._(
                "Answer the question “%(question)s” by yes or no (tab “Data and "
                "hosting”).",
                question=labels[name]["string"],
            )
            for name in names
        }

    def _finding_data_owner(self, options):
        """With a cloud service, the analysis is signed by the data's authority."""
        need = self.need_id
        if need.has_cloud != "yes" or (need.data_owner_id and need._is_explained()):
            return {}
        return {
            "": self.env._(
                "Name the data owner and give the reasons of the answers (tab “Data "
                "and hosting”)."
            )
        }

    def _is_explained(self):
        """Whether the answers have their reasons: the buyer's, or the data owner's."""
        test = self.data_test_ids
        return bool(self.data_justification or (test and test._is_answered()))
