"""Side roads to a record: lists of another one, defaults, copies, states, contexts."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON, EMPTY
from ..flow import FlowCase


class RoadCase(FlowCase):
    def _assert_refused(self, expected, attempt, *users):
        for user in users or (self.buyer, self.purchase_manager):
            with self.subTest(user=user.login), self._refused_as(expected):
                attempt(user)
                self.env.flush_all()
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestLists(RoadCase):
    """A record is written through the lists that hold it."""

    def setUp(self):
        super().setUp()
        self.file = self._confirmed_file()
        self.other = self._new_file()

    def _order_vals(self, **vals):
        line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 9e5}
        return {
            "partner_id": self.other_vendor.id,
            "order_line": [Command.create(line)],
            **vals,
        }

    def test_orders_through_their_file(self):
        draft = self._new_order(partner_id=self.other_vendor.id)
        for name in ("purchase_ids", "need_order_ids"):
            for codes, command in (
                (
                    {"order_envelope", "order_option"},
                    Command.create(self._order_vals(state="purchase")),
                ),
                ({"order_file"}, Command.update(draft.id, {"state": "purchase"})),
            ):
                self._assert_refused(
                    codes,
                    lambda u, n=name, c=command: self.file.with_user(u).write({n: [c]}),
                )
            self._assert_refused(
                {"order_envelope", "order_option"},
                lambda u, n=name: (
                    self.file.with_user(u).write({n: [Command.link(draft.id)]})
                    and draft.with_user(u).button_confirm()
                ),
            )

    def test_confirmed_order_unlinked_from_its_file(self):
        """It may lose its agreement, never the need that counts it."""
        order = self._new_order(requisition_id=self.file.id, price=10)
        order.with_user(self.purchase_manager).button_confirm()
        for name in ("need_order_ids", "purchase_ids"):
            for command in (Command.unlink(order.id), Command.clear()):
                for user in (self.buyer, self.purchase_manager):
                    try:
                        with self.env.cr.savepoint():
                            self.file.with_user(user).write({name: [command]})
                    except UserError:
                        self.env.invalidate_all()
                    self.assertEqual(self.file.sudo()._get_placed_amount(), (10, True))
        with self._refused("order_light"):
            order.with_user(self.purchase_manager).write(
                {"requisition_id": False, "need_id": False}
            )

    def test_options_through_their_need(self):
        offer = self.file._get_judged_options()
        component = offer.component_ids
        bare = [Command.update(component.id, {"qualification_id": False})]
        decided = "part of what was decided"
        for expected, command in (
            (
                {"award_option", "envelope"},
                Command.update(offer.id, {"verdict": "rejected"}),
            ),
            (
                {"hosting_qualified"},
                Command.update(offer.id, {"component_ids": bare}),
            ),
            (decided, Command.delete(offer.id)),
            (decided, Command.clear()),
        ):
            for name in ("option_ids", "offer_ids"):
                self._assert_refused(
                    expected,
                    lambda u, n=name, c=command: self.file.with_user(u).write({n: [c]}),
                    self.buyer,
                )

    def test_option_taken_from_another_file(self):
        option = self.file.option_ids[:1]
        self._assert_refused(
            "Create another option instead",
            lambda u: self.other.with_user(u).write(
                {"option_ids": [Command.link(option.id)]}
            ),
        )

    def test_agreement_taken_by_another_need(self):
        need = self._new_file(requisition_type="purchase_template")
        self._assert_refused(
            (*EMPTY, "envelope"),
            lambda u: need.with_user(u).write(
                {"agreement_ids": [Command.link(self.file.id)]}
            ),
        )

    def test_file_moved_to_another_project(self):
        project = self.env["souverainete.project"].create({"name": "Tiny"})
        launched = self._launched_file()
        for command in (Command.link(launched.id), Command.set(launched.ids)):
            self._assert_refused(
                {"project_cost"},
                lambda u, c=command: project.with_user(u).write({"file_ids": [c]}),
            )
        self._assert_refused(
            "data answers and weights",
            lambda u: launched.project_id.with_user(u).write(
                {"file_ids": [Command.clear()]}
            ),
        )

    def test_need_of_another_vendor(self):
        """A complete file of somebody else is nobody's pass."""
        order = self._new_order(
            need_id=self.file.id, partner_id=self.other_vendor.id, price=10
        )
        self._assert_refused(
            {"order_envelope", "order_option"},
            lambda u: order.with_user(u).button_confirm(),
        )

    def test_launched_file_put_under_another_need(self):
        launched = self._launched_file()
        self._assert_refused(
            "data answers and weights",
            lambda u: launched.with_user(u).write({"need_id": self.file.id}),
        )


