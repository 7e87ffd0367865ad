"""The two limbs of loi SREN, art. 31, and who may say what they give."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import SouveraineteCase

# Written by hand from doctrine.md 3.1: A1 secrets protected by law, A2 essential
# missions, B consequence of a breach. Y yes, N no, ? not known yet.
TABLE = """
Y Y Y sensitive
Y Y N not_sensitive
Y Y ? undetermined
Y N Y sensitive
Y N N not_sensitive
Y N ? undetermined
Y ? Y sensitive
Y ? N not_sensitive
Y ? ? undetermined
N Y Y sensitive
N Y N not_sensitive
N Y ? undetermined
N N Y not_sensitive
N N N not_sensitive
N N ? not_sensitive
N ? Y undetermined
N ? N not_sensitive
N ? ? undetermined
? Y Y sensitive
? Y N not_sensitive
? Y ? undetermined
? N Y undetermined
? N N not_sensitive
? N ? undetermined
? ? Y undetermined
? ? N not_sensitive
? ? ? undetermined
"""
ANSWERS = {"Y": "yes", "N": "no", "?": "unknown"}
SECRET, MISSION, HARM = (
    "data_protected_secret",
    "data_essential_mission",
    "data_breach_harm",
)


@tagged("post_install", "-at_install")
class TestSensitivity(SouveraineteCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls._new_file()

    def _answer(self, secret, mission, harm, **vals):
        self.file.write({SECRET: secret, MISSION: mission, HARM: harm, **vals})

    def _open_questions(self):
        findings = self.file._findings("launch")
        return {f.key for f in findings if f.rule.code == "data_questions"}

    def test_truth_table(self):
        rows = [line.split() for line in TABLE.strip().splitlines()]
        self.assertEqual(len({tuple(row[:3]) for row in rows}), 27)
        for *signs, expected in rows:
            with self.subTest(signs):
                self._answer(*(ANSWERS[sign] for sign in signs))
                self.assertEqual(self.file.data_sensitivity, expected)

    def test_nothing_answered_is_undetermined(self):
        self.assertEqual(self.file.has_cloud, "unknown")
        self.assertEqual(self.file.data_sensitivity, "undetermined")

    def test_cloud_question_blocks_the_launch(self):
        self.assertIn("data_questions", self._codes(self.file, "launch"))
        self.assertEqual(self._open_questions(), {"has_cloud"})

    def test_without_cloud_the_limbs_are_not_asked(self):
        self.file.has_cloud = "no"
        self.assertFalse(self._open_questions())

    def test_with_cloud_the_open_questions_are_named(self):
        self.file.has_cloud = "yes"
        self.assertEqual(self._open_questions(), {SECRET, MISSION, HARM})

    def test_only_questions_that_can_settle_are_asked(self):
        self._answer("yes", "unknown", "unknown", has_cloud="yes")
        self.assertEqual(self._open_questions(), {HARM})

    def test_one_no_settles(self):
        self._answer("unknown", "unknown", "no", has_cloud="yes")
        self.assertFalse(self._open_questions())

    def test_no_amount_exempts_from_the_question(self):
        self.env["souverainete.threshold"].create(
            {"name": "Light", "kind": "light", "amount": 10**9, "tax_basis": "ht"}
        )
        self.assertEqual(self.file.circuit, "light")
        self.assertIn("data_questions", self._codes(self.file, "launch"))

    def test_sensitive_data_reinforces_the_circuit(self):
        self._answer("yes", "no", "yes")
        self.assertEqual(self.file.circuit, "reinforced")

    def test_data_owner_is_a_warning(self):
        self._answer("no", "no", "no", has_cloud="yes")
        found = [
            f for f in self.file._findings("launch") if f.rule.code == "data_owner"
        ]
        self.assertTrue(found)
        self.assertFalse(any(f.blocking for f in found))
        self.file.write({"data_owner_id": self.officer.id, "data_justification": "x"})
        self.assertFalse(
            [f for f in self.file._findings("launch") if f.rule.code == "data_owner"]
        )

    def test_nobody_writes_the_result(self):
        self._answer("yes", "no", "yes")
        for user in (self.buyer, self.purchase_manager, self.officer):
            for file in (self.file.with_user(user), self.file.with_user(user).sudo()):
                with self.subTest(user=user.login, su=file.env.su):
                    with self.assertRaises(AccessError):
                        file.write({"data_sensitivity": "not_sensitive"})
        self.assertEqual(self.file.data_sensitivity, "sensitive")

    def test_nobody_creates_with_the_result(self):
        vals = {"requisition_type": "blanket_order", "data_sensitivity": "sensitive"}
        with self.assertRaises(AccessError):
            self.file.create(vals)

    def test_a_default_in_the_context_is_ignored(self):
        forged = self.file.with_context(default_data_sensitivity="not_sensitive")
        file = forged.create({"requisition_type": "blanket_order"})
        self.assertEqual(file.data_sensitivity, "undetermined")

    def test_the_gate_reads_the_answers_not_the_result(self):
        self._answer("yes", "no", "yes", has_cloud="yes")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_requisition SET data_sensitivity = 'not_sensitive' "
            "WHERE id = %s",
            [self.file.id],
        )
        self.file.invalidate_recordset()
        self.assertTrue(self.file._is_sensitive())

    def test_answers_are_journalled_once_a_write(self):
        with patch.object(type(self.file), "_journal", autospec=True) as journal:
            self._answer("yes", "no", "yes", has_cloud="yes")
            self._answer("yes", "no", "yes", has_cloud="yes")
        events = [call.args[1] for call in journal.call_args_list]
        self.assertEqual(events.count("sensitivity"), 1)
        self.assertEqual(journal.call_args.args[2]["sensitivity"], "sensitive")

    def test_a_copy_answers_again(self):
        self._answer("yes", "no", "yes", has_cloud="yes")
        copy = self.file.copy()
        self.assertEqual(copy.has_cloud, "unknown")
        self.assertEqual(copy.data_sensitivity, "undetermined")
