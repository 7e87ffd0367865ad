from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

_BATCH = 200


class Opinion(models.Model):
    """The clock: one calendar month, suspended by each request for information."""

    _inherit = "souverainete.opinion"

    date_received = fields.Date(
        string="Complete file received on",
        readonly=True,
        copy=False,
        tracking=True,
        help="Acknowledgement of the complete file: the delay runs from that day. "
        "Without it no opinion is ever deemed favourable.",
    )
    delay_months = fields.Integer(
        string="Delay (months)",
        readonly=True,
        copy=False,
        help="Calendar months, as in force when the request was submitted (décret "
        "2019-1088, art. 3: one). The page of the DINUM's service says 30 calendar "
        "days: the decree prevails.",
    )
    silence_favourable = fields.Boolean(
        readonly=True,
        copy=False,
        help="Whether silence counts as a favourable opinion for this request.",
    )
    suspension_ids = fields.One2many(
        "souverainete.suspension", "opinion_id", string="Suspensions", readonly=True
    )
    date_due = fields.Date(
        string="Due on",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="Last day of the delay, suspended days added. Silence until the end of "
        "that day makes the opinion favourable the day after. Empty while the file is "
        "not acknowledged or the delay is suspended.",
    )

    date_observations = fields.Date(
        string="Observations by",
        compute="_compute_date_observations",
        help="For information: ANSSI and the budget director give the DINUM their "
        "observations within 25 days (décret 2019-1088, art. 3), counted here from the "
        "acknowledgement. Nothing of the opinion depends on that day.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {
            "date_received",
            "delay_months",
            "silence_favourable",
            "suspension_ids",
            "date_due",
        }

    @api.depends(
        "date_received",
        "delay_months",
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
        due = self.date_received + relativedelta(months=self.delay_months)
        days = sum(s._get_days(self.date_received) for s in self.suspension_ids)
        return due + timedelta(days=days)

    def _get_running_suspension(self):
        return self.suspension_ids.filtered(lambda s: not s.date_to)[:1]

    @api.depends("date_received", "company_id")
    def _compute_date_observations(self):
        delays = self.env["souverainete.delay"].sudo()
        kind = "opinion_observations"
        for opinion in self:
            start = opinion.date_received
            delay_id = start and delays._get_delay_id(
                kind, opinion.company_id.id, start
            )
            opinion.date_observations = delays.browse(delay_id)._get_end(start)

    # === SILENCE === #

    def _get_tacit_date(self):
        """First day on which silence counts: never the last day of the delay."""
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
        self._take_step(
            {"state": "tacit", "date_outcome": self._get_tacit_date()},
            self.env._(
                "The DINUM did not answer by %(date)s: the opinion is deemed "
                "favourable (décret 2019-1088, art. 3).",
                date=format_date(self.env, self.date_due),
            ),
        )
        self._notify_outcome()

    def _notify_outcome(self):
        """One activity for who asked, once the answer is known."""
        opinion = self.sudo()
        labels = dict(opinion._fields["state"]._description_selection(self.env))
        opinion.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._(
                "DINUM opinion: %(outcome)s", outcome=labels[opinion.state]
            ),
            user_id=opinion.requester_id.id,
        )
