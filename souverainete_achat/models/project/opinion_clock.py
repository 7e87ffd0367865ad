from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

_BATCH = 200


class OpinionClock(models.AbstractModel):
    """The clock of an opinion: one calendar month, what suspends it, and silence. What
    starts and stops it is in `souverainete.opinion.event`."""

    _name = "souverainete.opinion.clock"
    _inherit = ["souverainete.guarded", "mail.thread"]
    _description = "Clock of a DINUM opinion"

    date_received = fields.Date(
        string="Complete file received on",
        readonly=True,
        copy=False,
        tracking=True,
        help="Acknowledgement of the complete file: the time limit runs from that day. "
        "Without it no opinion is ever deemed favourable.",
        guard="server",
    )
    time_limit_months = fields.Integer(
        string="Time limit (months)",
        readonly=True,
        copy=False,
        help="Calendar months, as in force when the request was submitted (décret "
        "2019-1088, art. 3: one). The page of the DINUM's service says 30 calendar "
        "days: the decree prevails.",
        guard="server",
    )
    silence_favourable = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether silence counts as a favourable opinion for this request.",
        guard="server",
    )
    date_due = fields.Date(
        string="Due on",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="Last day of the time limit, suspended days added. Silence until the "
        "end of that day makes the opinion favourable the day after. Empty while the "
        "file is not acknowledged or the time limit is suspended.",
        guard="server",
    )
    date_observations = fields.Date(
        string="Observations by",
        compute="_compute_date_observations",
        help="For information: ANSSI and the budget director give the DINUM their "
        "observations within 25 days (décret 2019-1088, art. 3), counted here from the "
        "acknowledgement. Nothing of the opinion depends on that day.",
    )

    # === DELAY === #

    @api.depends(
        "date_received",
        "time_limit_months",
        "suspension_ids.date_from",
        "suspension_ids.date_to",
    )
    def _compute_date_due(self):
        for opinion in self:
            opinion.date_due = opinion._get_date_due()

    def _get_date_due(self):
        """Same day of the next month, or its last day, plus the suspended days."""
        if not self.date_received or self._get_running_suspension():
            return False
        due = self.date_received + relativedelta(months=self.time_limit_months)
        days = sum(s._get_days(self.date_received) for s in self.suspension_ids)
        return due + timedelta(days=days)

    def _get_running_suspension(self):
        return self.suspension_ids.filtered(lambda s: not s.date_to)[:1]

    @api.depends("date_received", "company_id")
    def _compute_date_observations(self):
        time_limits = self.env["souverainete.time.limit"].sudo()
        kind = "opinion_observations"
        for opinion in self:
            start = opinion.date_received
            time_limit_id = start and time_limits._get_time_limit_id(
                kind, opinion.company_id.id, start
            )
            opinion.date_observations = time_limits.browse(time_limit_id)._get_end(
                start
            )

    # === SILENCE === #

    def _get_tacit_date(self):
        """First day on which silence counts: never the last day of the time limit."""
        return self.date_due + timedelta(days=1)

    @api.model
    def _get_tacit_domain(self, today):
        """An answer awaiting its confirmation is no silence."""
        return [
            ("state", "=", "submitted"),
            ("silence_favourable", "=", True),
            ("registrar_id", "=", False),
            ("date_received", "!=", False),
            ("date_due", "<", today),
        ]

    @api.model
    def _cron_tacit(self):
        """Record the opinions that silence made favourable; safe to run again."""
        domain = self._get_tacit_domain(self.env.company._souverainete_today())
        expired = self.search(domain, order="date_due, id", limit=_BATCH + 1)
        for opinion in expired[:_BATCH]:
            opinion._become_tacit()
        if len(expired) > _BATCH:
            self.env.ref("souverainete_achat.cron_opinion_tacit")._trigger()

    def _become_tacit(self):
        self._record_event("tacit", {"date": self._get_tacit_date()})
        self._take_step(
            {"state": "tacit", "date_outcome": self._get_tacit_date()},
            self.env._(
                "The DINUM did not answer by %(date)s: the opinion is deemed "
                "favourable (décret 2019-1088, art. 3).",
                date=format_date(self.env, self.date_due),
            ),
        )
        self._notify_outcome()

    def _is_after_silence(self, day):
        """Whether silence had decided by `day`, recorded or not."""
        silent = self.state == "tacit" or (
            self.state == "submitted" and self.silence_favourable
        )
        return bool(silent and self.date_due and day > self.date_due)

    # === WHAT COMES FROM THE DINUM === #

    def _apply_step(self, step, vals):
        """Record one event of the opinion, for the current user.

        `step`: `received`, `suspend`, `resume`, `favourable`, `unfavourable`, or `late`
        for a letter that came when all was decided.
        `vals`: `date`, `reference`, `recommendations`, `reason`, `documents`, and
        `date_to` for a suspension already answered.
        """
        self.check_access("read")
        self.ensure_one()
        self._check_actor()
        today = self.company_id._souverainete_today()
        date = today if self.channel == "here" else vals["date"]
        documents = self._copy_documents(vals["documents"])
        event = self._record_event(step, {**vals, "date": date}, documents)
        event._check(today)
        if step in ("favourable", "unfavourable"):
            self._record_outcome(event, vals)
        else:
            getattr(event, f"_apply_{step}")()

    def _check_actor(self):
        """Who may speak for the DINUM on this request: the role, and four eyes."""
        if self.channel == "here" and not self._is_reviewer():
            raise AccessError(
                self.env._("Only a DINUM reviewer, never a buyer, answers here.")
            )
        if not self._is_registrar():
            raise AccessError(
                self.env._(
                    "Only a compliance officer or the DINUM records what the DINUM "
                    "wrote."
                )
            )
        self._check_not_requester()

    def _copy_documents(self, documents):
        """Own copies of what the user may read, out of reach of the originals."""
        documents.check_access("read")
        owner = {"res_model": self._name, "res_id": self.id}
        return documents.sudo().copy(owner)

    def _record_event(self, kind, vals, documents=()):
        """The event, before anything is done about it."""
        names = ("date", "date_to", "reference", "reason")
        return self.event_ids.sudo()._create_server(
            [
                {
                    "opinion_id": self.id,
                    "kind": kind,
                    "user_id": self.env.uid,
                    "recorded_on": fields.Datetime.now(),
                    "document_ids": [Command.link(each.id) for each in documents],
                    **{name: vals.get(name) or False for name in names},
                }
            ]
        )

    def _prepare_reopening(self):
        """Silence counted from a wrong day decided nothing: the limit is judged again,
        and the next night records the silence if there was one."""
        if self.state != "tacit":
            return {}
        return {"state": "submitted", "date_outcome": False}
