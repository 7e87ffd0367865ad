from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..base.told import Told, tell


class QualificationValidity(models.AbstractModel):
    """What a decision on a service proves on a given day, from what was decided, its
    dates, its suspensions and its renewal; what is unknown proves nothing.

    A renewal under examination while the end date passes proves nothing by itself. A
    dated time limit of the ministry says for how long what runs goes on with a warning;
    nothing new is signed on it unless another time limit says so.
    """

    _name = "souverainete.qualification.validity"
    _description = "Validity of a qualification"

    standing = fields.Selection(
        [
            ("valid", "Valid today"),
            ("coming", "Not started"),
            ("pending", "End date passed, renewal pending"),
            ("ended", "End date passed: renewal to be checked"),
            ("suspended", "Suspended"),
            ("withdrawn", "Withdrawn"),
            ("examination", "Under examination"),
            ("unknown", "Not proven: data unknown"),
            ("void", "Recorded by mistake"),
        ],
        compute="_compute_standing",
        search="_search_standing",
        help="Derived from the decision and the dates, on the legal day (Paris). A "
        "date that passed in the register does not say that the service lapsed: it has "
        "to be verified on the ANSSI catalogue.",
    )

    @api.depends(
        "service",
        "state",
        "date_start",
        "date_end",
        "date_withdrawn",
        "renewal_pending_since",
        "renewal_closed_on",
        "suspension_ids.date_start",
        "suspension_ids.date_end",
    )
    @api.depends_context("company")
    def _compute_standing(self):
        today = self.env.company._souverainete_today()
        period = self._get_shown_period(today)
        for record in self:
            pending = record._is_renewal_pending_on(today, period)
            record.standing = "pending" if pending else record._get_standing(today)

    def _search_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_standing_domains(self.env.company._souverainete_today())
        return Domain.OR(domains[standing] for standing in value if standing in domains)

    @api.model
    def _get_shown_period(self, today):
        """How long a pending renewal is shown as such: as it is for orders."""
        time_limits = self.env["souverainete.time.limit"]
        return time_limits._find("renewal_pending", self.env.company, today)

    @api.model
    def _get_standing_domains(self, date):
        """{standing: domain}; each excludes those before it, as `_get_standing`."""
        ended = Domain("date_end", "<", date)
        known = Domain(
            [("service", "!=", False), ("date_start", "!=", False)]
        ) & Domain("date_end", "!=", False)
        tests = {
            "void": Domain("state", "=", "void"),
            "withdrawn": self._get_withdrawn_domain(date),
            "examination": Domain("state", "=", "examination"),
            "suspended": self._get_suspended_domain(date),
            "pending": ended & self._get_pending_domain(date),
            "ended": ended,
            "coming": Domain("date_start", ">", date),
            "valid": known,
            "unknown": Domain.TRUE,
        }
        remaining, domains = Domain.TRUE, {}
        for standing, test in tests.items():
            domains[standing] = remaining & test
            remaining &= ~test
        return domains

    @api.model
    def _get_withdrawn_domain(self, date):
        return Domain("date_withdrawn", "<=", date) | Domain(
            [("date_withdrawn", "=", False), ("state", "=", "withdrawn")]
        )

    @api.model
    def _get_suspended_domain(self, date):
        covering = Domain("date_start", "<=", date) & (
            Domain("date_end", "=", False) | Domain("date_end", ">=", date)
        )
        return Domain("suspension_ids", "any", covering)

    @api.model
    def _get_pending_domain(self, date):
        period = self._get_shown_period(date)
        if not period:
            return Domain.FALSE
        closed = Domain("renewal_closed_on", "!=", False) & Domain(
            "renewal_closed_on", "<=", date
        )
        oldest = date - period - timedelta(days=3)
        # Calendar months are not taken back as they are added: 30 November and three
        # months is the last of February.
        while oldest + period < date:
            oldest += timedelta(days=1)
        return (
            Domain("renewal_pending_since", "<=", date)
            & Domain("date_end", ">=", oldest)
            & ~closed
        )

    # === ON A DAY === #
    def _get_standing(self, date):
        """Where the qualification stands on `date`; see the field `standing`. A renewal
        that is pending proves nothing: it is no standing of its own."""
        self.ensure_one()
        if self.state == "void":
            return "void"
        if self._is_withdrawn_on(date):
            return "withdrawn"
        if self.state == "examination":
            return "examination"
        if self._is_suspended_on(date):
            return "suspended"
        if self.date_end and self.date_end < date:
            return "ended"
        if self.date_start and self.date_start > date:
            return "coming"
        return "unknown" if self._get_unknown_labels() else "valid"

    def _is_withdrawn_on(self, date):
        if self.date_withdrawn:
            return self.date_withdrawn <= date
        return self.state == "withdrawn"

    def _get_unknown_labels(self):
        """What would have to be known for the qualification to prove something."""
        labels = {
            "service": tell(self.env)._("name of the service"),
            "date_start": tell(self.env)._("start date"),
            "date_end": tell(self.env)._("end date"),
        }
        return [label for name, label in labels.items() if not self[name]]

    def _is_valid_on(self, date):
        """Whether the qualification is proven valid on `date`, both ends inclusive."""
        return self._get_standing(date) == "valid"

    def _is_ending_before(self, date, today):
        """Whether what is valid `today` is known to end before `date`, with what was
        renewed already."""
        if not self or not self._get_current(today)._is_valid_on(today):
            return False
        return self._get_last(today).date_end < date

    def _is_suspended_on(self, day):
        return any(suspension._covers(day) for suspension in self.suspension_ids)

    def _is_renewal_pending_on(self, day, period):
        """Whether the end date is passed on `day`, the renewal is under examination
        and the tolerated `period` after the end is not over. No period: never."""
        self.ensure_one()
        since, closed = self.renewal_pending_since, self.renewal_closed_on
        return bool(
            period
            and since
            and since <= day
            and not (closed and closed <= day)
            and self._get_standing(day) == "ended"
            and day <= self._get_tolerated_end(period)
        )

    def _get_tolerated_end(self, period):
        """Last day of the tolerated time, inclusive."""
        return self.date_end + period

    # === MESSAGES === #
    # Why a service is not proven qualified on a day, in words its buyer can act on.

    def _get_validity_gap(self, date):
        """Why the line of this qualification proves nothing on `date`; empty when its
        current decision is valid."""
        current = self._get_current(date)
        return current._get_standing_messages().get(current._get_standing(date), "")

    def _get_standing_messages(self):
        name = self.display_name
        return {
            "void": tell(self.env)._(
                "the qualification “%(name)s” was recorded by mistake. Choose another.",
                name=name,
            ),
            "withdrawn": tell(self.env)._(
                "the qualification “%(name)s” is withdrawn. Choose another host.",
                name=name,
            ),
            "examination": tell(self.env)._(
                "the qualification “%(name)s” is only under examination. Wait for the "
                "decision, or choose another host.",
                name=name,
            ),
            "suspended": tell(self.env)._(
                "the qualification “%(name)s” is suspended. Wait for the end of the "
                "suspension to be recorded, or choose another host.",
                name=name,
            ),
            "ended": self._get_ended_message(),
            "coming": tell(self.env)._(
                "the qualification “%(name)s” only starts on %(date)s.",
                name=name,
                date=self.date_start,
            ),
            "unknown": tell(self.env)._(
                "%(unknown)s unknown for the qualification “%(name)s”: verify on the "
                "ANSSI catalogue and have an officer complete the register.",
                unknown=self._get_unknown_labels(),
                name=name,
            ),
        }

    def _get_ended_message(self):
        """The register passed its date: nobody knows from it whether it was renewed."""
        message = tell(self.env)._(
            "the end date of the qualification “%(name)s” in the register, %(date)s, "
            "is passed. Verify on the ANSSI catalogue whether it was renewed and have "
            "an officer record it, or choose another host.",
            name=self.display_name,
            date=self.date_end,
        )
        if not self.renewal_pending_since or self.renewal_closed_on:
            return message
        pending = tell(self.env)._(
            "Its renewal, recorded as pending since %(since)s (%(where)s), is no proof "
            "for this.",
            since=self.renewal_pending_since,
            where=self.renewal_source,
        )
        return Told.join([message, pending])
