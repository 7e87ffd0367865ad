from datetime import date

from odoo import api, fields, models

_BATCH = 500


class LightNeed(models.Model):
    """What the small orders of a need are worth: figures people read and sort by. Each
    order is judged again on its own."""

    _inherit = "souverainete.light.need"

    currency_id = fields.Many2one(related="company_id.currency_id")
    order_count = fields.Integer(
        string="Orders", help="Small orders of the period that counts."
    )
    amount = fields.Monetary(
        string="Sum (excl. tax)",
        help="Sum of the small orders of the period that counts, in € HT. The same "
        "order is in the sum of its CPV code and in that of its vendor.",
    )
    ceiling = fields.Monetary(
        string="Ceiling (excl. tax)",
        help="Ceiling of the light circuit in force, in € HT.",
    )
    share = fields.Float(
        string="Share of the ceiling",
        aggregator="max",
        help="Sum of the small orders, over the ceiling. From 100 % on, the need needs "
        "a purchase file.",
    )
    date_last = fields.Date(string="Last small order")
    warned_on = fields.Date(
        string="Officer told on",
        help="Day a compliance officer was told that the small orders of this need "
        "reach the ceiling. Told once a period.",
    )

    # === PERIOD AND CEILING === #

    @api.model
    def _get_start(self, company):
        """First day that counts. Without a period in force, nothing is too old."""
        today = company._souverainete_today()
        delays = self.env["souverainete.delay"].sudo()
        delay = delays.browse(delays._get_delay_id("split", company.id, today))
        return today - delay._get_period() if delay else date.min

    def _get_ceiling(self):
        company = self.company_id
        today = company._souverainete_today()
        return self.env["souverainete.threshold"]._get("light", company, today)

    def _get_live_domain(self, company):
        return [
            ("need_id", "in", self.ids),
            ("ended_on", "=", False),
            ("date", ">=", self._get_start(company)),
        ]

    def _get_amounts(self, order):
        """{need: € HT of its small orders but `order`}, in the ministry's currency."""
        if not self:
            return {}
        others = ("order_id", "!=", order._origin.id)
        groups = self.env["souverainete.light.need.line"]._read_group(
            [*self._get_live_domain(order.company_id), others],
            ["need_id"],
            ["amount:sum"],
        )
        return dict(groups)

    def _get_other_orders(self, order):
        """The small orders that `order` adds up with, the dearest first."""
        groups = self.env["souverainete.light.need.line"]._read_group(
            [
                *self._get_live_domain(order.company_id),
                ("order_id", "!=", order._origin.id),
            ],
            ["order_id"],
            ["amount:sum"],
        )
        ranked = sorted(groups, key=lambda group: -group[1])
        return order.browse([other.id for other, _amount in ranked])

    # === TOTALS === #

    def _refresh_totals(self):
        """Write what each need is worth now; constant queries, only what changed."""
        for company, needs in self.sudo().grouped("company_id").items():
            groups = self.env["souverainete.light.need.line"]._read_group(
                needs._get_live_domain(company),
                ["need_id"],
                ["order_id:count_distinct", "amount:sum", "date:max"],
            )
            totals = {need: totals for need, *totals in groups}
            for need in needs:
                need._write_totals(*totals.get(need, (0, 0.0, False)))

    def _write_totals(self, order_count, amount, date_last):
        vals = {
            "order_count": order_count,
            "amount": amount,
            "date_last": date_last,
            **self._prepare_share(amount),
        }
        if any(self[name] != value for name, value in vals.items()):
            self._write_server(vals)

    def _prepare_share(self, amount):
        threshold, company = self._get_ceiling(), self.company_id
        today = company._souverainete_today()
        ceiling = threshold.currency_id._convert(
            threshold.amount, self.currency_id, company, today
        )
        share = amount / ceiling if ceiling else 0.0
        return {"ceiling": ceiling, "share": round(share, 4)}

    @api.model
    def _cron_refresh_totals(self):
        """Every night, in batches: orders grow old, ceilings change."""
        remaining = self.search_count([])
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        last = 0
        while needs := self.search([("id", ">", last)], order="id", limit=_BATCH):
            needs._refresh_totals()
            for need in needs.filtered(lambda n: n.share >= 1):
                need._warn_officer(self.env["res.users"])
            last = needs[-1].id
            if not self.env["ir.cron"]._commit_progress(len(needs)):
                break

    # === OFFICER === #

    def _warn_officer(self, requesters):
        """One activity a need and a period, for an officer who does not ask for it."""
        need = self.sudo()
        if need.warned_on and need.warned_on >= need._get_start(need.company_id):
            return
        officer = need._get_officer(requesters)
        if not officer:
            return
        need._write_server({"warned_on": need.company_id._souverainete_today()})
        need.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("Small orders of one need reach the ceiling"),
            note=self.env._(
                "Small orders of %(need)s reach the ceiling of the light circuit: the "
                "next one is refused until the whole need has a purchase file.",
                need=need.display_name,
            ),
            user_id=officer.id,
        )

    def _get_officer(self, requesters):
        group = self.env.ref("souverainete_achat.group_officer")
        officers = group.sudo().all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return (officers - requesters)[:1]
