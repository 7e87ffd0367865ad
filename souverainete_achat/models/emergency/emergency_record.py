from odoo import fields, models


class Emergency(models.Model):
    """What the journal of the files keeps of an urgency."""

    _inherit = "souverainete.emergency"

    def _journal_event(self):
        """Record where the urgency stands on the files it touches, once there are."""
        for record in self.sudo():
            under = (order._get_file() for order in record.order_ids)
            files = record.file_id.union(*under)
            files._journal(
                "emergency", record._prepare_entry(), summary=record._get_summary()
            )
            files._touch_evidence()

    def _get_summary(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(urgency)s: %(state)s.",
            urgency=self.display_name,
            state=labels[self.state],
        )

    def _prepare_entry(self):
        dates = ("date_start", "date_end", "regularise_before", "regularised_on")
        return {
            "id": self.id,
            "state": self.state,
            "reason": self.reason,
            "amount_ht": self.amount,
            "orders": [
                {
                    "order": order.name,
                    "vendor": order.partner_id.display_name,
                    "asked_ht": (self.envelopes or {})
                    .get(str(order.id), {})
                    .get("amount"),
                    "state": order.state,
                }
                for order in self.order_ids
            ],
            "dates": {name: fields.Date.to_string(self[name]) or "" for name in dates},
            "requested_by": self.requested_by_id.name or "",
            "answered_by": self.confirmed_by_id.name or "",
            "closure_reason": self.closure_reason or "",
            "days_late": self.days_late,
        }
