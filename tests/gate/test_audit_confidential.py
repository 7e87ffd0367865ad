"""Offers are confidential until award: every way of guessing one."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import ADDON
from ..flow import FlowCase


@tagged("post_install", "-at_install")
class TestOffersBeforeAward(FlowCase):
    def setUp(self):
        super().setUp()
        self.colleague = self._new_user("colleague", "purchase.group_purchase_manager")
        self.file = self._launched_file(vendor_id=False)
        self.offer = self._receive_offers(self.file)
        self.offer.with_user(self.buyer).write({"cost": 4242, "cost_known": True})
        self.env.flush_all()
        self.env.invalidate_all()

    def _strangers(self):
        return self.colleague | self.officer | self.ambassador | self.dae | self.dinum

    def test_analysts_named_by_who_is_not_one(self):
        for user in (self.colleague, self.officer):
            file = self.file.with_user(user)
            for vals in (
                {"analyst_ids": [Command.link(user.id)]},
                {"analyst_ids": [Command.set(user.ids)]},
                {"analyst_ids": [Command.clear()]},
            ):
                with self.assertRaisesRegex(
                    AccessError, "one of them can name another"
                ):
                    file.write(vals)
            with self.assertRaisesRegex(AccessError, "one of them can name another"):
                file.write({"user_id": user.id, "analyst_ids": [(4, user.id)]})

    def test_analyst_names_another(self):
        self.file.write({"analyst_ids": [Command.link(self.colleague.id)]})
        self.env.flush_all()
        self.offer.with_user(self.colleague).read(["cost"])
        self.assertIn(self.colleague, self.file.analyst_ids)

    def test_the_only_analyst_left(self):
        """Never any buyer: an officer who does not buy names somebody else, and the
        journal says so."""
        self.buyer.sudo().active = False
        for user in (self.colleague, self.purchase_manager, self.ambassador):
            for vals in (
                {"analyst_ids": [Command.set(user.ids)]},
                {"analyst_ids": [Command.link(user.id)]},
                {"analyst_ids": [Command.clear()]},
            ):
                with self.assertRaises(AccessError):
                    self.file.with_user(user).write(vals)
        file = self.file.with_user(self.officer)
        with self.assertRaisesRegex(AccessError, "somebody else than yourself"):
            file.analyst_ids = [Command.link(self.officer.id)]
        file.analyst_ids = [Command.link(self.colleague.id)]
        self.assertEqual(file.analyst_ids, self.colleague)
        self.env.cr.precommit.run()
        entry = self.file.sudo().journal_ids.sorted("id")[-1]
        self.assertIn(self.colleague.login, entry.payload)
        self.assertEqual(self.offer.with_user(self.colleague).cost, 4242)

    def test_an_officer_who_buys_names_no_analyst(self):
        self.buyer.sudo().active = False
        self.file.sudo().user_id = self.officer
        with self.assertRaisesRegex(AccessError, "who does not buy under it names"):
            self.file.with_user(self.officer).analyst_ids = [
                Command.link(self.colleague.id)
            ]

    def test_analysts_of_an_own_draft(self):
        """Before the launch there is nothing to read yet."""
        file = self._new_file(analyst_ids=[Command.link(self.colleague.id)])
        file.analyst_ids = [Command.link(self.buyer.id)]
        self.assertEqual(file.analyst_ids, self.colleague | self.buyer)

    def test_analysts_emptied_by_going_back_to_draft(self):
        file = self.file.with_user(self.colleague)
        file.action_cancel()
        file.action_draft()
        with self.assertRaisesRegex(AccessError, "one of them can name another"):
            file.analyst_ids = [Command.link(self.colleague.id)]

    def test_found_by_searching_files(self):
        for user in self._strangers():
            files = self.env["purchase.requisition"].with_user(user)
            mine = [("id", "=", self.file.id)]
            for domain in (
                [("option_ids.cost", "=", 4242)],
                [("offer_ids.partner_id", "=", self.vendor.id)],
                [("option_ids", "any", [("kind", "=", "offer")])],
                [("offer_ids.verdict", "=", "rejected")],
            ):
                found = files.search([*mine, *domain])
                self.assertFalse(found, f"{user.login} {domain}")
            if user != self.dinum:
                chain = "option_ids.component_ids.partner_id"
                found = files.search([*mine, (chain, "=", self.other_vendor.id)])
                self.assertFalse(found, user.login)

    def test_found_by_searching_around(self):
        for user in self._strangers():
            partners = self.env["res.partner"].with_user(user)
            self.assertFalse(partners.search([("name", "=", "no such")]))
            answers = self.env["souverainete.answer"].with_user(user)
            if answers.has_access("read"):
                self.assertFalse(answers.search([("option_id", "=", self.offer.id)]))
                groups = answers.formatted_read_group(
                    [("requisition_id", "=", self.file.id)],
                    ["option_id"],
                    ["__count"],
                )
                names = {group["option_id"][1] for group in groups}
                self.assertNotIn(self.offer.name, names)
            options = self.env["souverainete.option"].with_user(user)
            groups = options.formatted_read_group(
                [("requisition_id", "=", self.file.id)], ["partner_id"], ["cost:sum"]
            )
            self.assertNotIn(4242, [group["cost:sum"] for group in groups])

    def test_exported(self):
        for user in self._strangers():
            user.group_ids += self.env.ref("base.group_allow_export")
        for user in self._strangers() - self.dinum:
            data = self.file.with_user(user).export_data(["option_ids/name"])
            self.assertNotIn(self.offer.name, str(data).replace("Réunions", ""))

    def test_form_is_read_without_offers(self):
        spec = {
            "stepper": {},
            "offer_ids": {"fields": {"name": {}, "cost": {}}},
            "option_ids": {"fields": {"name": {}, "verdict": {}}},
            "studied_ids": {"fields": {"name": {}}},
            "compliance_state": {},
        }
        for user in self._strangers() - self.dinum:
            self.env.invalidate_all()
            [values] = self.file.with_user(user).web_read(spec)
            self.assertFalse(values["offer_ids"], user.login)
            self.assertNotIn(self.other_vendor.name, str(values), user.login)
            self.assertNotIn("4242", str(values))

    def test_named_by_what_is_missing(self):
        """Findings are computed for everyone: they name no bidder."""
        for user in self._strangers() - self.dinum:
            said = " ".join(f.message for f in self.file.with_user(user)._findings())
            self.assertNotIn(self.vendor.name, said, user.login)
        said = " ".join(f.message for f in self.file._findings())
        self.assertIn(self.vendor.name, said)

    def test_journal(self):
        self.file._journal_flush()
        for user in self._strangers() - self.dinum:
            entries = self.env["souverainete.journal"].with_user(user)
            entries = entries.search([("requisition_id", "=", self.file.id)])
            said = str(entries.read(["content", "summary"]))
            self.assertNotIn(self.vendor.name, said, user.login)
            with self.assertRaises(AccessError):
                entries.search([("payload", "ilike", self.vendor.name)])
            with self.assertRaises(AccessError):
                entries.read(["payload"])

    def test_document_of_an_offer(self):
        answer = self.offer.answer_ids[:1].with_user(self.buyer)
        answer.write({"evidence_file": b"Qk9ORA==", "evidence_filename": "bid.pdf"})
        self.env.flush_all()
        self.env.invalidate_all()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_field", "=", "evidence_file"), ("res_id", "=", answer.id)])
        )
        self.assertTrue(attachment)
        for user in self._strangers():
            with self.assertRaises(AccessError, msg=user.login):
                attachment.with_user(user).read(["datas"])
            with self.assertRaises(AccessError):
                answer.with_user(user).read(["evidence_file"])

    def test_offers_unseen_by_the_buyer_still_count(self):
        """What a colleague may not read is judged all the same."""
        self.offer.component_ids.with_user(self.buyer).qualification_id = False
        self.file.vendor_id = self.vendor
        self.env.flush_all()
        self.env.invalidate_all()
        file = self.file.with_user(self.colleague)
        file.option_ids.mapped("name")
        file.offer_ids.mapped("name")
        self.assertIn("hosting_qualified", self._codes(file))
        with self._refused("hosting_qualified"):
            file.action_confirm()
        self.env.invalidate_all()
        studied = file.studied_ids[:1]
        with self._refused("hosting_qualified"):
            file.write(
                {
                    "option_ids": [Command.update(studied.id, {"sequence": 3})],
                    "state": "confirmed",
                }
            )

    def test_order_to_peek(self):
        """An order that picks the offer for its vendor does not tell the offer."""
        order = self._new_order(user=self.colleague, need_id=self.file.id)
        [values] = order.web_read({"option_id": {"fields": {"display_name": {}}}})
        self.assertNotIn("cost", str(values))


@tagged("post_install", "-at_install")
class TestWhoReadsOrders(FlowCase):
    def test_lines_of_orders_out_of_scope(self):
        """The DAE and ambassadors read digital orders, and their lines alone."""
        chairs = self._new_order(self.chair)
        digital = self._new_order()
        self.env.flush_all()
        for user in (self.dae, self.ambassador):
            lines = self.env["purchase.order.line"].with_user(user)
            self.assertFalse(lines.search([("order_id", "=", chairs.id)]))
            self.assertTrue(lines.search([("order_id", "=", digital.id)]))
        both = self._new_user(
            "both", f"purchase.group_purchase_user,{ADDON}.group_ambassador"
        )
        lines = self.env["purchase.order.line"].with_user(both)
        self.assertTrue(lines.search([("order_id", "=", chairs.id)]))
