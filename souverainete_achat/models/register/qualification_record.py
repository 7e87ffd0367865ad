from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError


class Qualification(models.Model):
    """Who recorded what the register says: nobody proves their own purchase alone."""

    _inherit = "souverainete.qualification"

    recorded_by_id = fields.Many2one(
        "res.users",
        string="Recorded by",
        readonly=True,
        copy=False,
        help="Last person who wrote what the qualification proves. It proves nothing "
        "for their own purchases until another person verified it. Empty: shipped.",
    )
    verified_by_id = fields.Many2one(
        "res.users",
        string="Verified by",
        readonly=True,
        copy=False,
        help="Second person who compared the record with the ANSSI catalogue.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"recorded_by_id", "verified_by_id"}

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sign_record()
        return records

    def write(self, vals):
        if not self._get_judged_fields() & set(vals):
            return super().write(vals)
        with self._judged():
            result = super().write(vals)
            self._record_fact()
        return result

    @contextmanager
    def _judged(self):
        """Judge the files that rely on these records again where what they prove
        changed meanwhile; once, however many lists are written with a record."""
        pending = self.env.cr.cache.setdefault("souverainete_register", set())
        records = self.filtered(lambda record: record.id not in pending)
        before = {record.id: record._prepare_entry() for record in records}
        pending.update(records.ids)
        try:
            yield
        finally:
            pending.difference_update(records.ids)
        changed = records.filtered(lambda r: r._prepare_entry() != before[r.id])
        changed._reassess_files(before)

    def _record_fact(self):
        """What these records prove was just written."""
        self._sign_record()

    def _sign_record(self):
        person = self.env.uid != SUPERUSER_ID and self.env.uid
        self._write_server({"recorded_by_id": person, "verified_by_id": False})

    def action_verify(self):
        """A second person compared the record with the catalogue."""
        self.check_access("write")
        if self.env.user in self.recorded_by_id:
            raise AccessError(
                self.env._(
                    "Four eyes: you recorded this qualification, so another officer "
                    "verifies it."
                )
            )
        self._write_server({"verified_by_id": self.env.uid})

    def _get_recorder_gap(self, buyers):
        """Why it proves nothing yet for a purchase of `buyers`, or empty."""
        today = self.env.company._souverainete_today()
        for record in self | self._get_current(today) if self else self:
            if not record.verified_by_id and record.recorded_by_id in buyers:
                return self.env._(
                    "the qualification “%(name)s” was recorded by %(buyer)s, who buys: "
                    "another officer has to verify it, on its form.",
                    name=record.display_name,
                    buyer=record.recorded_by_id.name,
                )
        return ""
