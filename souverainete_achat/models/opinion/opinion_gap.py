from odoo import api, fields, models
from odoo.tools.misc import format_date

from .opinion import FAVOURABLE, RUNNING

# The key of “the opinion was requested and is still running”: the gate of orders
# parks an order for which nothing else is missing.
RUNNING_KEY = "running"


class Opinion(models.Model):
    """What an opinion still lacks for a purchase to go on."""

    _inherit = "souverainete.opinion"

    situation = fields.Text(
        compute="_compute_situation", help="Where the request stands, and who can act."
    )

    @api.depends(
        "state", "date_received", "date_due", "registration_pending", "departure_needed"
    )
    @api.depends_context("lang")
    def _compute_situation(self):
        for opinion in self:
            opinion.situation = opinion._get_situation()

    def _get_situation(self):
        """One sentence above the form; empty when nothing is to be done."""
        if self.state == "draft":
            return self.env._(
                "Draft: submitting it freezes the project's costs as the DINUM will "
                "judge them."
            )
        if self.departure_needed:
            return self._get_departure_message()
        if self.kind == "simple" and self.state == "unfavourable":
            return False
        gap = self.state != "withdrawn" and self._get_gap("binding")
        return self._get_gap_message(gap) if gap else False

    def _get_gap(self, kind):
        """Key of what is missing, or empty: nothing is.

        A binding opinion has to be favourable. For a simple one the referral is due,
        with its acknowledgement; what the opinion says does not bind.
        """
        if not self:
            return "none"
        if self.state == "stale":
            return "stale"
        if self._is_contradicted():
            return RUNNING_KEY
        if self.state in FAVOURABLE:
            return ""
        if kind == "simple" and (self.date_received or self.state not in RUNNING):
            return ""
        return {"submitted": RUNNING_KEY}.get(self.state, self.state)

    def _is_contradicted(self):
        """Silence seemed to decide, and an unfavourable letter is being confirmed."""
        return self.state == "tacit" and self.registered_outcome == "unfavourable"

    def _get_gap_message(self, gap):
        """The sentence for one key of `_get_gap`, with the way out."""
        messages = {
            RUNNING_KEY: self._get_running_message,
            "suspended": self._get_suspended_message,
            "unfavourable": self._get_unfavourable_message,
            "stale": self._get_stale_message,
        }
        return messages[gap]()

    def _get_running_message(self):
        if self.registration_pending:
            return self.env._(
                "The DINUM's letter was transcribed: another officer or the DINUM has "
                "to confirm it, on the opinion."
            )
        if not self.date_received:
            return self.env._(
                "The DINUM's opinion was requested on %(date)s, but the complete file "
                "is not acknowledged yet, so no delay runs: record the "
                "acknowledgement on the opinion.",
                date=format_date(self.env, self.date_submitted),
            )
        return self.env._(
            "The DINUM's opinion is running since %(date)s and is due on %(due)s: "
            "wait for it, or record it on the opinion when it comes.",
            date=format_date(self.env, self.date_received),
            due=format_date(self.env, self.date_due),
        )

    def _get_suspended_message(self):
        return self.env._(
            "The DINUM asked for more information on %(date)s and its delay is "
            "suspended: answer, then record the answer on the opinion.",
            date=format_date(self.env, self._get_running_suspension().date_from),
        )

    def _get_unfavourable_message(self):
        return self.env._(
            "The DINUM's opinion of %(date)s is unfavourable and it binds: change the "
            "project and submit a new request.",
            date=format_date(self.env, self.date_outcome),
        )

    def _get_stale_message(self):
        return self.env._(
            "The DINUM's opinion was declared stale, because the project left what "
            "was judged: submit a new request."
        )
