"""The security officer signs too, where a ministry chose it: nowhere at first."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import ADDON
from .test_sensitivity import GuidedCase


@tagged("post_install", "-at_install")
class TestCountersigned(GuidedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rssi = cls._new_user("rssi", "base.group_user")
        cls.company.security_officer_ids = cls.rssi

    def _is_asked(self):
        self.env.invalidate_all()
        codes = {f.rule.code for f in self.file._findings("launch")}
        return "data_countersigned" in codes

    def _ask_it(self):
        """A ministry's own version, proposed by one and approved by another."""
        rule = self.env.ref(f"{ADDON}.rule_data_countersigned")
        version = self._propose_version(rule.with_user(self.officer))
        general = version.applicability_ids.filtered(lambda line: not line.circuit)
        general.write({"applies": True, "reason": False})
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            version.action_approve()
        version.with_user(self.officer2).action_approve()
        return version

    def test_it_is_asked_nowhere_by_default(self):
        test = self._signed()
        self.assertFalse(self._is_asked())
        self.assertFalse(test.activity_ids.filtered(lambda a: a.user_id == self.rssi))

    def test_a_ministry_chooses_it_with_four_eyes(self):
        version = self._ask_it()
        self.assertEqual(version.company_id, self.company)
        self.assertTrue(self._is_asked())
        test = self._signed()
        self.assertTrue(self._is_asked())
        self.assertIn(self.rssi, test.activity_ids.user_id)
        mine = test.with_user(self.rssi)
        self.assertTrue(mine.may_countersign)
        mine.action_countersign()
        self.assertFalse(self._is_asked())
        self.assertEqual(test.countersigned_by_id, self.rssi)
        self.assertNotIn(self.rssi, test.activity_ids.user_id)

    def test_it_is_the_named_officers_after_the_signature(self):
        test = self._ask()
        self._answer(test)
        with self.assertRaisesRegex(UserError, "signs the result first"):
            test.with_user(self.rssi).action_countersign()
        test.with_user(self.officer).action_sign()
        with self.assertRaisesRegex(AccessError, "security officer"):
            test.with_user(self.officer2).action_countersign()
        self.company.security_officer_ids |= self.officer | self.owner
        for user in (self.officer, self.owner):
            with self.assertRaisesRegex(AccessError, "Four eyes"):
                test.with_user(user).action_countersign()
        with self.assertRaises(AccessError):
            test.with_user(self.rssi).write({"countersigned_by_id": self.rssi.id})

    def test_another_answer_voids_it(self):
        test = self._signed()
        test.with_user(self.rssi).action_countersign()
        test.with_user(self.owner).data_breach_harm = "no"
        self.assertFalse(test.countersigned_by_id)
        self.assertFalse(test._is_countersigned())
