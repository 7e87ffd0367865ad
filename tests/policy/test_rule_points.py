"""Rules that only ask that fields are filled in: records, no code."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import ADDON, SouveraineteCase

_EXIT = "[('need_id.exit_plan', '=', False)]"


@tagged("post_install", "-at_install")
class TestRulePoints(SouveraineteCase):
    def _propose(self, code, user):
        rule = self.env.ref(f"{ADDON}.rule_{code}").with_user(user)
        return self._propose_version(rule)

    def _new_rule(self, domain=_EXIT, user=None, **vals):
        return (
            self.env["souverainete.rule"]
            .with_user(user or self.officer)
            .create(
                {
                    "code": "own_exit",
                    "name": "Exit of every purchase",
                    "stage": "launch",
                    "basis": "ministry",
                    "severity": "warning",
                    "certainty": "policy",
                    "company_id": self.company.id,
                    "applicability_ids": [Command.create({})],
                    "point_ids": [
                        Command.create({"domain": domain, "message": "Write it."})
                    ],
                    **vals,
                }
            )
        )

    def _get_told(self, file, code="own_exit"):
        return [f.message for f in file._findings() if f.rule.code == code]

    def test_every_shipped_rule_is_evaluated_once(self):
        for rule in self.env["souverainete.rule"].search([]):
            with self.subTest(rule=rule.code):
                self.assertNotEqual(rule._is_computed(), bool(rule.point_ids))
        self.env["souverainete.rule.point"].search([])._check_domain()

    def test_a_ministry_asks_for_a_field(self):
        rule = self._new_rule()
        file = self._new_file()
        self.assertFalse(self._get_told(file), "a proposal counts for nothing")
        with self.assertRaises(AccessError):
            rule.action_approve()
        rule.with_user(self.officer2).action_approve()
        self.assertEqual(self._get_told(file), ["Write it."])
        file.exit_plan = "  \n"
        self.assertEqual(self._get_told(file), ["Write it."], "spaces say nothing")
        file.exit_plan = "Export in CSV"
        self.assertFalse(self._get_told(file))

    def test_from_the_form(self):
        form = Form(self.env["souverainete.rule"].with_user(self.officer))
        form.code, form.name, form.stage = "own_title", "Title", "launch"
        form.basis, form.severity, form.certainty = "ministry", "advice", "policy"
        with form.point_ids.new() as point:
            point.domain, point.message = "[('reference', '=', False)]", "Name it."
        with form.applicability_ids.new():
            pass
        rule = form.save().with_user(self.officer2)
        rule.action_approve()
        self.assertEqual(self._get_told(self._new_file(), "own_title"), ["Name it."])

    def test_it_blocks_nothing(self):
        with self.assertRaisesRegex(ValidationError, "blocks nothing"):
            self._new_rule(severity="blocking")

    def test_conditions_that_are_none(self):
        for domain in (
            "",
            "[]",
            "[(1, '=', 1)]",
            "exit_plan",
            "[('exit_plan', '=')]",
            "[('unheard_of', '=', False)]",
            "[('need_id.unheard_of', '=', False)]",
            "[('line_ids.price_unit', '=', 0)]",
            "[('line_ids', 'any', [('price_unit', '=', 0)])]",
            "[('vendor_id', 'ilike', 'a')]",
            "[('vendor_id', 'child_of', 1)]",
            "[('judged_option_ids', '=', False)]",
            "[('circuit', '=', 'light')]",
            "[('exit_plan', '=', user.name)]",
            "[(1, '=', 1)] + [('exit_plan', '=', False)]",
            "__import__('os')",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                self._new_rule(domain)

    def test_orders_have_theirs(self):
        rule = self._new_rule("[('partner_ref', '=', False)]", stage="order")
        with self.assertRaises(ValidationError):
            rule.point_ids.domain = "[('exit_plan', '=', False)]"
        with self.assertRaises(ValidationError):
            rule.stage = "launch"

    def test_nothing_evaluates_it(self):
        with self.assertRaisesRegex(ValidationError, "Nothing evaluates"):
            self._new_rule(point_ids=[])
        rule = self._new_rule()
        rule.point_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "Nothing evaluates"):
            rule.with_user(self.officer2).action_approve()
        with self.assertRaisesRegex(ValidationError, "computed"):
            self._new_rule(code="custom_last")

    def test_a_ministry_only_asks_more(self):
        proposal = self._propose("exit_plan", self.officer)
        self.assertEqual(proposal.point_ids.mapped("domain"), [_EXIT])
        proposal.point_ids.message = "Write how we leave."
        proposal.with_user(self.officer2).action_approve()
        proposal = self._propose("exit_plan", self.officer)
        proposal.point_ids.domain = "[('need_id.exit_plan', '=', 'x')]"
        with self.assertRaisesRegex(ValidationError, "not softened"):
            proposal.with_user(self.officer2).action_approve()

    def test_who_writes_a_point_wrote_the_rule(self):
        proposal = self._propose("exit_plan", self.officer)
        proposal.with_user(self.officer2).point_ids.message = "Write it."
        with self.assertRaises(AccessError):
            proposal.with_user(self.officer2).action_approve()
        common = self.env.ref(f"{ADDON}.rule_point_exit_plan").with_user(self.referent)
        with self.assertRaises(UserError):
            common.message = "Nothing to do"
        with self.assertRaises(UserError):
            common.update_field_translations("message", {"en_US": "Nothing to do"})

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms([ADDON], ["fr_FR"])
        file = self._new_file(purchase_nature="maintenance")
        (told,) = self._get_told(file.with_context(lang="fr_FR"), "exit_plan")
        self.assertIn("plan de sortie", told)
        (told,) = self._get_told(file.with_context(lang="en_US"), "exit_plan")
        self.assertIn("exit plan", told)

    def test_no_query_more(self):
        files = self._new_file() | self._new_file()
        files._findings_by_file()
        self.env["souverainete.rule"]._get_rules(
            self.company, self.company._souverainete_today(), ("launch",)
        )
        points = self.env.ref(f"{ADDON}.rule_exit_plan").sudo()
        self.assertTrue(points._get_missing(files[0].sudo(), ()))
        with self.assertQueryCount(0):
            points._get_missing(files[1].sudo(), ())
