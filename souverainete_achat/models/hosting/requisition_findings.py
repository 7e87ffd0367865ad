from odoo import models


class PurchaseRequisition(models.Model):
    """What is missing about the hosting of the data."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        components = self.mapped("need_id.judged_option_ids.component_ids")
        components.mapped("qualification_id.partner_id.name")
        components.mapped("partner_id.name")
        (self | self.need_id).mapped("derogation_ids.rule_id")
        return super()._prefetch_findings()

    # === LAUNCH: THE CLOUD === #

    def _finding_cloud_contradiction(self, options):
        """What the file says of a cloud agrees with what the options consist of."""
        need = self.need_id
        if need.purchase_nature == "intellectual":
            return self._get_intellectual_contradiction(options)
        if need.has_cloud != "no":
            return {}
        if need.purchase_nature == "cloud":
            return {
                "nature": self.env._(
                    "The nature of the purchase is a cloud service, but the file says "
                    "there is none: correct one or the other (tab “Data and hosting”)."
                )
            }
        return options._collect(lambda component: component._get_cloud_gap())

    def _get_intellectual_contradiction(self, options):
        """Intellectual services are spared the questions on hosting: they host none."""
        if self.need_id.has_cloud == "yes":
            return {
                "nature": self.env._(
                    "The nature of the purchase is intellectual services, but the file "
                    "says that a cloud service is bought: correct the nature, at the "
                    "top of the file, or the answer (tab “Data and hosting”)."
                )
            }
        return options._collect(lambda component: component._get_intellectual_gap())

    # === AWARD: THE CHAIN === #

    def _finding_components_declared(self, options):
        """Sensitive data in a cloud: nothing is proved about a chain not declared."""
        if not self._is_sensitive_cloud():
            return {}
        return self._advise(options._get_component_gaps())

    def _finding_components_known(self, options):
        """Cloud or sensitive data, not both: the chain had better be known."""
        concerned = self.need_id.has_cloud == "yes" or self.need_id._is_sensitive()
        if not concerned or self._is_sensitive_cloud():
            return {}
        return options._get_component_gaps()

    def _finding_hosting_qualified(self, options):
        """Each commercial cloud of the chain is qualified today for that service."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        return self._advise(
            options._collect(lambda component: component._get_award_gap(today))
        )

    def _finding_hosting_review(self, options):
        """What only a person can verify about the hosting of sensitive data."""
        if not self.need_id._is_sensitive():
            return {}
        points = options._collect(lambda component: component._get_review_point())
        if self._is_sensitive_cloud():
            points |= options._get_cloudless_points()
        return points

    def _finding_hosting_expiring(self, options):
        """A qualification that ends before the agreement has to be renewed."""
        if not self.date_end or not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        return options._collect(
            lambda component: component._get_renewal_point(self.date_end, today)
        )

    def _finding_derogation_published(self, options):
        """A derogation in force on the hosting of sensitive data is made public."""
        today = self.company_id._souverainete_today()
        return {
            f"derogation-{record.id}": self.env._(
                "Record when and where the derogation “%(name)s” was made public (tab "
                "“Data and hosting”).",
                name=record.display_name,
            )
            for record in self.need_id.derogation_ids
            if record._lifts("hosting_qualified", today) and not record._is_published()
        }

    def _finding_derogation_bounds(self, options):
        """A derogation on the hosting of sensitive data stays within its bounds."""
        today = self.company_id._souverainete_today()
        return {
            f"derogation-{record.id}-{key}": message
            for record in self.need_id.derogation_ids
            if record._lifts("hosting_qualified", today)
            for key, message in record._get_bound_gaps(today).items()
        }