@tagged("post_install", "-at_install")
class TestForgedDefaults(RoadCase):
    """`default_<field>` reaches a creation unseen."""

    FORGED = {
        "default_awarded": True,
        "default_compliance_state": "compliant",
        "default_date_launch": "2020-01-01 00:00:00",
        "default_gate_envelope": {},
        "default_gate_findings": [],
        "default_gate_passed_on": "2020-01-01 00:00:00",
        "default_gate_settled": [],
        "default_gate_state": "purchase",
        "default_is_digital": False,
        "default_is_prior": True,
        "default_scope_agreed": {"amount": 1e9, "currency": 1, "codes": ["48515000"]},
        "default_scope_status": "out",
        "default_state": "draft",
    }

    def test_order(self):
        forged = dict(self.FORGED, default_scope_officer_id=self.officer.id)
        for user in (self.buyer, self.purchase_manager):
            order = self.env["purchase.order"].with_user(user).with_context(**forged)
            line = {"product_id": self.software.id, "product_qty": 1, "price_unit": 9e4}
            order = order.create(
                {"partner_id": self.vendor.id, "order_line": [Command.create(line)]}
            )
            self.assertEqual(order.gate_state, "draft")
            self.assertFalse(order.scope_officer_id or order.scope_agreed)
            self.assertEqual(order.scope_status, "in")
            with self._refused("order_file"):
                order.button_confirm()

    def test_file(self):
        forged = dict(self.FORGED, default_scope_officer_id=self.officer.id)
        files = self.env["purchase.requisition"].with_user(self.buyer)
        file = files.with_context(**forged).create(
            {
                "vendor_id": self.vendor.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.software.id,
                            "product_qty": 1,
                            "price_unit": 9e4,
                        }
                    )
                ],
            }
        )
        self.assertFalse(file.is_prior or file.date_launch or file.gate_passed_on)
        self.assertEqual(file.gate_state, "draft")
        with self._refused(*EMPTY, "characterisation"):
            file.action_confirm()

    def test_facts(self):
        """States of opinions, derogations and qualifications."""
        file = self._new_file()
        self._declare_project(file)
        context = {
            "default_state": "granted",
            "default_requested_by_id": self.officer.id,
            "default_recorded_by_id": self.officer2.id,
            "default_verified_by_id": self.officer2.id,
            "default_date_outcome": "2026-01-01",
            "default_kind": "binding",
            "default_requester_id": self.officer.id,
            "default_basis_cost": 1e9,
        }
        derogation = self.env["souverainete.derogation"].with_user(self.buyer)
        derogation = derogation.with_context(**context).create(
            {
                "rule_id": self.env.ref(f"{ADDON}.rule_hosting_qualified").id,
                "requisition_id": file.id,
                "motive": "x",
                "measures": "x",
            }
        )
        self.assertEqual(derogation.state, "draft")
        opinion = self.env["souverainete.opinion"].with_user(self.buyer)
        opinion = opinion.with_context(**{**context, "default_state": "favourable"})
        opinion = opinion.create({"project_id": file.project_id.id})
        self.assertEqual(opinion.state, "draft")
        self.assertFalse(opinion.requester_id)
        register = self.env["souverainete.qualification"].with_user(self.officer)
        record = register.with_context(**context).create(
            {"partner_id": self.vendor.id, "service": "S"}
        )
        self.assertEqual(record.recorded_by_id, self.officer)
        self.assertFalse(record.verified_by_id)

    def test_child_slipped_into_a_launched_file(self):
        file = self._launched_file()
        self._assert_refused(
            {"mutualised_verdicts"},
            lambda u: (
                self.env["souverainete.option"]
                .with_user(u)
                .with_context(default_requisition_id=file.id)
                .create({"name": "Late", "path": "mutualised"})
            ),
        )


