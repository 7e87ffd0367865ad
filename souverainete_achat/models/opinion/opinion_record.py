from odoo import api, fields, models

from .opinion import FAVOURABLE


class Opinion(models.Model):
    """One step: written by the server, told to the project's files, journalled."""

    _inherit = "souverainete.opinion"

    def _take_step(self, vals, summary):
        """Write one step, and tell the project and its files. Rights are checked."""
        opinion = self.sudo()
        opinion._write_server(vals)
        files = opinion.project_id._get_judged_files()
        opinion.project_id._touch_evidence()
        files._touch_evidence()
        files._journal("opinion", opinion._prepare_step_payload(), summary=summary)
        files._refresh_compliance()
        opinion._release_orders(files)
        self._message_log(body=summary)

    def _prepare_step_payload(self):
        """What the journal keeps of a step, as JSON-able data."""
        return {
            "opinion": self.id,
            "project": self.project_id.display_name,
            "kind": self.kind or "",
            "channel": self.channel,
            "state": self.state,
            "basis_cost": self.basis_cost,
            "threshold": self.basis_threshold,
            "reference": self.reference or "",
            "dates": {
                name: fields.Date.to_string(self[name]) or ""
                for name in self._get_journal_dates()
            },
        }

    @api.model
    def _get_journal_dates(self):
        return ("date_submitted", "date_received", "date_due", "date_outcome")

    def _release_orders(self, files):
        """Orders that waited for this opinion alone leave by themselves."""
        if self.state in FAVOURABLE:
            (files.purchase_ids | files.need_order_ids)._release_parked()
