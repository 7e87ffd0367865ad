"""Now what? The steps of a file, whose turn it is, one next act, and where each point
is settled: what the screen says before an act is what the act answers."""

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.souverainete_achat.models.base.finding import Refused
from odoo.addons.souverainete_achat.models.policy.rule import STEPS

from ..flow import FlowCase

_FILE = "purchase.requisition"


@tagged("post_install", "-at_install")
class TestSteps(FlowCase):
    def _get_asked(self, file):
        return {step["step"]: step["asked"] for step in file.stepper["steps"]}

    def test_what_is_asked_never_grows_because_one_works(self):
        file = self._new_file()
        self._state_need(file)
        asked = self._get_asked(file)
        self.assertEqual(list(asked), [step for step, _label in STEPS])
        for step in (self._study, self._answer_data_questions, self._declare_project):
            step(file)
            self.assertEqual(self._get_asked(file), asked, step.__name__)
        file.action_launch()
        self._retain_offer(file)
        self.assertEqual(self._get_asked(file), asked)

    def test_only_the_steps_of_such_a_purchase(self):
        self.assertNotIn(
            "offers", self._get_asked(self._new_file(purchase_route="central_body"))
        )
        template = self._new_file(requisition_type="purchase_template")
        self.assertNotIn("signature", self._get_asked(template))

    def test_one_next_act_from_the_need_to_its_orders(self):
        file = self._new_file(vendor_id=False, purchase_route=False)
        self.assertEqual((file.next_step, file.turn_role), ("need", "buyer"))
        self.assertEqual(file._get_next_act()["place"], "field:purchase_route")
        self._prepare_launch(file)
        file.studied_ids.partner_id = False
        self.assertEqual(file._get_next_act()["name"], "action_ask_launch")
        self.assertEqual(file.turn_user_id, self.buyer)
        file.action_launch()
        self.assertEqual(file._get_next_act()["name"], "action_open_offers")
        self._receive_offers(file)
        self.assertEqual(file._get_next_act()["name"], "action_prepare_agreement")
        file.action_next()
        self.assertEqual(file.vendor_id, self.vendor)
        self.assertEqual(file._get_next_act()["name"], "action_confirm")
        file.action_next()
        self.assertEqual(file.state, "confirmed")
        self.assertEqual(file.next_step, "orders")
        action = file.action_next()
        self.assertEqual(action["res_model"], "purchase.order")
        file.action_cancel()
        self.assertFalse(file.next_step or file.turn_user_id or file.turn_since)

    def test_whose_turn_since_when(self):
        with freeze_time("2026-11-02 09:00:00"):
            file = self._new_file()
            self._prepare_launch(file)
            file.data_breach_harm = "unknown"
            since = file.turn_since
            self.assertEqual(file.turn_user_id, file.data_owner_id)
        with freeze_time("2026-11-04 09:00:00"):
            file.need_measure = "Another one"
            self.assertEqual(file.turn_since, since)
            file.data_owner_id = False
            self.assertEqual(file.turn_user_id, self.buyer)
            self.assertGreater(file.turn_since, since)

    def test_whoever_reads_sees_the_steps_and_no_bidder(self):
        file = self._launched_file()
        self._receive_offers(file)
        shown = file.with_user(self.officer).stepper
        self.assertEqual(shown["user"], self.buyer.name)
        self.assertNotIn(self.other_vendor.name, str(shown))


@tagged("post_install", "-at_install")
class TestPlaces(FlowCase):
    """Each point opens a place that exists."""

    def setUp(self):
        super().setUp()
        self.form = self._get_arch(self.env[_FILE])

    def _get_arch(self, model, view=False):
        return etree.fromstring(
            model.with_user(self.officer).get_view(view, "form")["arch"]
        )

    def test_each_place_is_there(self):
        rules = self.env["souverainete.rule"].search([("stage", "!=", "order")])
        places = set(rules.mapped("place") + rules.point_ids.mapped("place")) - {False}
        self.assertGreater(len(places), 20)
        for place in places:
            with self.subTest(place):
                self._check_place(place)

    def _check_place(self, place):
        kind, _sep, field = place.partition("field:")
        kind, form = kind.strip("/"), self.form
        if kind.startswith("action:"):
            form = self._open(kind.removeprefix("action:"))
        elif kind == "option":
            form = self._get_arch(self.env["souverainete.option"])
        elif kind:
            page = kind.removeprefix("page:")
            form = form.find(f".//page[@name='{page}']")
            self.assertIsNotNone(form)
        if field and form is not None and field != "{key}":
            self.assertIsNotNone(form.find(f".//field[@name='{field}']"))

    def _open(self, method):
        """The form that a button of the file opens; a list has none."""
        file = self._new_file()
        action = getattr(file, method)()
        if action["res_model"] != _FILE:
            return None
        return self._get_arch(self.env[_FILE], action["views"][0][0])

    def test_a_place_opens_and_decides_nothing(self):
        rule = self.env.ref("souverainete_achat.rule_need").copy()
        for wrong in ("action:action_cancel", "need_effect", "field:a b"):
            with self.assertRaisesRegex(Exception, "is no place of the file"):
                rule.sudo().place = wrong


