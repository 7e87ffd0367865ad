"""The ways out of four eyes where a ministry is small: a deputy, then one person."""

import re

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase
from .test_authors import OUT

REASON = "The other officer retired in May; none was named since."


class SmallMinistryCase(FlowCase):
    """A ministry whose one officer wrote what is to be decided on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        officers = cls.company._get_holders("group_officer")
        (officers - cls.officer).active = False
        cls.order = cls._new_order(user=cls.officer, **OUT)
        cls.decisions = cls.env["souverainete.sole.decision"]

    def _new_officer(self, login, company=None, **vals):
        company = company or self.company
        return self._new_user(
            login,
            f"{ADDON}.group_officer",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **vals,
        )

    def _agree(self, user, order=None):
        order = (order or self.order).with_user(user)
        order.action_agree_out_of_scope()
        self.assertEqual(order.scope_officer_id, user)

    def _cannot_agree(self, user, words="Four eyes"):
        with self.assertRaisesRegex(AccessError, words):
            self.order.with_user(user).action_agree_out_of_scope()

    def _cannot_state(self, words, user=None, record=None, reason=REASON):
        record = (record or self.order).with_user(user or self.officer)
        with self.assertRaisesRegex(UserError, words):
            record.action_decide_alone(reason)
        self.assertFalse(self.decisions.search([]))


@tagged("post_install", "-at_install")
class TestDeputy(SmallMinistryCase):
    def setUp(self):
        super().setUp()
        self.deputy = self._new_officer("deputy")
        self.company.deputy_ids = self.deputy

    def test_decides_where_everybody_else_wrote(self):
        self._cannot_agree(self.officer, re.escape(self.deputy.name))
        self._agree(self.deputy)

    def test_does_not_decide_where_somebody_else_can(self):
        second = self._new_officer("second")
        self._cannot_agree(self.deputy, "You stand in.*" + re.escape(second.name))
        second.active = False
        self._agree(self.deputy)

    def test_does_not_decide_on_what_they_wrote(self):
        self.order.with_user(self.deputy).scope_reason = "A fair"
        self._cannot_agree(self.deputy)

    def test_is_not_asked_all_year(self):
        self.assertNotIn(self.deputy, self.company._get_role_users("group_officer"))

    def test_needs_the_role(self):
        self.deputy.active = False
        self.company.deputy_ids = self.purchase_manager
        self._cannot_agree(self.purchase_manager, "Only a compliance officer")
        self._cannot_agree(self.officer, "Nobody else")

    def test_who_buys_names_no_deputy(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.officer).deputy_ids = self.officer

    def test_people_of_another_body(self):
        self.company.deputy_ids = False
        for link in ("parent_id", "deputy_company_id"):
            body = self.env["res.company"].create(
                {"name": f"Body by {link}", "public_entity_type": "ministry"}
            )
            lent = self._new_officer(link, body)
            small = self.env["res.company"].create(
                {
                    "name": f"Small body of {link}",
                    link: body.id,
                    "public_entity_type": "ministry",
                }
            )
            alone = self._new_officer(f"alone_{link}", small)
            order = self._new_order(user=alone, company_id=small.id, **OUT)
            with self.assertRaisesRegex(AccessError, re.escape(lent.name)):
                order.action_agree_out_of_scope()
            self._cannot_state(re.escape(lent.name), alone, order)
            lent.company_ids = [Command.link(small.id)]
            self._agree(lent, order)


@tagged("post_install", "-at_install")
class TestOnePerson(SmallMinistryCase):
    def _state(self, record=None, user=None):
        record = record or self.order
        record.with_user(user or self.officer).action_decide_alone(REASON)
        return self.decisions.search([], limit=1)

    def test_recorded_then_decided_once(self):
        decision = self._state()
        self.assertEqual(decision.user_id, self.officer)
        self.assertFalse(decision.used_on)
        self.assertFalse(self.order.with_user(self.officer).is_asker)
        self._agree(self.officer)
        self.assertTrue(decision.used_on)
        self.assertIn("another officer has to agree", decision.lifted)
        self.order.with_user(self.officer).scope_reason = "Something else"
        self._cannot_agree(self.officer, "Nobody else")
        self.order.with_user(self.officer).scope_reason = OUT["scope_reason"]
        self.order.with_user(self.officer).order_line.price_unit = 9e5
        self._cannot_agree(self.officer, "Nobody else")

    def test_another_person_holds_the_role(self):
        second = self._new_officer("second")
        self._cannot_state(re.escape(second.name))
        second.with_user(SUPERUSER_ID).active = False
        self._state()

    def test_a_second_person_who_wrote_too_still_counts(self):
        second = self._new_officer("second")
        self.order.with_user(second).scope_reason = "A fair"
        self._cannot_state(re.escape(second.name))

    def test_a_deputy_counts(self):
        deputy = self._new_officer("deputy")
        self.company.deputy_ids = deputy
        self._cannot_state(re.escape(deputy.name))

    def test_a_second_person_comes_meanwhile(self):
        self._state()
        self._new_officer("second")
        self._cannot_agree(self.officer, "Those who can")

    def test_what_was_decided_on_changes_meanwhile(self):
        self._state()
        self.order.with_user(self.officer).order_line.price_unit = 9e5
        self._cannot_agree(self.officer, "Nobody else")

    def test_of_no_other_record(self):
        self._state(self._new_order(user=self.officer, **OUT))
        self._cannot_agree(self.officer, "Nobody else")

    def test_who_may_not_decide_does_not_decide_alone(self):
        order = self._new_order(**OUT)
        self._cannot_state("Only who holds the role", self.buyer, order)
        self._cannot_state("takes no such reason", self.officer, order)

    def test_a_reason_in_words(self):
        for reason in ("", "  ", None):
            self._cannot_state("Say why", reason=reason)
        self._cannot_state("Words were expected", reason={"reason": REASON})

    def test_nobody_writes_it_otherwise(self):
        """Neither a context, nor RPC, nor `sudo()`."""
        vals = {
            "company_id": self.company.id,
            "res_model": self.order._name,
            "res_id": self.order.id,
            "subject": self.order.name,
            "user_id": self.officer.id,
            "reason": REASON,
            "digest": self.order._get_content_digest(),
            "recorded_on": "2026-01-01 00:00:00",
        }
        as_officer = self.decisions.with_user(self.officer)
        keys = {"decided_alone": True, "install_mode": True, "force": True, **vals}
        for model in (as_officer, as_officer.sudo(), self.decisions):
            with self.assertRaises(AccessError):
                model.with_context(keys).create(vals)
        order = self.order.with_user(self.officer).with_context(keys)
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            order.action_agree_out_of_scope()
        decision = self._state()
        for record in (decision.with_user(self.officer), decision.sudo()):
            with self.assertRaises(AccessError):
                record.write({"used_on": False, "reason": "None"})
            with self.assertRaises(UserError):
                record.unlink()

    def test_what_is_common_to_all_counts_everybody(self):
        """A manager who goes to a body of their own is alone in none."""
        other = self.env["res.company"].create(
            {"name": "A body of one", "public_entity_type": "ministry"}
        )
        self.referent.company_ids = [Command.link(other.id)]
        common = self.env.ref(f"{ADDON}.threshold_light_2026")
        mine = common.with_user(self.referent).with_company(other)
        version = self._propose_version(mine)
        self._cannot_state(re.escape(self.referent2.name), self.referent, version)

    def test_the_wizard(self):
        """By the menu “Action”, on what takes four eyes only."""
        wizards = self.env["souverainete.decide.alone"].with_user(self.officer)
        about = {"active_model": self.order._name, "active_id": self.order.id}
        wizards.with_context(about).create({"reason": REASON}).action_record()
        self._agree(self.officer)
        for model in ("res.users", "no.such.model"):
            about = {"active_model": model, "active_id": 1}
            with self.assertRaisesRegex(UserError, "Nothing here takes"):
                wizards.with_context(about).create({"reason": REASON}).action_record()

    def test_listed_for_the_dae(self):
        decision = self._state()
        facts = self.env["souverainete.reconciliation"]
        facts._reconcile(self.company)
        fact = facts.search([("kind", "=", "alone")])
        self.assertEqual((fact.res_model, fact.res_id), (decision._name, decision.id))
        self.assertEqual(fact.with_user(self.dae).author_ids, self.officer)
        self.dae.active = True
        opened = fact.with_user(self.dae).action_open()
        self.assertEqual(opened["res_model"], decision._name)
        self.assertEqual(decision.with_user(self.dae).reason, REASON)
        # Who decided alone does not answer for it, alone either.
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            fact.with_user(self.officer).action_answer("It had to be")
        with self.assertRaisesRegex(UserError, "takes no such reason"):
            fact.with_user(self.officer).action_decide_alone(REASON)
        self._new_officer("second")
        second = self.env["res.users"].search([("login", "=", "sa_second")])
        fact.with_user(second).action_answer("Seen with them")
        facts._reconcile(self.company)
        self.assertEqual(fact.state, "answered")
