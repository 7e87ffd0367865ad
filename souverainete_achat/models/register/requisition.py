from odoo import models


class PurchaseRequisition(models.Model):
    """Renewals pending: a contract that runs goes on for a set time, with a warning;
    nothing new is signed on them unless a dated delay of the ministry says so."""

    _inherit = "purchase.requisition"

    def _prefetch_findings(self):
        components = self.mapped("need_id.judged_option_ids.component_ids")
        lines = components.mapped("qualification_id.line_id.line_member_ids")
        lines.mapped("suspension_ids.date_start")
        lines.mapped("service_type_ids.name")
        lines.mapped("partner_id.commercial_partner_id.name")
        return super()._prefetch_findings()

    def _finding_hosting_qualified(self, options):
        """What a ministry tolerates while a renewal is pending warns instead."""
        messages = super()._finding_hosting_qualified(options)
        if not messages:
            return messages
        tolerated = {f"component-{c.id}" for c in self._get_tolerated(options)}
        return {key: text for key, text in messages.items() if key not in tolerated}

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
        return self.env["souverainete.delay"]._find(kind, self.company_id, today)

    def _finding_hosting_ending(self, options):
        """The qualification of a service relied on ends soon in the register."""
        if not self.need_id._is_sensitive():
            return {}
        today = self.company_id._souverainete_today()
        horizons = self._find_horizons(today)
        return options._collect(lambda c: c._get_ending_point(today, horizons))

    def _find_horizons(self, today):
        delays = self.env["souverainete.delay"]
        return delays._find_horizons(self.company_id, today)
