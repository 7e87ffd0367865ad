from odoo import api, fields, models

from ..mixin.each import run_each

_BATCH = 100


class Qualification(models.Model):
    """Every day: tell the files that rely on what ends soon, step by step.

    Cut in the middle, run twice or by two at once, it tells each step once: a batch
    takes its rows, and remembers the day it was followed.
    """

    _inherit = "souverainete.qualification"

    followed_on = fields.Date(
        copy=False,
        readonly=True,
        help="Day its end was last followed (Paris): a job cut short goes on with the "
        "qualifications that were not.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"followed_on"}

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
        delays = self.env["souverainete.delay"].sudo()
        longest = delays.search(
            [
                ("kind", "=", "qualification_first"),
                *delays._get_in_force_domain(today),
            ]
        )
        ends = [today + delay._get_period() for delay in longest]
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

    @api.model_create_multi
    def create(self, vals_list):
        """A renewal is a fact of what it renews: its files are judged again."""
        records = super().create(vals_list)
        renewed = records.replaces_id
        renewed._reassess_files({r.id: r._prepare_entry() for r in renewed})
        return records

    def _reassess_files(self, before):
        """A renewal or a new date settles what was told, at once."""
        result = super()._reassess_files(before)
        self._get_line()._follow()
        return result