@tagged("post_install", "-at_install")
class TestSaidAndDone(FlowCase):
    """What is shown before an act is what the act answers."""

    def assertSaid(self, file, act, stages):
        """The blocking points shown of these stages are the codes that refuse."""
        ids = {p["id"] for p in file._read_judgement() if p["blocking"]}
        rules = self.env["souverainete.rule"].sudo().browse(ids)
        said = set(rules.filtered(lambda r: r.stage in stages).mapped("code"))
        try:
            with self.env.cr.savepoint():
                act()
        except Refused as refused:
            self.assertEqual(set(refused.codes), said)
            return said
        self.assertFalse(said)
        return said

    def test_launch_and_confirm(self):
        file = self._new_file(vendor_id=False)
        refused = []
        for step in (
            lambda file: None,
            self._state_need,
            self._study,
            self._answer_data_questions,
            self._declare_project,
        ):
            step(file)
            said = self.assertSaid(file, file.action_ask_launch, {"launch"})
            refused.append(said)
        self.assertTrue(refused[0])
        self.assertFalse(refused[-1])
        file.action_launch()
        offer = self._receive_offers(file)
        both = {"launch", "award"}
        self.assertTrue(self.assertSaid(file, file.action_confirm, both))
        file.vendor_id = offer.partner_id
        self.assertFalse(self.assertSaid(file, file.action_confirm, both))

    def test_an_order_is_signed_as_the_file_says(self):
        """What the banner of the order shows is what confirming it answers."""
        file = self._confirmed_file()
        self.assertEqual(file._get_next_act()["name"], "action_open_new_order")
        order = self._new_order(requisition_id=file.id, price=1000)
        self.assertFalse(self.assertOrderSaid(order))
        beyond = self._new_order(requisition_id=file.id, price=10_000_000)
        self.assertEqual(self.assertOrderSaid(beyond), {"order_envelope"})

    def assertOrderSaid(self, order):
        """The blocking points of the order are the codes that refuse it."""
        shown = order._get_banner_findings()
        said = {f.rule.code for f in shown if f.blocking}
        try:
            with self.env.cr.savepoint():
                order.button_confirm()
        except Refused as refused:
            self.assertEqual(set(refused.codes), said)
            return said
        self.assertFalse(said)
        return said

    def test_closing_is_never_refused_and_nothing_is_asked_after(self):
        """Whatever is still to settle: what repairs or ends is not judged."""
        file = self._new_file()
        self.assertTrue([p for p in file._read_judgement() if p["blocking"]])
        self.env["souverainete.need.closing"].with_user(self.buyer).create(
            {
                "requisition_id": file.id,
                "outcome": "abandoned",
                "reason": "The need is gone",
            }
        ).action_close()
        self.assertEqual(file.state, "cancel")
        self.assertFalse(file.stepper or file.next_step)
        signed = self._confirmed_file()
        signed.action_done()
        self.assertEqual(signed.state, "done")
        self.assertFalse(signed.stepper or signed.next_step)

    def test_a_need_ordered_on_directly_takes_its_order(self):
        """A small need under no publication: nothing shown, nothing refused."""
        file = self._new_file(
            requisition_type="purchase_template",
            purchase_route="call_off",
            amount_estimated=1000,
            price=1000,
        )
        file._run_search("visioconférence")
        self._answer_data_questions(file)
        file.write({"data_breach_harm": "no", "has_cloud": "no"})
        order = self._new_order(price=1000, need_id=file.id)
        blocking = [p for p in file._read_judgement() if p["blocking"]]
        codes = self._codes(order)
        self.assertEqual(bool(blocking), bool(codes), (blocking, codes))