@tagged("post_install", "-at_install")
class TestStates(RoadCase):
    """Reopened, copied, parked, imported."""

    def test_order_reopened_and_raised(self):
        order = self._new_order(
            price=300,
            light_mutualised="yes",
            light_cloud="no",
            light_sensitive="no",
        ).with_user(self.purchase_manager)
        order.button_confirm()
        order.button_cancel()
        order.order_line.price_unit = 90000
        with self._refused("order_file"):
            order.write({"state": "purchase"})
        order.button_draft()
        with self._refused("order_file"):
            order.button_confirm()

    def test_raised_and_confirmed_in_one_write(self):
        order = self._new_order(
            price=300,
            light_mutualised="yes",
            light_cloud="no",
            light_sensitive="no",
        ).with_user(self.purchase_manager)
        update = Command.update(order.order_line.id, {"price_unit": 90000})
        for vals in (
            {"state": "purchase", "order_line": [update]},
            {"order_line": [update], "state": "purchase"},
        ):
            with self._refused("order_file"):
                order.write(vals)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_signed_file_copied(self):
        file = self._confirmed_file()
        copy = file.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.gate_passed_on or copy.date_launch or copy.option_ids)
        # The need is copied with its project and statement, not its evidence.
        empty = set(EMPTY) - {"sovereignty_statement"}
        for codes, default in (
            (empty, {"state": "confirmed"}),
            (empty, {"state": "done"}),
            (
                {"award_option"},
                {"state": "confirmed", "need_id": file.id, "vendor_id": False},
            ),
        ):
            with self._refused(*codes):
                file.copy(default)

    def test_confirmed_order_copied(self):
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        with self._refused("order_light"):
            order.with_user(self.purchase_manager).copy({"state": "purchase"})

    def test_alternative_of_an_order(self):
        """An alternative loses its agreement: it is judged as an order on its own."""
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        wizard = self.env["purchase.requisition.create.alternative"]
        action = (
            wizard.with_user(self.purchase_manager)
            .create(
                {
                    "origin_po_id": order.id,
                    "partner_ids": [Command.set(self.other_vendor.ids)],
                    "copy_products": True,
                }
            )
            .action_create_alternative()
        )
        alternative = self.env["purchase.order"].browse(action["res_id"])
        alternative.order_line.price_unit = 90000
        alternative = alternative.with_user(self.purchase_manager)
        with self._refused("order_envelope", "order_option"):
            alternative.with_context(skip_alternative_check=True).button_confirm()

    def test_lines_imported_into_a_confirmed_order(self):
        file = self._confirmed_file()
        order = self._new_order(requisition_id=file.id, price=1000)
        order.with_user(self.purchase_manager).button_confirm()
        result = (
            self.env["purchase.order.line"]
            .with_user(self.purchase_manager)
            .load(
                ["order_id/.id", "product_id/.id", "product_qty", "price_unit", "name"],
                [[str(order.id), str(self.software.id), "1", "500000", "x"]],
            )
        )
        self.env.flush_all()
        self.assertFalse(result["ids"])

    def test_offers_received_then_ordered_on_the_study(self):
        """Once offers came, ordering on the study would pass by them all."""
        need = self._new_file(
            requisition_type="purchase_template", price=100000, vendor_id=False
        )
        self._prepare_launch(need)
        need.data_breach_harm = "no"
        need.action_launch()
        offers = self._receive_offers(need)
        offers.verdict = "pending"
        order = self._new_order(need_id=need.id, price=1)
        with self._refused("order_option"):
            order.with_user(self.purchase_manager).button_confirm()
        self.assertFalse(offers.awarded)
