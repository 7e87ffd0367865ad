"""A need with sensitive data in a cloud, and the chain of the option retained."""

from ..common import ADDON, SouveraineteCase

HOSTING = (
    "data_questions",
    "data_owner",
    "cloud_contradiction",
    "components_declared",
    "components_known",
    "hosting_qualified",
    "hosting_review",
    "hosting_expiring",
    "derogation_published",
    "derogation_bounds",
    "data_signed",
    "qualification_clause",
    "deferral_clause",
    "hosting_deferred",
    "order_data",
)
DAY = "2026-11-23 12:00:00"


class HostingCase(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        others = cls.env["souverainete.rule"].search(
            [("code", "not in", HOSTING), ("severity", "=", "blocking")]
        )
        others.severity = "warning"
        cls.iaas = cls.env.ref(f"{ADDON}.service_type_iaas")
        cls.saas = cls.env.ref(f"{ADDON}.service_type_saas")
        cls.qualification = cls.env["souverainete.qualification"].create(
            {
                "partner_id": cls.vendor.id,
                "service": "Nuage souverain",
                "service_type_ids": cls.iaas.ids,
                "date_start": "2026-01-01",
                "date_end": "2026-12-31",
            }
        )
        cls.file = cls._new_file(
            has_cloud="yes",
            data_protected_secret="yes",
            data_essential_mission="no",
            data_breach_harm="yes",
        )
        cls.option = cls._new_option()

    @classmethod
    def _new_option(cls, **vals):
        return (
            cls.env["souverainete.option"]
            .with_user(cls.buyer)
            .create(
                {
                    "name": "Visioconférence",
                    "requisition_id": cls.file.id,
                    "path": "off_the_shelf",
                    "verdict": "retained",
                    "partner_id": cls.vendor.id,
                    **vals,
                }
            )
        )

    def _new_component(self, hosting="commercial_cloud", **vals):
        return (
            self.env["souverainete.component"]
            .with_user(self.buyer)
            .create(
                {
                    "option_id": self.option.id,
                    "partner_id": self.vendor.id,
                    "role": "host",
                    "hosting": hosting,
                    **vals,
                }
            )
        )

    def _new_qualified(self, **vals):
        vals = {"qualification_id": self.qualification.id, **vals}
        return self._new_component(service_type_id=self.iaas.id, **vals)

    def _messages(self, code, user=None):
        file = self.file.with_user(user or self.buyer)
        return [f.message for f in file._findings() if f.rule.code == code]

    def _sign(self):
        if not self.file.date_launch:
            self.file.action_launch()
        self.file.action_confirm()
