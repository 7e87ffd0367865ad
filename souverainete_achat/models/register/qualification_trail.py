from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command

_STANDING = (
    "service",
    "state",
    "date_start",
    "date_end",
    "date_withdrawn",
    "renewal_pending_since",
    "renewal_closed_on",
)


class Qualification(models.Model):
    """The trail of each record: what it said, from when, and who recorded it."""

    _inherit = "souverainete.qualification"

    entry_ids = fields.One2many(
        "souverainete.qualification.entry", "qualification_id", string="History"
    )
    change_reason = fields.Char(
        string="Reason of the change",
        store=False,
        help="Why what is recorded is changed: kept in the history with the change.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"entry_ids"}

    @api.model
    def _get_traced_fields(self):
        """Names of the fields whose changes the history keeps."""
        told = {"decision", "version", "certainty", "source", "source_url"}
        return self._get_judged_fields() | told

    @api.model_create_multi
    def create(self, vals_list):
        reasons = [vals.pop("change_reason", False) for vals in vals_list]
        records = super().create(vals_list)
        for record, reason in zip(records, reasons, strict=True):
            record._trace(reason)
        return records

    def write(self, vals):
        vals = dict(vals)
        reason = vals.pop("change_reason", False)
        result = super().write(vals) if vals else True
        if self._get_traced_fields() & set(vals):
            self._trace(reason)
        return result

    def action_verify(self):
        result = super().action_verify()
        self._add_entry("verified", False, self._prepare_trace())
        return result

    # === TRAIL === #

    def _trace(self, reason=False):
        """Keep what these records say now, where it is not what they last said."""
        for record in self:
            last = record._get_last_entry().after
            after = record._prepare_trace()
            if after != last:
                record._add_entry("changed" if last else "recorded", reason, after)

    def _get_last_entry(self, day=None):
        """The last entry, or the last by the end of `day`."""
        entries = self.sudo().entry_ids.sorted("id")
        return entries.filtered(lambda e: not day or e.day <= day)[-1:]

    def _prepare_trace(self):
        names = self._get_traced_fields()
        return {name: self._export_fact(name) for name in sorted(names)}

    def _add_entry(self, kind, reason, after):
        entries = self.env["souverainete.qualification.entry"].sudo()
        for record in self:
            entries._create_server(
                [
                    {
                        "qualification_id": record.id,
                        "kind": kind,
                        "day": self.env.company._souverainete_today(),
                        "user_id": self.env.uid != SUPERUSER_ID and self.env.uid,
                        "reason": (reason or "").strip() or False,
                        "before": record._get_last_entry().after or {},
                        "after": after,
                    }
                ]
            )

    # === AS OF ANY DAY === #

    def _get_known(self, day):
        """These records as the register had them at the end of `day`: in memory only,
        those it did not hold yet left out."""
        known = self.browse()
        for record in self:
            entry = record._get_last_entry(day)
            if entry:
                known += record.new(record._prepare_known(entry.after))
        return known

    def _prepare_known(self, after):
        """Values that decide where it stood, out of the trail."""
        vals = {name: after.get(name) or False for name in _STANDING}
        suspensions = [
            Command.create({"date_start": start, "date_end": end})
            for start, end in after.get("suspension_ids") or []
        ]
        return vals | {
            "partner_id": self.partner_id.id,
            "decision": after.get("decision"),
            "suspension_ids": suspensions,
        }

    def _get_answer(self, day, known_on):
        """(decision that counts on `day`, where it stands), as the register stood at
        the end of `known_on`; an empty decision when it held none."""
        known = self._get_line()._get_known(known_on)
        current = known._pick_current(day) or self._get_known(known_on)
        return current, current._get_standing(day) if current else "unknown"
