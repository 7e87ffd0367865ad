from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date


class Qualification(models.Model):
    """What a qualification proves on a given day; what is unknown proves nothing."""

    _inherit = "souverainete.qualification"

    standing = fields.Selection(
        [
            ("valid", "Valid today"),
            ("coming", "Not started"),
            ("ended", "End date passed"),
            ("withdrawn", "Withdrawn"),
            ("examination", "Under examination"),
            ("unknown", "Not proven: data unknown"),
        ],
        compute="_compute_standing",
        search="_search_standing",
        help="Derived from the decision and the dates, on the legal day (Paris).",
    )

    @api.depends("service", "state", "date_start", "date_end", "date_withdrawn")
    def _compute_standing(self):
        today = self.env.company._souverainete_today()
        for record in self:
            record.standing = record._get_standing(today)

    def _search_standing(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_standing_domains(self.env.company._souverainete_today())
        return Domain.OR(domains[standing] for standing in value if standing in domains)

    @api.model
    def _get_standing_domains(self, date):
        """{standing: domain}; each excludes those before it, as `_get_standing`."""
        withdrawn = Domain("date_withdrawn", "<=", date) | Domain(
            [("date_withdrawn", "=", False), ("state", "=", "withdrawn")]
        )
        known = Domain(
            [("service", "!=", False), ("date_start", "!=", False)]
        ) & Domain("date_end", "!=", False)
        tests = {
            "withdrawn": withdrawn,
            "examination": Domain("state", "=", "examination"),
            "ended": Domain("date_end", "<", date),
            "coming": Domain("date_start", ">", date),
            "valid": known,
            "unknown": Domain.TRUE,
        }
        remaining, domains = Domain.TRUE, {}
        for standing, test in tests.items():
            domains[standing] = remaining & test
            remaining &= ~test
        return domains

    def _get_standing(self, date):
        """Where the qualification stands on `date`; see the field `standing`."""
        self.ensure_one()
        if self._is_withdrawn_on(date):
            return "withdrawn"
        if self.state == "examination":
            return "examination"
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
            "service": self.env._("name of the service"),
            "date_start": self.env._("start date"),
            "date_end": self.env._("end date"),
        }
        return [label for name, label in labels.items() if not self[name]]

    def _is_valid_on(self, date):
        """Whether the qualification is proven valid on `date`, both ends inclusive."""
        return self._get_standing(date) == "valid"

    def _is_ending_before(self, date, today):
        """Whether a qualification valid `today` is known to end before `date`."""
        return bool(self) and self._is_valid_on(today) and self.date_end < date

    def _get_validity_gap(self, date):
        """Why the qualification proves nothing on `date`; empty when it is valid."""
        return self._get_standing_messages().get(self._get_standing(date), "")

    def _get_standing_messages(self):
        name = self.display_name
        return {
            "withdrawn": self.env._(
                "the qualification “%(name)s” is withdrawn. Choose another host.",
                name=name,
            ),
            "examination": self.env._(
                "the qualification “%(name)s” is only under examination. Wait for the "
                "decision, or choose another host.",
                name=name,
            ),
            "ended": self.env._(
                "the end date of the qualification “%(name)s” in the register, "
                "%(date)s, is passed. Verify on the ANSSI catalogue whether it was "
                "renewed and have an officer record it, or choose another host.",
                name=name,
                date=format_date(self.env, self.date_end),
            ),
            "coming": self.env._(
                "the qualification “%(name)s” only starts on %(date)s.",
                name=name,
                date=format_date(self.env, self.date_start),
            ),
            "unknown": self.env._(
                "%(unknown)s unknown for the qualification “%(name)s”: verify on the "
                "ANSSI catalogue and have an officer complete the register.",
                unknown=", ".join(self._get_unknown_labels()),
                name=name,
            ),
        }
