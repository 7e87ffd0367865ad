"""An order that cannot wait, the people around it, and the days that pass."""

from unittest.mock import patch

from odoo.fields import Command

from ..common import ADDON
from ..flow import FlowCase

NIGHT = "2026-11-24 02:00:00"
REASON = "The payroll is down since midnight: salaries leave tomorrow"


class ExtremeUrgencyCase(FlowCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.duty = cls._new_user("duty", f"{ADDON}.group_duty")

    def _urgent_order(self, price=90000, **vals):
        return self._new_order(price=price, **vals)

    def _new_extreme_urgency(self, orders, user=None, **vals):
        return (
            self.env["souverainete.extreme.urgency"]
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
        extreme_urgency = self._new_extreme_urgency(orders, **vals)
        extreme_urgency.action_request()
        return extreme_urgency

    def _confirmed_extreme_urgency(self, orders, **vals):
        extreme_urgency = self._requested(orders, **vals)
        extreme_urgency.with_user(self.duty).action_confirm()
        return extreme_urgency

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
            self.env["souverainete.extreme.urgency"]._cron_escalate()
