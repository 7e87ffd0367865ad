from odoo import models

from ..base.told import tell

# States of a file that still signs or orders.
_OPEN = ("draft", "confirmed")


class Hosted(models.AbstractModel):
    """A file and where what it buys is hosted: what its chain consists of, and the
    qualifications relied on."""

    _name = "souverainete.hosted"
    _description = "File whose solution is hosted"

    def _finding_cloud_contradiction(self, options):
        """What the file says of a cloud agrees with what the options consist of."""
        need = self.need_id
        if need.purchase_nature == "intellectual":
            return self._get_intellectual_contradiction(options)
        if need.has_cloud != "no":
            return {}
        if need.purchase_nature == "cloud":
            return {
                "nature": tell(self.env)._(
                    "The nature of the purchase is a cloud service, but the file says "
                    "there is none: correct one or the other (page “Data and hosting”)."
                )
            }
        return options._collect(lambda component: component._get_cloud_gap())

    def _get_intellectual_contradiction(self, options):
        """Intellectual services are spared the questions on hosting: they host none."""
        if self.need_id.has_cloud == "yes":
            return {
                "nature": tell(self.env)._(
                    "The nature of the purchase is intellectual services, but the file "
                    "says that a cloud service is bought: correct the nature, at the "
                    "top of the file, or the answer (page “Data and hosting”)."
                )
            }
        return options._collect(lambda component: component._get_intellectual_gap())

    # === THE CHAIN === #

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
        """Each commercial cloud of the chain is qualified today for that service; what
        a ministry tolerates while a renewal is pending warns instead."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        messages = options._collect(lambda component: component._get_award_gap(today))
        if not messages:
            return messages
        tolerated = {c._get_finding_key() for c in self._get_tolerated(options)}
        return self._advise(
            {key: text for key, text in messages.items() if key not in tolerated}
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

    def _finding_hosting_ending(self, options):
        """The qualification of a service relied on ends soon in the register."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        horizons = self._find_horizons(today)
        return options._collect(lambda c: c._get_ending_point(today, horizons))

    def _find_horizons(self, today):
        time_limits = self.env["souverainete.time.limit"]
        return time_limits._find_horizons(self.company_id, today)

    # === RENEWALS PENDING === #

    def _finding_hosting_pending(self, options):
        """The renewal of a qualification whose end date passed is pending."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        tolerated, period = self._get_tolerated(options), self._find_pending(today)
        return options._collect(
            lambda c: c._get_pending_point(today, period) if c in tolerated else ""
        )

    def _get_tolerated(self, options):
        """Components of these options whose renewal is pending, in the set time."""
        today = self.company_id._souverainete_today()
        period = self._find_pending(today)
        return options.component_ids.filtered(
            lambda c: period and c._is_renewal_tolerated(today, period)
        )

    def _find_pending(self, today):
        """How long after its end date a pending renewal is tolerated for this file;
        None where the ministry fixed no such time: for new signatures, by default."""
        running = self.requisition_type == "blanket_order" and self.gate_passed_on
        # A key of the context that only asks for more: nothing to gain by forging it.
        extended = self.env.context.get("souverainete_extends")
        award = not running or extended
        kind = "renewal_pending_award" if award else "renewal_pending"
        return self.env["souverainete.time.limit"]._find(kind, self.company_id, today)

    # === QUALIFICATIONS RELIED ON === #

    def _is_relying_on(self, option):
        """Whether this file is open and signs, or means to sign, this option."""
        return (
            self.state in _OPEN
            and self.scope_status != "out"
            and not self._is_met()
            and option in self._get_judged_options()
        )

    def _is_alerted_on(self, end, today):
        """Whether the end of a qualification, on `end`, matters to this file: its data
        is of particular sensitivity, and it lasts longer."""
        if not end or not self.need_id._is_sensitive():
            return False
        return not self.date_end or (self.date_end > end and self.date_end >= today)

    def _get_alert_recipients(self):
        """{file: (its buyer, an officer of its ministry who does not buy)}; the same
        person twice where there is no other, as when the buyer left."""
        officers = {
            company: company._get_role_users("group_officer")
            for company in self.company_id
        }
        recipients = {}
        for file in self:
            buyer = file._get_told_user()
            others = officers[file.company_id] - file._get_askers() - buyer
            recipients[file] = (buyer, others.sorted("id")[:1] or buyer)
        return recipients
