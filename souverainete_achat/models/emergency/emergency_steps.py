from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html
from odoo.tools.misc import format_date

TO_ANSWER = "souverainete_achat.activity_emergency_answer"
TO_REGULARISE = "souverainete_achat.activity_emergency_regularise"


class Emergency(models.Model):
    """Asking, answering: two people, and what was asked is frozen."""

    _inherit = "souverainete.emergency"

    # === ASKING === #

    def action_request(self):
        """Ask for the urgency; who may answer is told at once."""
        for record in self:
            record.check_access("write")
            record._check_state("draft")
            record._check_period()
            record._check_orders()
            record._write_server(record._prepare_request())
            record._tell_who_may_answer()

    def _prepare_request(self):
        """Freeze the orders as they are asked for: raised meanwhile, they are not what
        the officer reads."""
        orders = self.sudo().order_ids
        return {
            "state": "requested",
            "requested_by_id": self.env.uid,
            "envelopes": {str(o.id): o._prepare_urgent_envelope() for o in orders},
            "amount": sum(o._get_amount_ht(self.currency_id) for o in orders),
        }

    def _get_latest_end(self):
        """Last day an urgency asked for today may run to."""
        today = self.company_id._souverainete_today()
        delay = self.env["souverainete.delay"]._get(
            "emergency_max", self.company_id, today
        )
        return min(self.date_start, today) + delay._get_period()

    def _check_period(self):
        if not self.date_start or not self.date_end:
            raise UserError(
                self.env._("Say from when and until when the urgency lasts.")
            )
        latest = self._get_latest_end()
        if self.date_end > latest:
            raise UserError(
                self.env._(
                    "An imperative urgency is limited to what it demands: it ends on "
                    "%(date)s at the latest.",
                    date=format_date(self.env, latest),
                )
            )

    def _check_orders(self):
        orders = self.sudo().order_ids
        if not orders:
            raise UserError(self.env._("List the orders that cannot wait."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give the reason of the urgency."))
        if late := orders.filtered(lambda order: not order._may_be_urgent()):
            raise UserError(
                self.env._(
                    "%(orders)s: an urgency is asked for digital orders that are not "
                    "confirmed yet, without a purchase file or under a contract "
                    "already signed. Empty the purchase file of the order: one is "
                    "linked when the urgency is regularised.",
                    orders=", ".join(late.mapped("name")),
                )
            )

    # === ANSWERING === #

    def action_confirm(self):
        """Confirm the urgency: the orders listed may leave, as they were asked for."""
        for record in self:
            record._check_answerable()
            record._answer(record._prepare_confirmation())
            record._tell_who_regularises()
            record._journal_event()

    def action_refuse(self):
        """Refuse the urgency: the orders follow the ordinary road."""
        for record in self:
            record._check_answerable()
            record._answer({"state": "refused"})

    def _answer(self, vals):
        answered = {
            "confirmed_by_id": self.env.uid,
            "confirmed_on": fields.Datetime.now(),
        }
        self.sudo()._write_server(vals | answered)
        self.sudo().activity_unlink([TO_ANSWER])

    def _prepare_confirmation(self):
        today = self.company_id._souverainete_today()
        delay = self.env["souverainete.delay"]._get(
            "emergency_regularise", self.company_id, today
        )
        return {
            "state": "confirmed",
            "regularise_before": today + delay._get_period(),
        }

    def _check_answerable(self):
        self.check_access("read")
        self._check_state("requested")
        if not self._may_answer():
            raise AccessError(
                self.env._(
                    "An urgency is answered by a compliance officer or a duty person."
                )
            )
        if self.env.user in self._get_askers():
            raise AccessError(
                self.env._(
                    "Four eyes: another officer or duty person answers this urgency."
                )
            )

    def _may_answer(self):
        groups = ("group_officer", "group_duty")
        user = self.env.user
        return any(user.has_group(f"souverainete_achat.{name}") for name in groups)

    def _get_askers(self):
        """Who wrote it, asked for it, or buys what it lists."""
        record = self.sudo()
        askers = record.create_uid | record.requested_by_id
        return askers.union(*(o._get_scope_requesters() for o in record.order_ids))

    def _check_state(self, *states):
        if any(record.state not in states for record in self):
            raise UserError(
                self.env._("This urgency is not in the right state: refresh the page.")
            )

    # === CANCELLING === #

    def action_cancel(self):
        """Give the urgency up, while none of its orders left."""
        for record in self:
            record.check_access("write")
            record._check_state("draft", "requested", "confirmed")
            if gone := record._get_placed_orders():
                raise UserError(
                    self.env._(
                        "%(orders)s left under this urgency: regularise it instead.",
                        orders=", ".join(gone.mapped("name")),
                    )
                )
            record._write_server({"state": "cancelled"})
            record.sudo().activity_unlink([TO_ANSWER, TO_REGULARISE])

    def _get_placed_orders(self):
        """Orders that were confirmed, whatever the user may see of them."""
        return self.sudo().order_ids.filtered(lambda order: order.state == "purchase")

    # === WHO IS TOLD === #

    def _tell_who_may_answer(self):
        company = self.company_id
        users = company._get_role_users("group_officer", "group_duty")
        for user in users - self._get_askers():
            self.sudo().activity_schedule(
                TO_ANSWER,
                summary=self.env._("Imperative urgency: confirm or refuse"),
                note=plaintext2html(self.reason),
                user_id=user.id,
            )

    def _tell_who_regularises(self):
        self.sudo().activity_schedule(
            TO_REGULARISE,
            date_deadline=self.regularise_before,
            summary=self.env._("Regularise the urgency with a purchase file"),
            user_id=self.requested_by_id.id,
        )
