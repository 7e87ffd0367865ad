"""What a refusal says, as data for other programs."""

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestStanding(FlowCase):
    def _standing(self, records, user=None):
        records.env.flush_all()
        records.env.invalidate_all()
        found = records.with_user(user or self.buyer).souverainete_standing()
        json.dumps(found)
        return found

    def _blocking(self, standing):
        return {point["code"] for point in standing["points"] if point["blocking"]}

    def test_an_order_lacks_what_refuses_it(self):
        order = self._new_order(price=100)
        [standing] = self._standing(order)
        self.assertEqual((standing["id"], standing["scope"]), (order.id, "in"))
        self.assertFalse(standing["ready"])
        with self._refused(*self._blocking(standing)) as caught:
            order.button_confirm()
        for point in standing["points"]:
            if point["blocking"]:
                self.assertIn(point["message"], str(caught.exception))

    def test_a_file_lacks_what_refuses_its_launch(self):
        file = self._new_file()
        [standing] = self._standing(file)
        launch = [p for p in standing["points"] if p["stage"] == "launch"]
        codes = {point["code"] for point in launch if point["blocking"]}
        self.assertEqual(codes, self._codes(file, "launch"))
        self.assertTrue(all(point["place"] for point in launch if point["blocking"]))

    def test_several_in_their_order(self):
        chairs = self._new_order(self.chair)
        order = self._new_order(price=100)
        first, second = self._standing(order | chairs)
        self.assertEqual([first["id"], second["id"]], [order.id, chairs.id])
        self.assertEqual((second["scope"], second["ready"]), ("out", True))
        self.assertFalse(second["points"])

    def test_what_was_ordered_lacks_nothing(self):
        order = self._new_order(requisition_id=self._confirmed_file().id, price=1)
        order.button_confirm()
        [standing] = self._standing(order)
        self.assertTrue(standing["ready"])

    def test_offers_are_not_told_before_award(self):
        file = self._launched_file(vendor_id=False)
        self._receive_offers(file)
        names = set(file.sudo().need_id.offer_ids.mapped("name"))
        told = json.dumps(self._standing(file, self.dae))
        self.assertFalse({name for name in names if name in told})

    def test_who_may_not_read_is_refused(self):
        stranger = self._new_user("stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self._standing(self._new_order(price=100), stranger)
