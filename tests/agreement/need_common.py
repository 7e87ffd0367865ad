"""What the tests of shared needs have in common: lots, members, clauses, orders."""

from ..flow import FlowCase

# SIRET whose key is right; the last one is an office of La Poste.
SIRETS = ("11000001500013", "11000201100044", "35600000000048")


class NeedCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.third_vendor = cls.env["res.partner"].create({"name": "Troisième Éditeur"})
        cls.other_ministry = cls.env["res.company"].create(
            {
                "name": "Ministère voisin",
                "company_registry": "110 002 011 00044",
                "public_entity_type": "ministry",
            }
        )

    def _new_need(self, value=100000.0, user=None, **vals):
        """A need complete but for what the test is about; its data is not sensitive."""
        need = self._new_file(
            requisition_type="purchase_template",
            vendor_id=False,
            price=value,
            user=user,
            **vals,
        )
        self._prepare_launch(need)
        need.write({"amount_estimated": value, "data_breach_harm": "no"})
        return need

    def _new_lot(self, need, number, **vals):
        lots = self.env["souverainete.lot"].with_user(need.env.user)
        return lots.create({"requisition_id": need.id, "number": number, **vals})

    def _new_member(self, need, name, **vals):
        members = self.env["souverainete.grouping.member"].with_user(need.env.user)
        return members.create({"requisition_id": need.id, "name": name, **vals})

    def _new_offer(self, need, partner, lot=None, verdict="retained", **vals):
        offers = self.env["souverainete.option"].with_user(need.env.user)
        return offers.create(
            {
                "requisition_id": need.id,
                "kind": "offer",
                "name": partner.name,
                "path": "off_the_shelf",
                "partner_id": partner.id,
                "lot_id": lot.id if lot else False,
                "verdict": verdict,
                "reason": "Ranked",
                **vals,
            }
        )

    def _new_umbrella(self, value=1000000.0, **vals):
        """A framework signed with UGAP or another body: nothing is published."""
        file = self._new_file(
            is_umbrella=True, purchase_route="central_body", price=value, **vals
        )
        self._state_need(file)
        self._answer_data_questions(file)
        self._declare_project(file, amount=2000000)
        file.write(
            {
                "purchase_route": "central_body",
                "amount_estimated": value,
                "data_breach_harm": "no",
            }
        )
        return file

    def _signed_umbrella(self, value=1000000.0, **vals):
        file = self._new_umbrella(value, **vals)
        file.action_add_clauses()
        file.action_confirm()
        return file

    def _order_need(self, value=100000.0):
        """The need of one order under a framework."""
        need = self._new_need(value)
        need.purchase_route = "call_off"
        return need

    def _confirm(self, order):
        order.with_user(self.purchase_manager).button_confirm()
        self.env.flush_all()
        return order
