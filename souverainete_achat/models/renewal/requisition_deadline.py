from odoo import api, fields, models
from odoo.fields import Command

from .dates import add_days, add_months, move

STATES = [
    ("unknown", "End to complete"),
    ("upcoming", "Decision to come"),
    ("due", "Decision due"),
    ("prepared", "Renewal under way"),
    ("ended", "Ended"),
]


class PurchaseRequisition(models.Model):
    """What falls due on a running agreement, and when it has to be decided.

    Written by the server, on each change and every night: it depends on the day.
    """

    _inherit = "purchase.requisition"

    date_firm_end = fields.Date(
        string="End of the firm period",
        copy=False,
        help="Last day before any extension.",
    )
    date_period_end = fields.Date(
        string="End of the period",
        copy=False,
        help="Last day of the current period: the extension that follows it is to be "
        "decided, or nothing follows it.",
    )
    date_next_decision = fields.Date(
        string="Next decision",
        copy=False,
        index="btree_not_null",
        help="Before an extension: the day before the last one on which notice can be "
        "given. Otherwise the day to start preparing the renewal: the end, less the "
        "dated delay of the ministry.",
    )
    deadline_state = fields.Selection(
        STATES,
        string="Deadline",
        copy=False,
        index="btree_not_null",
        help="Where the next decision on this running agreement stands today.",
    )
    host_ids = fields.Many2many(
        "res.partner",
        "souverainete_requisition_host_rel",
        string="Hosts",
        copy=False,
        help="Who hosts what the agreement buys, from the components of its retained "
        "options.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "date_firm_end",
            "date_period_end",
            "date_next_decision",
            "deadline_state",
            "host_ids",
        }

    def _refresh_compliance(self):
        result = super()._refresh_compliance()
        self._refresh_deadlines()
        return result

    def _refresh_deadlines(self):
        """Write what falls due on these files; constant queries, only what changed."""
        files = self.sudo().filtered(lambda f: f._has_deadline() or f.deadline_state)
        files.mapped("need_id.judged_option_ids.component_ids.partner_id")
        files.mapped("review_ids.state")
        for file in files:
            vals = file._prepare_deadline_vals()
            changed = {name: vals[name] for name in vals if file[name] != vals[name]}
            if "host_ids" in changed:
                changed["host_ids"] = [Command.set(changed["host_ids"].ids)]
            if changed:
                file._write_server(changed)

    def _has_deadline(self):
        """Whether this is a digital agreement that runs."""
        return (
            self.requisition_type == "blanket_order"
            and self.state == "confirmed"
            and self.scope_status != "out"
        )

    def _prepare_deadline_vals(self):
        names = ("date_firm_end", "date_period_end", "date_next_decision")
        vals = dict.fromkeys((*names, "deadline_state"), False)
        vals["host_ids"] = self.host_ids.browse()
        if not self._has_deadline():
            return vals
        vals["host_ids"] = self._get_hosts()
        if not (ends := self._get_period_ends()):
            return vals | {"deadline_state": "unknown"}
        today = self.company_id._souverainete_today()
        period_end = self._get_pending_end(ends, today)
        decision = self._get_decision_day(period_end, ends[-1], today)
        return vals | {
            "date_firm_end": ends[0],
            "date_period_end": period_end,
            "date_next_decision": decision,
            "deadline_state": self._get_deadline_state(ends[-1], decision, today),
        }

    def _get_pending_end(self, ends, today):
        """The end of period that is to be decided on; the last one when all are."""
        going_on = self.review_ids.filtered(lambda r: r._goes_on())
        decided = set(going_on.mapped("period_end"))
        pending = (end for end in ends[:-1] if end >= today and end not in decided)
        return next(pending, ends[-1])

    def _get_decision_day(self, period_end, last_end, today):
        if period_end != last_end:
            return add_days(self._get_notice_day(period_end), -1)
        lead = self._find_period(self._get_renewal_delay(today), today)
        return lead and move(last_end, -lead)

    def _get_notice_day(self, period_end):
        """Last day on which the extension can be stopped, or decided."""
        return add_months(period_end, -self.notice_months)

    def _get_deadline_state(self, end, decision, today):
        if end < today:
            return "ended"
        if self.renewal_ids.filtered(lambda file: file.state != "cancel"):
            return "prepared"
        return "due" if decision and decision <= today else "upcoming"

    # === DATED DELAYS === #

    def _get_renewal_delay(self, today):
        """A value that is not known is not below the threshold."""
        amount, known = self.need_id._get_value()
        below = known and self._is_below("formalised", amount)
        return "renewal_adapted" if below else "renewal_formalised"

    def _find_period(self, kind, today):
        """The period of a delay; None where the ministry fixed none, which decides no
        day and stops no job."""
        delays = self.env["souverainete.delay"].sudo()
        delay = delays.browse(delays._get_delay_id(kind, self.company_id.id, today))
        return delay._get_period() if delay else None

    # === HOSTS === #

    def _get_hosts(self):
        """Hosts of what was signed; a bid still confidential says nothing."""
        options = self._get_judged_options()
        open_options = options.filtered(lambda o: not o._is_confidential())
        chain = open_options.component_ids
        return chain.filtered(lambda c: c.role == "host").partner_id
