from odoo import models
from odoo.tools.misc import format_date


class Component(models.Model):
    """A component follows the line of its service: what renews it, and what is
    pending."""

    _inherit = "souverainete.component"

    def _get_qualified_service(self):
        """As the decision in force names it: a renewal may have renamed it."""
        qualification = self.qualification_id
        today = self.company_id._souverainete_today()
        return qualification and qualification._get_current(today).service

    def _get_link_gap(self):
        return super()._get_link_gap() or self._get_narrower_gap()

    def _get_narrower_gap(self):
        """The decision that took over may cover less than what was bought."""
        today = self.company_id._souverainete_today()
        current = self.qualification_id._get_current(today)
        kinds = current.service_type_ids
        if not self.service_type_id or self.service_type_id in kinds:
            return ""
        return self.env._(
            "the decision in force, “%(name)s” from %(start)s, covers %(covered)s, not "
            "%(kind)s.",
            name=current.display_name,
            start=format_date(self.env, current.date_start),
            covered=", ".join(kinds.mapped("name"))
            or self.env._("an unknown kind of service"),
            kind=self.service_type_id.name,
        )

    def _is_renewal_tolerated(self, today, period):
        """Whether all that is missing is an end date that passed, while the renewal is
        recorded as pending by someone who does not buy."""
        qualification = self.qualification_id
        return (
            self.hosting == "commercial_cloud"
            and bool(qualification)
            and not self._get_link_gap()
            and qualification._get_current(today)._is_renewal_pending_on(today, period)
            and not qualification._get_recorder_gap(self._get_buyers())
        )

    def _get_pending_point(self, today, period):
        current = self.qualification_id._get_current(today)
        return self.env._(
            "%(component)s: the end date of the qualification in the register, "
            "%(end)s, is passed; its renewal is recorded as pending since %(since)s "
            "(%(where)s). Verify on the ANSSI catalogue: after %(until)s it proves "
            "nothing.",
            component=self._get_label(),
            end=format_date(self.env, current.date_end),
            since=format_date(self.env, current.renewal_pending_since),
            where=current.renewal_source,
            until=format_date(self.env, current._get_tolerated_end(period)),
        )

    def _get_ending_point(self, today, horizons):
        """The end of what is proven comes within the first alert."""
        qualification = self.qualification_id
        if self.hosting != "commercial_cloud" or not qualification:
            return ""
        step = qualification._get_ending_step(today, horizons)
        if not step or step == "passed":
            return ""
        return self.env._(
            "%(component)s: its qualification ends on %(end)s in the register. Verify "
            "on the ANSSI catalogue whether it is renewed, and have an officer record "
            "it in “Qualified services”; otherwise prepare another host.",
            component=self._get_label(),
            end=format_date(self.env, qualification._get_last(today).date_end),
        )
