"""A service of the register that a signed file relies on, and what becomes of it."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from ..flow import FlowCase

DAY = date(2026, 11, 25)
END = date(2026, 11, 30)


class RegisterCase(FlowCase):
    """Signed on 1 November 2026 on a qualification that ends on 30 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = cls.env["souverainete.qualification"]
        cls.shipped = cls.register.search([]) - cls.qualification

    def setUp(self):
        super().setUp()
        clock = freeze_time(f"{DAY} 12:00:00")
        clock.start()
        self.addCleanup(clock.stop)
        # What the shipped register says of other services is none of these tests'.
        self.shipped._write_server({"followed_on": "2099-01-01"})

    @classmethod
    def _new_qualification(cls, user=None, **vals):
        return (
            cls.register.with_user(user or cls.officer2)
            .create(
                {
                    "partner_id": cls.vendor.id,
                    "service": "Réunions souveraines",
                    "date_start": "2023-12-01",
                    "date_end": END,
                    **vals,
                }
            )
            .with_env(cls.env)
        )

    def _signed(self, **vals):
        """A file signed while its qualification was valid, that ends soon."""
        file = self._confirmed_file(**vals)
        self.qualification.date_end = END
        return file

    def _renew(self, **vals):
        return self._new_qualification(
            **{
                "date_start": "2026-12-01",
                "date_end": "2029-11-30",
                "replaces_id": self.qualification.id,
                "decision": "TEST-2",
                **vals,
            }
        )

    def _set_pending(self, user=None, **vals):
        self.qualification.with_user(user or self.officer2).write(
            {
                "renewal_pending_since": "2026-10-15",
                "renewal_source": "ANSSI catalogue of 15 October 2026",
                **vals,
            }
        )

    def _at(self, day):
        return freeze_time(f"{day} 12:00:00")

    def _run_job(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=60):
            self.register._cron_follow()
        self.env.invalidate_all()

    def _get_alerts(self, file):
        alerts = self.env["souverainete.qualification.alert"]
        return alerts.search([("requisition_id", "=", file.id)])

    def _get_todos(self, file):
        kind = self.env.ref("souverainete_achat.activity_qualification_ending")
        return file.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)
