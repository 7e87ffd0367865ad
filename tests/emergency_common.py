"""An order that cannot wait, the people around it, and the days that pass."""

from unittest.mock import patch

from odoo.fields import Command

from .common import ADDON
from .flow import FlowCase

NIGHT = "2026-11-24 02:00:00"
REASON = "The payroll is down since midnight: salaries leave tomorrow"


class EmergencyCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duty = cls._new_user("duty", f"{ADDON}.group_duty")

    def _urgent_order(self, price=90000, **vals):
        return self._new_order(price=price, **vals)

    def _new_emergency(self, orders, user=None, **vals):
        return (
            self.env["souverainete.emergency"]
            .with_user(user or self.buyer)
            .create(
                {
                    "reason": REASON,
                    "date_start": "2026-11-24",
                    "date_end": "2026-11-30",
                    "order_ids": [Command.set(orders.ids)],
                    **vals,
                }
            )
        )

    def _requested(self, orders, **vals):
        emergency = self._new_emergency(orders, **vals)
        emergency.action_request()
        return emergency

    def _confirmed_emergency(self, orders, **vals):
        emergency = self._requested(orders, **vals)
        emergency.with_user(self.duty).action_confirm()
        return emergency

    def _leave(self, order):
        """The purchase manager lets the order go (core asks two people above 5,000)."""
        order.with_user(self.purchase_manager).button_confirm()
        self.assertEqual(order.state, "purchase")

    def _regularising_file(self, value=90000, **vals):
        """The purchase file written afterwards: nothing was published."""
        vals = {"requisition_type": "purchase_template", "price": value, **vals}
        file = self._new_file(purchase_route="no_competition", **vals)
        self._prepare_launch(file)
        file.write({"purchase_route": "no_competition", "amount_estimated": value})
        return file

    def _run_job(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=float("inf")):
            self.env["souverainete.emergency"]._cron_escalate()
