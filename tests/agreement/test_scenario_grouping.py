"""Two ministries and an outside body buy together."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from .need_common import SIRETS, NeedCase


class GroupingCase(NeedCase):
    def _own(self, need, **vals):
        known = {"amount": 300000, "amount_known": True, "is_coordinator": True}
        return self._new_member(
            need, "Us", member_company_id=self.company.id, **{**known, **vals}
        )

    def _neighbour(self, need, **vals):
        """The other ministry, which the buyer knows by its SIRET alone."""
        return self._new_member(need, "Neighbours", siret="110 002 011 00044", **vals)

    def _agency(self, need, **vals):
        return self._new_member(
            need, "Agency", siret=SIRETS[0], entity_type="supervised_body", **vals
        )

    def _known(self, amount):
        return {"amount": amount, "amount_known": True}


@tagged("post_install", "-at_install")
class TestTwoMinistriesAndAnOutsideBody(GroupingCase):
    def test_from_the_need_to_the_signature(self):
        need = self._new_need(300000)
        self._own(need)
        neighbour = self._neighbour(need, **self._known(200000))
        self.assertEqual(neighbour.sudo().member_company_id, self.other_ministry)
        agency = self._agency(need)
        self.assertEqual(need._get_value(), (500000, False))
        with self.assertRaisesRegex(UserError, "Agency"):
            need.action_launch()
        agency.write(self._known(100000))
        self.assertEqual(need._get_value(), (600000, True))
        need.action_launch()
        self.assertEqual(need.amount_counted, 600000)
        self._new_offer(need, self.vendor)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        agreement.action_confirm()
        self.assertEqual(agreement.state, "confirmed")

    def test_the_coordinator_signs(self):
        need = self._new_need(300000)
        self._own(need, is_coordinator=False)
        self._neighbour(need, is_coordinator=True, **self._known(200000))
        need.action_launch()
        self._new_offer(need, self.vendor)
        agreement = need.browse(need.action_prepare_agreement()["res_id"])
        with self.assertRaisesRegex(UserError, "coordinates the grouping"):
            agreement.action_confirm()

    def test_exactly_one_coordinator(self):
        need = self._new_need(300000)
        own = self._own(need, is_coordinator=False)
        neighbour = self._neighbour(need, **self._known(200000))
        self.assertIn("grouping", self._codes(need, "launch"))
        (own | neighbour).write({"is_coordinator": True})
        self.assertIn("grouping", self._codes(need, "launch"))
        neighbour.is_coordinator = False
        self.assertNotIn("grouping", self._codes(need, "launch"))

    def test_ones_own_ministry_is_a_member(self):
        need = self._new_need(300000)
        self._agency(need, is_coordinator=True, **self._known(200000))
        with self.assertRaisesRegex(UserError, "add it"):
            need.action_launch()

    def test_the_other_ministry_reads_nothing(self):
        need = self._new_need(300000)
        self._own(need)
        member = self._neighbour(need, **self._known(200000))
        shown = {"member_company_id": {"fields": {"display_name": {}}}}
        [read] = member.web_read(shown)
        self.assertEqual(
            read["member_company_id"]["display_name"], self.other_ministry.name
        )
        stranger = self._new_user(
            "neighbour",
            "purchase.group_purchase_manager",
            company_id=self.other_ministry.id,
            company_ids=[Command.set(self.other_ministry.ids)],
        )
        for record in (need, member):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])


@tagged("post_install", "-at_install")
class TestStrictestRegime(GroupingCase):
    def _threshold(self, kind, amount, entity_type):
        return self.env["souverainete.threshold"].create(
            {
                "name": f"{kind} {entity_type}",
                "kind": kind,
                "amount": amount,
                "tax_basis": "ht",
                "entity_type": entity_type,
                "certainty": "policy",
            }
        )

    def test_shares_add_up_above_the_light_ceiling(self):
        need = self._new_need(30000)
        self.assertEqual(need.circuit, "light")
        self._own(need, amount=30000)
        self._agency(need, **self._known(40000))
        self.assertEqual(need.circuit, "standard")

    def test_lowest_light_ceiling_of_the_members(self):
        self._threshold("light", 10000, "supervised_body")
        need = self._new_need(30000)
        self._own(need, amount=20000)
        member = self._agency(need, **self._known(5000))
        self.assertEqual(need.circuit, "standard")
        member.entity_type = "voluntary"
        self.assertEqual(need.circuit, "light")

    def test_scope_is_taken_out_below_each_ceiling(self):
        self._threshold("scope_out", 1000, "supervised_body")
        need = self._new_file(price=20000)
        self._own(need, amount=10000)
        self._agency(need, **self._known(5000))
        need.write({"scope_override": "out", "scope_reason": "No software"})
        self.assertEqual(need.scope_status, "in")

    def test_members_named_once_it_was_taken_out(self):
        need = self._new_file(price=20000)
        need.write({"scope_override": "out", "scope_reason": "No software"})
        self.assertEqual(need.scope_status, "out")
        self._own(need, amount=10000)
        self._agency(need, **self._known(15000))
        self.assertEqual(need.scope_status, "in")

    def test_opinion_is_binding_where_a_ministry_takes_part(self):
        self.company.public_entity_type = "supervised_body"
        need = self._new_need(300000)
        project = need.project_id
        project.cost_line_ids.amount = 9500000
        self.assertEqual(project._get_threshold().opinion_kind, "simple")
        self._own(need)
        member = self._agency(need, **self._known(5000))
        self.assertEqual(project._get_threshold().opinion_kind, "simple")
        member.entity_type = "ministry"
        self.assertEqual(project._get_threshold().opinion_kind, "binding")
        self.assertIn("dinum_opinion", self._codes(need, "launch"))

    def test_opinion_is_asked_of_a_body_that_owes_none_alone(self):
        self.company.public_entity_type = "voluntary"
        need = self._new_need(300000)
        need.project_id.cost_line_ids.amount = 9500000
        self.assertEqual(need.project_id.opinion_required, "no")
        self._own(need)
        self._neighbour(need, **self._known(5000))
        self.assertEqual(need.project_id.opinion_required, "yes")

    def test_type_typed_below_that_of_the_ministry(self):
        """A ministry of this database is one, whatever was typed."""
        self.company.public_entity_type = "voluntary"
        need = self._new_need(300000)
        need.project_id.cost_line_ids.amount = 9500000
        self._own(need)
        self._neighbour(need, entity_type="voluntary", **self._known(5000))
        self.assertEqual(need.project_id.opinion_required, "yes")


@tagged("post_install", "-at_install")
class TestMembers(GroupingCase):
    def test_siret(self):
        need = self._new_need()
        for siret in SIRETS:
            self._new_member(need, siret, siret=siret)
        for siret in ("11000001500014", "1100000150001", "1100000150001X", "٣" * 14):
            with (
                self.assertRaisesRegex(ValidationError, "Read it again"),
                self.env.cr.savepoint(),
            ):
                self._new_member(need, "Wrong", siret=siret)

    def test_post_office_without_the_usual_key(self):
        """The digits of its SIRET add up to a multiple of 5."""
        member = self._new_member(self._new_need(), "Post", siret="35600000009075")
        self.assertEqual(member.siret, "35600000009075")

    def test_added_removed_or_changed_after_launch(self):
        need = self._new_need(300000)
        own = self._own(need)
        agency = self._agency(need, **self._known(100000))
        need.action_launch()
        frozen = "data answers and weights left with the consultation"
        by_file = {"grouping_member_ids": [Command.create({"name": "By the file"})]}
        for expected, act in (
            ({"grouping"}, lambda: self._neighbour(need)),
            ({"grouping"}, lambda: self._neighbour(need, **self._known(1))),
            ({"grouping"}, lambda: need.write(by_file)),
            (frozen, lambda: agency.write({"amount": 1})),
            (frozen, lambda: agency.write({"entity_type": "voluntary"})),
            ({"grouping"}, lambda: own.write({"is_coordinator": False})),
            (frozen, lambda: agency.sudo().unlink()),
        ):
            with self._refused_as(expected), self.env.cr.savepoint():
                act()
                self.env.flush_all()
            self.env.invalidate_all()

    def test_first_member_after_launch(self):
        need = self._new_need(300000)
        need.action_launch()
        with self.assertRaisesRegex(UserError, "data answers and weights"):
            self._own(need)

    def test_moved_to_another_need(self):
        need, other = self._new_need(300000), self._new_need(300000)
        member = self._own(need)
        need.action_launch()
        with self.assertRaisesRegex(UserError, "data answers and weights"):
            member.requisition_id = other
            self.env.flush_all()

    def test_changes_are_journalled(self):
        need = self._new_need(300000)
        self._own(need)
        self._agency(need).unlink()
        need._journal_flush()
        entries = need.sudo().journal_ids.filtered(lambda e: e.event == "grouping")
        self.assertEqual(len(entries), 3)

    def test_readers_of_the_ministry(self):
        member = self._own(self._new_need(300000))
        for user in self.dae | self.ambassador | self.officer:
            self.assertTrue(member.with_user(user).read(["name"]))
        self.assertFalse(member.with_user(self.dae).has_access("write"))
        dinum = self.env["souverainete.grouping.member"].with_user(self.dinum)
        self.assertFalse(dinum.search([("id", "=", member.id)]))
        self.assertTrue(self.env.ref(f"{ADDON}.menu_digital_app_groupings"))
