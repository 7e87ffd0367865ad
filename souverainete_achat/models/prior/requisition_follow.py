from odoo import api, models

_BATCH = 500


class PurchaseRequisition(models.Model):
    """Every night, contracts signed before the rules are compared with them."""

    _inherit = "purchase.requisition"

    @api.model
    def _cron_refresh_shortfalls(self):
        """Compare those that were not today, in batches: a run cut short goes on."""
        domain = self._get_follow_domain()
        self.env["ir.cron"]._commit_progress(remaining=self.search_count(domain))
        while files := self.search(domain, order="id", limit=_BATCH):
            files._refresh_shortfalls()
            if not self.env["ir.cron"]._commit_progress(len(files)):
                break

    @api.model
    def _get_follow_domain(self):
        """Digital contracts taken over that run, not compared with the rules today."""
        today = self.env.company._souverainete_today()
        return [
            ("is_prior", "=", True),
            "|",
            ("scope_status", "!=", "out"),
            ("scope_drift", "=", True),
            "|",
            ("shortfall_on", "=", False),
            ("shortfall_on", "<", today),
        ]
