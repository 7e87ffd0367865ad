from odoo import api, models


class Referral(models.AbstractModel):
    """The pages of the referral file that are written from the request."""

    _name = "report.souverainete_achat.referral"
    _description = "Referral file"

    @api.model
    def _get_report_values(self, docids, data=None):
        """What is printed, for requests the user may read."""
        opinions = self.env["souverainete.opinion"].browse(docids)
        opinions.check_access("read")
        docs = opinions.sudo()
        return {
            "doc_ids": docids,
            "doc_model": opinions._name,
            "docs": docs,
            "kinds": {opinion.id: self._get_kind(opinion) for opinion in docs},
            "thresholds": {
                opinion.id: opinion.project_id._get_threshold_amount()
                for opinion in docs
            },
            "apart": {
                opinion.id: [part.path for part in opinion._get_apart()]
                for opinion in docs
            },
        }

    def _get_kind(self, opinion):
        """Binding or simple; of a draft, what it will be."""
        kind = opinion.kind or opinion.project_id._get_threshold().opinion_kind
        labels = dict(opinion._fields["kind"]._description_selection(self.env))
        return labels.get(kind, "")
