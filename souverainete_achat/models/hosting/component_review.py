from odoo import models
from odoo.tools.misc import format_date


class Component(models.Model):
    """What a person has to verify about a component, or to follow until its end."""

    _inherit = "souverainete.component"

    def _get_review_point(self):
        """What a person has to verify, though nothing proves it wrong."""
        if self.hosting == "managed_private":
            return self.env._(
                "%(component)s is managed by a private provider: check that it is not "
                "a cloud service, which loi SREN art. 31 would cover; if it is one, "
                "declare it as a commercial cloud.",
                component=self._get_label(),
            )
        if self.hosting == "none":
            return self._get_access_point()
        if self.hosting == "commercial_cloud" and self._is_service_doubtful():
            return self.env._(
                "%(component)s: check on the ANSSI catalogue that “%(service)s” is "
                "this very service, and state its kind (SaaS, PaaS, CaaS, IaaS).",
                component=self._get_label(),
                service=self._get_qualified_service(),
            )
        if self.hosting == "commercial_cloud" and self._is_european():
            return self.env._(
                "%(component)s relies on a European certification: check that its "
                "level is at least that of SecNumCloud, immunity to the law of third "
                "countries included (doctrine cloud, R9).",
                component=self._get_label(),
            )
        return ""

    def _is_european(self):
        return self.qualification_id.scheme == "eu_equivalent"

    def _get_access_point(self):
        """Who hosts nothing may still reach the data, or sell a service on top."""
        if self.role == "publisher":
            return self.env._(
                "%(component)s is said to host no data: check that the software is not "
                "sold as a service (SaaS), which would need a qualification of its "
                "own, whatever it runs on.",
                component=self._get_label(),
            )
        return self.env._(
            "%(component)s is said to host no data: check that it has no means to "
            "obtain them, as the SecNumCloud reference asks of suppliers (§ 19.6, as "
            "quoted by third parties).",
            component=self._get_label(),
        )

    def _is_service_doubtful(self):
        """The kind of service is not stated, or it bears another name."""
        service = self._get_qualified_service()
        return bool(service) and not (self.service_type_id and self._is_named_alike())

    def _get_qualified_service(self):
        """Name of the service that the qualification was decided for."""
        return self.qualification_id.service

    def _is_named_alike(self):
        """Whether the service bears the name its qualification was decided for."""
        names = (self.name or "", self._get_qualified_service() or "")
        own, qualified = (name.casefold().split() for name in names)
        return own == qualified

    def _get_renewal_point(self, date_end, today):
        """The qualification ends before the agreement does, on `date_end`."""
        qualification = self.qualification_id
        if not qualification._is_ending_before(date_end, today):
            return ""
        return self.env._(
            "The qualification of %(component)s ends on %(end)s, before the agreement: "
            "ask that it be maintained throughout the contract.",
            component=self._get_label(),
            end=format_date(self.env, qualification.date_end),
        )
