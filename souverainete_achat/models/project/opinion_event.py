from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .opinion_state import ENDED, RUNNING

EVENTS = [
    ("received", "The complete file was received"),
    ("suspend", "More information is asked"),
    ("resume", "The information was received"),
    ("favourable", "Favourable opinion"),
    ("unfavourable", "Unfavourable opinion"),
    ("late", "Letter received after the decision"),
]

# States of the request each event may be recorded in; see also `_is_late_record`.
_STATES = {
    "received": RUNNING,
    "suspend": ("submitted",),
    "resume": ("suspended",),
    "favourable": RUNNING,
    "unfavourable": RUNNING,
    "late": ENDED,
}

# What came within the time limit but was recorded after silence seemed to have decided.
_LATE = ("suspend", "favourable", "unfavourable")

_ANSWERS = ("favourable", "unfavourable")


class OpinionEvent(models.Model):
    """One thing that came from the DINUM on a request, or its silence, with what proves
    it: written once, and never rewritten by what comes later."""

    _name = "souverainete.opinion.event"
    _inherit = ["souverainete.evidence"]
    _description = "Event of a DINUM opinion"
    _order = "id"
    _rec_name = "kind"

    opinion_id = fields.Many2one(
        "souverainete.opinion", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="opinion_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [*EVENTS, ("tacit", "Silence: deemed favourable")],
        string="Event",
        required=True,
    )
    date = fields.Date(help="Date written on the document, or of the silence.")
    date_to = fields.Date(
        string="Already answered on",
        help="Day the information was received, where the request was recorded "
        "afterwards.",
    )
    reference = fields.Char(string="Reference of the letter")
    reason = fields.Text(string="Information asked")
    document_ids = fields.Many2many(
        "ir.attachment",
        "souverainete_opinion_event_document_rel",
        string="Documents",
        ondelete="restrict",
    )
    user_id = fields.Many2one("res.users", string="Recorded by", required=True)
    recorded_on = fields.Datetime(required=True, help="Server time.")

    # === CHECKS === #

    def _check(self, today):
        """Raise where the request admits no such event, on that day, so proved."""
        opinion = self.opinion_id
        if opinion.registrar_id:
            raise UserError(
                self.env._(
                    "A letter was transcribed and awaits its confirmation: confirm it "
                    "or send it back first."
                )
            )
        if not self.date or max(self.date, self.date_to or self.date) > today:
            raise UserError(self.env._("Give a date that is not in the future."))
        self._check_answer_in_time()
        if not self._is_expected():
            raise UserError(
                self.env._("This cannot be recorded in the state of the request.")
            )
        if self._needs_document() and not self.document_ids._is_document():
            raise UserError(
                self.env._("Attach the document received: it is the evidence.")
            )

    def _is_expected(self):
        """Whether the state of the request admits this event."""
        opinion = self.opinion_id
        admitted = opinion.state in _STATES[self.kind]
        after = self.kind == "late" and opinion._is_after_silence(self.date)
        return admitted or after or self._is_late_record()

    def _is_late_record(self):
        """Silence decided only because what came in time was not recorded, or because
        the day of receipt was wrong."""
        opinion = self.opinion_id
        if opinion.state != "tacit" or opinion.channel != "registered":
            return False
        in_time = self.kind in _LATE and self.date <= opinion.date_due
        return in_time or self.kind == "received"

    def _check_answer_in_time(self):
        """Silence decided when the time limit ended, whether or not it was recorded."""
        opinion = self.opinion_id
        if self.kind in _ANSWERS and opinion._is_after_silence(self.date):
            raise UserError(
                self.env._(
                    "The time limit ended on %(due)s: the opinion is deemed favourable "
                    "since the day after: a letter dated later changes nothing. Record "
                    "it as “Letter received after the decision”: it is kept.",
                    due=format_date(self.env, opinion.date_due),
                )
            )

    def _needs_document(self):
        """What starts the time limit or ends it is proved by its document."""
        proved = ("received", "favourable", "unfavourable", "late")
        return self.opinion_id.channel == "registered" and self.kind in proved

    def _check_suspendable(self):
        opinion = self.opinion_id
        if opinion.date_received and self.date < opinion.date_received:
            raise UserError(
                self.env._("The time limit cannot be suspended before it started.")
            )
        if opinion.date_due and self.date > opinion.date_due:
            raise UserError(
                self.env._(
                    "The time limit ended on %(due)s: it can no longer be suspended.",
                    due=format_date(self.env, opinion.date_due),
                )
            )

    # === WHAT EACH CHANGES === #

    def _prepare_documents(self):
        links = [Command.link(document.id) for document in self.document_ids]
        return {"document_ids": links}

    def _apply_received(self):
        self.opinion_id._take_step(
            {
                "date_received": self.date,
                **self.opinion_id._prepare_reopening(),
                **self._prepare_documents(),
            },
            self.env._(
                "The complete file was acknowledged on %(date)s.",
                date=format_date(self.env, self.date),
            ),
        )

    def _apply_suspend(self):
        self._check_suspendable()
        self.opinion_id.suspension_ids._create_server(
            [
                {
                    "opinion_id": self.opinion_id.id,
                    "date_from": self.date,
                    "date_to": self.date_to,
                    "reason": self.reason,
                }
            ]
        )
        self.opinion_id._take_step(
            {
                "state": "submitted" if self.date_to else "suspended",
                "date_outcome": False,
                **self._prepare_documents(),
            },
            self.env._(
                "The DINUM asked for more information on %(date)s: the time limit is "
                "suspended.",
                date=format_date(self.env, self.date),
            ),
        )

    def _apply_resume(self):
        running = self.opinion_id._get_running_suspension()
        running._write_server({"date_to": self.date})
        self.opinion_id._take_step(
            {"state": "submitted", **self._prepare_documents()},
            self.env._(
                "The information was received on %(date)s: the time limit runs again.",
                date=format_date(self.env, self.date),
            ),
        )

    def _apply_late(self):
        """A fact, kept with its document: nothing that was decided changes."""
        self.opinion_id._take_step(
            self._prepare_documents(),
            self.env._(
                "A letter dated %(date)s (%(reference)s) was received after the "
                "decision: it is kept, and changes nothing.",
                date=format_date(self.env, self.date),
                reference=self.reference or self.env._("no reference"),
            ),
        )
