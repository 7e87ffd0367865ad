from odoo import api, fields, models

TO_ESCALATE = "souverainete_achat.activity_emergency_overdue"
_BATCH = 200


class Emergency(models.Model):
    """Not regularised in time: told and shown. It never refuses another purchase."""

    _inherit = "souverainete.emergency"

    overdue_on = fields.Date(
        string="Escalated on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="Day it was found not regularised in time: the compliance officers are "
        "told, and the DAE sees it in its list.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"overdue_on"}

    @api.model
    def _get_overdue_domain(self):
        return [
            ("state", "=", "confirmed"),
            ("regularise_before", "<", self.env.company._souverainete_today()),
            ("overdue_on", "=", False),
        ]

    @api.model
    def _cron_escalate(self):
        """Escalate what is not regularised in time; safe to run again after a cut."""
        domain = self._get_overdue_domain()
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        while overdue := self.search(domain, order="id", limit=_BATCH):
            overdue._escalate()
            if not self.env["ir.cron"]._commit_progress(len(overdue)):
                break

    def _escalate(self):
        for record in self:
            record._write_server(
                {"overdue_on": record.company_id._souverainete_today()}
            )
            record._tell_officers()
        self._journal_event()

    def _tell_officers(self):
        for user in self.company_id._get_role_users("group_officer"):
            self.activity_schedule(
                TO_ESCALATE,
                summary=self.with_context(lang=user.lang).env._(
                    "Urgency not regularised in time"
                ),
                user_id=user.id,
            )

    def _settle(self):
        result = super()._settle()
        self.sudo().activity_unlink([TO_ESCALATE])
        return result

    def _prepare_entry(self):
        escalated = fields.Date.to_string(self.overdue_on) or ""
        return super()._prepare_entry() | {"escalated_on": escalated}
