from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Command

# What decides where a decision stands, as the trail keeps it.
_STANDING = (
    "service",
    "state",
    "date_start",
    "date_end",
    "date_withdrawn",
    "renewal_pending_since",
    "renewal_closed_on",
)


class QualificationTrail(models.AbstractModel):
    """What the register said, from when, and who recorded it: so that what it knew on
    any day can be read again."""

    _name = "souverainete.qualification.trail"
    _description = "Trail of the register"

    change_reason = fields.Char(
        string="Reason of the change",
        store=False,
        help="Why what is recorded is changed: kept in the history with the change.",
    )

    # === TRAIL === #
    @api.model
    def _get_traced_fields(self):
        """Names of the fields whose changes the history keeps."""
        told = {"decision", "version", "certainty", "source", "source_url"}
        return self._get_judged_fields() | told

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
