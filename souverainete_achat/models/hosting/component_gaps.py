from odoo import models

_CLOUDS = ("state_cloud", "commercial_cloud")


class Component(models.Model):
    """What a component does not prove; the strictest rule applies over the chain."""

    _inherit = "souverainete.component"

    def _get_label(self):
        """How messages name this component."""
        return self.env._(
            "%(component)s (option “%(option)s”)",
            component=self.display_name,
            option=self.option_id.display_name,
        )

    def _get_clouds(self):
        """Those that are a cloud service, whoever runs it."""
        return self.filtered(lambda component: component.hosting in _CLOUDS)

    def _get_cloud_gap(self):
        """A cloud service on a file that says it buys none."""
        if not self._get_clouds():
            return ""
        return self.env._(
            "%(component)s is a cloud service, but the file says there is none: "
            "correct one or the other (tab “Data and hosting”).",
            component=self._get_label(),
        )

    def _get_intellectual_gap(self):
        """Hosting on a file whose nature is to host nothing."""
        if self.hosting in (False, "none", "on_premise"):
            return ""
        return self.env._(
            "%(component)s hosts data, but the nature of the purchase is intellectual "
            "services: correct the nature, at the top of the file, or the component.",
            component=self._get_label(),
        )

    def _get_declaration_gap(self):
        """What this component does not say about itself; empty when it is complete."""
        if self.hosting and self.partner_id:
            return ""
        return self.env._(
            "%(component)s: give the provider and where it keeps the data (option, tab "
            "“Hosting”).",
            component=self._get_label(),
        )

    def _get_hosting_gap(self, date):
        """Why it may not host data of particular sensitivity on `date`, or empty."""
        self.ensure_one()
        if self.hosting == "state_cloud":
            return self._get_state_gap()
        if self.hosting == "commercial_cloud":
            return self._get_commercial_gap(date)
        return self._get_disguise_gap() or self._get_unknown_gap()

    def _get_disguise_gap(self):
        """A kind of cloud service, sold by somebody, that would be no cloud service:
        software sold as a service is not qualified by the host under it."""
        if self.hosting not in ("none", "managed_private") or not self.service_type_id:
            return ""
        return self.env._(
            "%(component)s is said to be a %(kind)s, which is a cloud service: declare "
            "its hosting as a commercial cloud, or empty its kind (option, tab "
            "“Hosting”). A qualified service does not qualify what runs on it.",
            component=self._get_label(),
            kind=self.service_type_id.name,
        )

    def _get_unknown_gap(self):
        """Unknown is not a no. With a cloud service, another rule asks it already."""
        need = self.option_id.requisition_id
        return "" if need.has_cloud == "yes" else self._get_declaration_gap()

    def _get_state_gap(self):
        """Only a body of the State runs a cloud of the State."""
        body = self.partner_id.commercial_partner_id
        known = body.state_operator_by_id not in self._get_buyers()
        if body.is_state_operator and known:
            return ""
        return self.env._(
            "%(component)s: its provider is not recorded as a body of the State that "
            "runs a cloud, or only by who buys. Correct the hosting (option, tab "
            "“Hosting”), or ask another officer to record it on the provider's card.",
            component=self._get_label(),
        )

    def _get_commercial_gap(self, date):
        """A commercial cloud proves a qualification of that very service."""
        qualification = self.qualification_id
        gap = (
            self._get_link_gap()
            or qualification._get_validity_gap(date)
            or qualification._get_recorder_gap(self._get_buyers())
        )
        if not gap:
            return ""
        return self.env._(
            "%(component)s is a commercial cloud that would host data of particular "
            "sensitivity: %(gap)s",
            component=self._get_label(),
            gap=gap,
        )

    def _get_buyers(self):
        """Who buys what this component is a part of: alone, they prove nothing."""
        return self.option_id.requisition_id._get_scope_requesters()

    def _get_link_gap(self):
        """Why the qualification chosen is not the one of this service, or empty."""
        qualification = self.qualification_id
        if not qualification:
            return self.env._(
                "choose the qualification of this very service (option, tab "
                "“Hosting”), or another host."
            )
        holder = qualification.partner_id.commercial_partner_id
        if holder != self.partner_id.commercial_partner_id:
            return self.env._(
                "the qualification chosen is held by %(holder)s, not by this provider. "
                "The name of a company never qualifies a service.",
                holder=holder.display_name,
            )
        return self._get_kind_gap()

    def _get_kind_gap(self):
        """Why the qualification covers another kind of service than this one. Where
        neither kind is known, the very service is named and a person verifies: see
        `_get_review_point`."""
        kinds = self.qualification_id.service_type_ids
        if not kinds and not self.service_type_id and not self._is_named_alike():
            return self.env._(
                "the register does not say which kind of service “%(service)s” is. "
                "Name this service as the register does (option, tab “Hosting”), if "
                "it is the same; else have an officer complete the register.",
                service=self.qualification_id.service,
            )
        if kinds and not self.service_type_id:
            return self.env._(
                "state the kind of this service (option, tab “Hosting”). The "
                "qualification chosen covers %(covered)s alone, and a qualified "
                "service does not qualify what runs on it.",
                covered=", ".join(kinds.mapped("name")),
            )
        if self.service_type_id and self.service_type_id not in kinds:
            return self.env._(
                "the qualification chosen covers %(covered)s, not %(kind)s. A "
                "qualified service does not qualify what runs on it.",
                covered=", ".join(kinds.mapped("name"))
                or self.env._("an unknown kind of service"),
                kind=self.service_type_id.name,
            )
        return ""
