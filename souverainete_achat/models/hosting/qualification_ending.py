from odoo import api, fields, models
from odoo.fields import Domain

from ..base.each import run_each
from ..base.opening import open_records

ENDING_STEPS = [
    ("first", "First alert"),
    ("second", "Second alert"),
    ("third", "Last alert"),
    ("passed", "End date passed: to verify"),
]

_BATCH = 100


class QualificationEnding(models.AbstractModel):
    """How near the end of a service's qualification is, by the ministry's time limits;
    every day, the files that rely on it are told, step by step."""

    _name = "souverainete.qualification.ending"
    _inherit = ["souverainete.guarded", "souverainete.qualification.uses"]
    _description = "End of a qualification"

    ending_step = fields.Selection(
        ENDING_STEPS,
        string="Ends soon",
        compute="_compute_ending_step",
        search="_search_ending_step",
        help="The nearest alert reached before the end of what is proven, renewals "
        "recorded included (menu “Time limits”: 12, 6 and 3 months unless the ministry "
        "chose otherwise). A date that passed does not say that the service lapsed.",
    )
    followed_on = fields.Date(
        copy=False,
        readonly=True,
        help="Day its end was last followed (Paris): a job cut short goes on with the "
        "qualifications that were not.",
        guard="server",
    )
    alert_count = fields.Integer(
        string="Alerts",
        compute="_compute_alert_count",
        help="Alerts told to the files that rely on it, settled ones included.",
    )

    @api.depends_context("company")
    @api.depends("date_start", "date_end", "state", "line_id.line_member_ids.date_end")
    def _compute_ending_step(self):
        company = self.env.company
        today = company._souverainete_today()
        horizons = self.env["souverainete.time.limit"]._find_horizons(company, today)
        for record in self:
            record.ending_step = record._get_ending_step(today, horizons)

    def _get_ending_step(self, today, horizons):
        """The step reached `today` by the line of this decision, or False.
        `horizons`: {step: last end date it covers}, the nearest first."""
        last = self._get_last(today)
        standing = last._get_standing(today)
        if standing == "ended":
            return "passed"
        if standing not in ("valid", "coming"):
            return False
        steps = (step for step, day in horizons.items() if last.date_end <= day)
        return next(steps, False)

    def _search_ending_step(self, operator, value):
        """By the records themselves: a register holds hundreds of them, not more."""
        if operator != "in":
            return NotImplemented
        horizons = self._find_horizons()
        near = self.search(self._get_near_domain(max(horizons.values(), default=None)))
        found = near.filtered(lambda record: record.ending_step in value)
        if False in value:
            return Domain("id", "not in", (near - found).ids)
        return Domain("id", "in", found.ids)

    @api.model
    def _find_horizons(self):
        company = self.env.company
        today = company._souverainete_today()
        return self.env["souverainete.time.limit"]._find_horizons(company, today)

    @api.model
    def _get_near_domain(self, horizon):
        """Those whose own end date is passed, or near enough for an alert."""
        today = self.env.company._souverainete_today()
        return [
            ("date_end", "!=", False),
            ("date_end", "<=", horizon or today),
        ]

    def _compute_alert_count(self):
        alerts = self.env["souverainete.qualification.alert"]
        counts = {}
        if alerts.has_access("read"):
            groups = alerts._read_group(
                [("qualification_id", "in", self.ids)],
                ["qualification_id"],
                ["__count"],
            )
            counts = dict(groups)
        for record in self:
            record.alert_count = counts.get(record._origin, 0)

    # === JOB === #
    # Cut in the middle, run twice or by two at once, it tells each step once: a batch
    # takes its rows, and remembers the day it was followed.

    @api.model
    def _cron_follow(self):
        cron = self.env["ir.cron"]
        domain = self._get_follow_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        while due := self.search(domain, order="date_end, id", limit=_BATCH):
            batch = due.try_lock_for_update(allow_referencing=True)
            failed = run_each(batch, lambda records: records._follow())
            failed._set_followed()
            if not batch or not cron._commit_progress(len(batch)):
                break

    @api.model
    def _get_follow_domain(self):
        """What ends within the longest first alert of any ministry, or has."""
        today = self.env.company._souverainete_today()
        time_limits = self.env["souverainete.time.limit"].sudo()
        longest = time_limits.search(
            [
                ("kind", "=", "qualification_first"),
                *time_limits._get_in_force_domain(today),
            ]
        )
        ends = [today + time_limit._get_period() for time_limit in longest]
        return [
            *self._get_near_domain(max(ends, default=today)),
            "|",
            ("followed_on", "=", False),
            ("followed_on", "<", today),
        ]

    def _follow(self):
        """Tell and settle what has to be of these qualifications, and judge again the
        files whose day passed. Constant queries, whatever their number."""
        records = self.sudo()
        today = self.env.company._souverainete_today()
        alerts = self.env["souverainete.qualification.alert"].sudo()
        files = alerts._follow(records, records._plan_alerts(today))
        files._refresh_compliance_each()
        records._set_followed()

    def _set_followed(self):
        """Not again today: what failed is tried again the next day."""
        today = self.env.company._souverainete_today()
        self.sudo()._write_server({"followed_on": today})

    def _plan_alerts(self, today):
        """{identity: values} of the alerts that stand on `today`."""
        uses = self._get_uses()
        files = self.env["purchase.requisition"].sudo().union(*uses.values())
        orders = self._get_orders_by_file(self._get_orders(files))
        recipients = files._get_alert_recipients()
        planned = {}
        for record, used in uses.items():
            end = record._get_last(today).date_end
            for file in used.filtered(lambda f, end=end: f._is_alerted_on(end, today)):
                step = record._get_ending_step(today, file._find_horizons(today))
                told = recipients[file][step in ("third", "passed")]
                if step:
                    planned[record.id, file.id, step, end] = {
                        "qualification_id": record.id,
                        "requisition_id": file.id,
                        "step": step,
                        "date_end": end,
                        "day": today,
                        "user_id": told.id,
                        "order_count": len(orders.get(file, ())),
                    }
        return planned

    # === ACTIONS === #
    def action_open_alerts(self):
        """What was told of their end, and to whom."""
        self.check_access("read")
        alerts = self.env["souverainete.qualification.alert"].search(
            [("qualification_id", "in", self.ids)]
        )
        return open_records(alerts, self.env._("Alerts"), modes="list")
