from odoo import api, fields, models

from .opinion import FAVOURABLE

_BATCH = 200
_ACTIVITY = "souverainete_achat.activity_opinion_follow_up"


class Opinion(models.Model):
    """A project with a favourable opinion is followed twice a year in the Panorama."""

    _inherit = "souverainete.opinion"

    date_follow_up = fields.Date(
        string="Next follow-up",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Day the follow-up for the Panorama is asked of the project's "
        "responsible: a dated delay after the opinion, then after each follow-up (page "
        "of the DINUM's service, October 2022: twice a year).",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"date_follow_up"}

    def _take_step(self, vals, summary):
        """A favourable outcome plans the first follow-up; any other state ends it."""
        if "state" in vals:
            favourable = vals["state"] in FAVOURABLE
            start = favourable and (vals.get("date_outcome") or self.date_outcome)
            vals = {**vals, "date_follow_up": self._get_next_follow_up(start)}
        return super()._take_step(vals, summary)

    def _get_next_follow_up(self, start):
        delays = self.env["souverainete.delay"].sudo()
        today = self.company_id._souverainete_today()
        delay_id = delays._get_delay_id("opinion_follow_up", self.company_id.id, today)
        return delays.browse(delay_id)._get_end(start)

    @api.model
    def _cron_follow_up(self):
        """Ask for the follow-ups of the day; safe to run again after a cut."""
        domain = [
            ("state", "in", FAVOURABLE),
            ("project_id.active", "=", True),
            ("date_follow_up", "<=", self.env.company._souverainete_today()),
        ]
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        while due := self.search(domain, order="date_follow_up, id", limit=_BATCH):
            for opinion in due:
                opinion._ask_follow_up()
            if not self.env["ir.cron"]._commit_progress(len(due)):
                break

    def _ask_follow_up(self):
        """One open activity at most: a follow-up not done is not asked twice."""
        self.activity_unlink([_ACTIVITY])
        user = self.project_id.user_id or self.requester_id
        self.activity_schedule(
            _ACTIVITY,
            summary=self.with_context(lang=user.lang).env._(
                "Follow-up for the Panorama of major projects"
            ),
            user_id=user.id,
        )
        today = self.company_id._souverainete_today()
        self._write_server({"date_follow_up": self._get_next_follow_up(today)})
