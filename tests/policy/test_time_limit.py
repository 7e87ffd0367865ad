from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import SouveraineteCase


@tagged("post_install", "-at_install")
class TestDelay(SouveraineteCase):
    def _get(self, kind="renewal_formalised", day=date(2026, 11, 24)):
        return self.env["souverainete.time.limit"]._get(kind, self.company, day)

    def test_months_end_on_the_last_day_of_a_shorter_month(self):
        period = self._get("review_before_notice")._get_period()
        self.assertEqual(date(2028, 8, 31) - period, date(2028, 2, 29))

    def test_a_ministry_has_its_own_time_limit_from_its_first_day(self):
        own = self._get().with_user(self.referent2).copy()
        own.write({"company_id": self.company.id, "number": 24})
        own.date_start = date(2026, 12, 1)
        own.with_user(self.referent).action_approve()
        self.assertEqual(self._get().number, 18)
        self.assertEqual(self._get(day=date(2026, 12, 1)).number, 24)

    def test_a_time_limit_that_nobody_fixed_is_not_zero(self):
        self._get()._write_server({"date_end": date(2026, 1, 1)})
        self.env.registry.clear_cache()
        with self.assertRaisesRegex(UserError, "No time limit"):
            self._get()

    def test_a_time_limit_in_force_is_not_edited_and_takes_four_eyes(self):
        time_limit = self._get().with_user(self.referent)
        with self.assertRaisesRegex(UserError, "propose a new version of"):
            time_limit.number = 1
        version = time_limit.copy()
        version.number = 12
        with self.assertRaises(AccessError):
            version.action_approve()
        version.with_user(self.referent2).action_approve()
        self.assertEqual(self._get(day=version.date_start).number, 12)
