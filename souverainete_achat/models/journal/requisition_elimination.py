from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PurchaseRequisition(models.Model):
    """What of the journal may be eliminated once nobody needs it by law."""

    _inherit = "purchase.requisition"

    def action_eliminate(self, reason, visa=""):
        """Ask that the old content of the journals be erased. Another officer confirms.

        Returns the souverainete.journal.elimination records. Raises when nothing is
        past its retention period.
        """
        for file in self:
            file._get_eliminable_entries()
        return self.env["souverainete.journal.elimination"].create(
            [
                {"requisition_id": file.id, "reason": reason, "visa": visa}
                for file in self
            ]
        )

    def action_request_elimination(self):
        """Open a new request of elimination for this file."""
        self.ensure_one()
        self._get_eliminable_entries()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Elimination of journal content"),
            "res_model": "souverainete.journal.elimination",
            "view_mode": "form",
            "target": "new",
            "context": {"default_requisition_id": self.id},
        }

    def _get_eliminable_entries(self):
        """Entries whose content is past its retention period; raises when none is."""
        self.ensure_one()
        self._journal_flush()
        limit = self._get_elimination_limit()
        entries = self.sudo().journal_ids.filtered(
            lambda entry: (
                not entry._is_erased()
                and entry.event not in self._get_kept_events()
                and entry.date.date() < limit
            )
        )
        if not entries or not self._is_retention_over(limit):
            raise UserError(self._get_retained_message(limit))
        return entries

    def _get_kept_events(self):
        """Events whose content stays for ever: the record of eliminations itself."""
        return frozenset({"elimination"})

    def _get_elimination_limit(self):
        company = self.company_id
        today = company._souverainete_today()
        retention = self.env["souverainete.retention"]._get(company, today)
        if not retention:
            raise UserError(
                self.env._(
                    "No retention period is in force: a referentials manager sets one "
                    "in the configuration of the digital doctrine."
                )
            )
        return retention._get_limit(today)

    def _is_retention_over(self, limit):
        """A file that runs, or ended too recently, keeps everything."""
        closed = self.state in ("done", "cancel")
        return closed and (not self.date_end or self.date_end < limit)

    def _get_retained_message(self, limit):
        return self.env._(
            "Nothing can be eliminated on %(file)s: only the content recorded before "
            "%(date)s can, on a file that is closed and whose agreement ended before "
            "that day.",
            file=self.display_name,
            date=format_date(self.env, limit),
        )