@tagged("post_install", "-at_install")
class TestStates(FlowCase):
    def test_the_status_says_where_the_purchase_is(self):
        file = self._new_file(vendor_id=False)
        self.assertEqual(file.file_stage, "need")
        self._prepare_launch(file)
        file.action_launch()
        self.assertEqual(file.file_stage, "launched")
        self._receive_offers(file)
        file.action_prepare_agreement()
        self.assertEqual(file.file_stage, "awarded")
        file.action_confirm()
        self.assertEqual(file.file_stage, "notified")
        file.action_done()
        self.assertEqual(file.file_stage, "closed")

    def test_nobody_writes_the_stage(self):
        file = self._new_file()
        for user in (self.buyer, self.officer):
            with self.assertRaises(AccessError):
                file.with_user(user).write({"file_stage": "notified"})
        self.assertEqual(file.file_stage, "need")

    def test_a_need_that_ends_otherwise_and_is_taken_up_again(self):
        file = self._launched_file()
        for outcome, stage in (
            ("unsuccessful", "unsuccessful"),
            ("abandoned", "no_follow_up"),
        ):
            file._close_need(outcome, "No offer came")
            self.assertEqual(file.file_stage, stage)
            self.assertNotEqual(file.compliance_state, "compliant")
            file.action_draft()
            self.assertEqual(file.file_stage, "need")
        file.action_launch()
        self.assertEqual(file.file_stage, "launched")

    def test_a_need_met_is_no_cancelled_file(self):
        file = self._new_file()
        file._close_need("internal", "Done by our own people")
        self.assertEqual((file.state, file.file_stage), ("cancel", "met"))
        with Form(file) as form:
            form.reference = "Met without a vendor"

    def test_chairs_keep_their_own_status(self):
        self.assertFalse(self._new_file(self.chair).file_stage)

    def test_compliant_with_its_reservations(self):
        file = self._confirmed_file()
        warned = [f for f in file._findings() if not f.blocking]
        self.assertTrue(warned)
        self.assertEqual(file.reservation_count, len(warned))


@tagged("post_install", "-at_install")
class TestAskedOnce(FlowCase):
    def _ask(self, file):
        action = file.action_ask_launch()
        launches = self.env[action["res_model"]].with_user(self.buyer)
        return launches.with_context(**action["context"]).create({})

    def test_launching_names_what_is_left_as_it_is(self):
        file = self._new_file()
        self._prepare_launch(file)
        file.need_measure = False
        launch = self._ask(file)
        self.assertFalse(launch.is_value_unknown)
        self.assertIn("how the effect obtained will be measured", launch.waived)
        self.assertFalse(file.date_launch)
        launch.action_launch()
        self.assertTrue(file.date_launch)

    def test_launching_says_that_the_value_is_unknown(self):
        file = self._new_file(price=0)
        self._prepare_launch(file)
        file.write({"amount_estimated": 0, "amount_estimated_known": False})
        self.assertTrue(self._ask(file).is_value_unknown)


@tagged("post_install", "-at_install")
class TestRectified(FlowCase):
    def _rectify(self, file, reason, **words):
        action = file.action_open_rectification()
        wizards = self.env[action["res_model"]].with_user(self.buyer)
        wizard = wizards.with_context(**action["context"]).create({"reason": reason})
        wizard.write(words)
        wizard.action_rectify()

    def test_what_left_is_corrected_with_a_reason_that_stays(self):
        file = self._launched_file()
        with self.assertRaisesRegex(Exception, "frozen"):
            file.need_measure = "A survey"
        self._rectify(file, "The test was named wrongly", need_measure="A survey")
        self.assertEqual(file.need_measure, "A survey")
        entry = file.sudo().journal_ids.sorted("id")[-1]
        self.assertEqual(entry.event, "correction")
        self.assertIn("The test was named wrongly", str(entry.payload))
        # What stands now is what is frozen.
        with self.assertRaisesRegex(Exception, "frozen"):
            file.need_measure = "Another"

    def test_no_reason_no_correction(self):
        file = self._launched_file()
        with self.assertRaisesRegex(Exception, "why"):
            self._rectify(file, " ", need_measure="A survey")

    def test_only_while_it_runs(self):
        with self.assertRaisesRegex(Exception, "not launched, or is signed"):
            self._new_file().action_open_rectification()
        with self.assertRaisesRegex(Exception, "not launched, or is signed"):
            self._confirmed_file().action_open_rectification()
